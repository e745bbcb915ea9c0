"""Files made to harm are refused with a place, quickly, and ordinary oddities are accepted."""

import time
from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc.graph.file import load_graph, loads_graph
from sopc.graph.problem import GraphFileError

SMALL = "format: 1\nid: a\ntitle: T\nprocedures:\n  - id: p\n    title: P\n"
BOMB = "a: &a [x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcde", "bcdef", strict=False)
)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (BOMB, 1, 4, "anchor `&a` is not allowed in a graph file"),
        (SMALL + "owner: *x\n", 7, 8, "alias `*x` is not allowed in a graph file"),
        (
            SMALL + "owner: !!python/object/apply:os.system [ls]\n",
            7,
            8,
            "tag `tag:yaml.org,2002:python/object/apply:os.system` is not allowed in a graph file",
        ),
        (SMALL + "owner: !!str 5\n", 7, 8, "tag `tag:yaml.org,2002:str` is not allowed"),
        (SMALL + "---\n" + SMALL, 7, 1, "a second document is not allowed in a graph file"),
        (SMALL + "title: U\n", 7, 1, "key `title` stands twice; first on line 3"),
        ("- a\n- b\n", 1, 1, "expected a mapping, found a list"),
        ("only words\n", 1, 1, "expected a mapping, found a single value"),
        ("", 1, 1, "expected a mapping, found nothing"),
        ("# nothing but a comment\n", 1, 1, "expected a mapping, found nothing"),
        (SMALL + "owner: a\x00b\n", 7, 9, "character U+0000 may not stand in the file"),
        (SMALL + "owner: 😀\u2028b\n", 7, 9, "character U+2028 may not stand in the file"),
        (SMALL + f"owner: {'9' * 100_000}\n", 7, 8, "found a number beyond 64 bits"),
        (SMALL + "? [a, b]\n: c\n", 7, 3, "expected a key, found a collection"),
        ("a: [1, 2\nb: 3\n", 2, 2, "not valid YAML: did not find expected ',' or ']'"),
        ("a: b: c\n", 1, 5, "not valid YAML: mapping values are not allowed in this context"),
        ("a:\n\t- b\n", 2, 1, "not valid YAML: found character that cannot start any token"),
    ],
)  # fmt: skip
def test_what_a_graph_file_may_not_hold_is_refused_with_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    """Each refusal says what was found, and where, in lines and columns from 1."""
    with pytest.raises(GraphFileError) as caught:
        loads_graph(text, "x.sop.yaml")
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == (line, column)
    assert problem.message.startswith(message)
    assert str(caught.value).startswith(f"x.sop.yaml:{line}:{column}: {message}")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_quickly(opening: str) -> None:
    """A hundred thousand levels end in an error, not in a crash or a long wait."""
    start = time.perf_counter()
    with pytest.raises(GraphFileError, match=r"nested deeper than 100 levels|not valid YAML"):
        loads_graph("format: 1\nx: " + opening * 100_000 if opening != "- " else opening * 100_000)
    assert time.perf_counter() - start < 5


def test_a_huge_scalar_is_read_within_the_size_limit() -> None:
    """Length alone harms nothing: a megabyte of words is read as one value."""
    loaded = loads_graph(SMALL + f"summary: {'word ' * 200_000}\n")
    assert loaded.graph.summary is not None
    assert len(loaded.graph.summary) == 999_999


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """The limit counts bytes, and may be set by the caller."""
    path = tmp_path / "x.sop.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_graph(path, limit_bytes=len(SMALL)).graph.id == "a"
    with pytest.raises(UsageError, match=r"is larger than 20 bytes"):
        load_graph(path, limit_bytes=20)


def test_a_file_that_is_not_there_is_a_users_mistake(tmp_path: Path) -> None:
    """A missing file and a folder are told in one line."""
    with pytest.raises(UsageError, match="no such file or directory"):
        load_graph(tmp_path / "none.sop.yaml")
    with pytest.raises(UsageError, match="is a directory"):
        load_graph(tmp_path)


def test_bytes_that_are_not_utf_8_are_told_with_their_place(tmp_path: Path) -> None:
    """An editor's Latin-1 umlaut is found at its line and column."""
    path = tmp_path / "x.sop.yaml"
    path.write_bytes(SMALL.encode() + "owner: é ".encode() + b"M\xfcller\n")
    with pytest.raises(GraphFileError, match="byte 0xfc is not UTF-8") as caught:
        load_graph(path)
    assert (caught.value.line, caught.value.column) == (7, 11)
    assert caught.value.hint == "save the file as UTF-8"


def test_windows_line_ends_and_a_bom_are_accepted(tmp_path: Path) -> None:
    """A file saved by an editor on Windows is the same graph, with the same places."""
    path = tmp_path / "x.sop.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    loaded = load_graph(path)
    assert loaded.graph == loads_graph(SMALL).graph
    assert loaded.text == SMALL
    assert loaded.spans.find(("title",)) == loads_graph(SMALL).spans.find(("title",))


def test_loading_takes_time_in_proportion() -> None:
    """Ten times the steps take about ten times as long, not a hundred times."""

    def seconds(steps: int) -> float:
        cite = "{line: 1, column: 1, length: 3, quote: abc}"
        text = (
            SMALL
            + "    steps:\n"
            + "".join(
                f"      - id: s-{n}\n        kind: action\n        title: T\n"
                f"        citations:\n          title: {cite}\n"
                for n in range(steps)
            )
        )
        start = time.perf_counter()
        assert len(loads_graph(text).graph.procedures[0].steps) == steps
        return time.perf_counter() - start

    seconds(10)
    small = min(seconds(200) for _ in range(3))
    assert min(seconds(2000) for _ in range(2)) < 40 * small
