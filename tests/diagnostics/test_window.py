"""Windows on a file: the carets stand under what they mark, whatever its width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sopc.diagnostics.finding import Place
from sopc.diagnostics.window import SourceLines, WindowLine


def _window(text: str, line: int, column: int, length: int) -> list[WindowLine]:
    return SourceLines(text).window(Place("f", line, column, length))


@pytest.mark.parametrize(
    ("text", "column", "length", "shown", "indent", "carets"),
    [
        ("role: boss", 7, 4, "role: boss", 6, "^^^^"),
        ("返金 approve", 4, 7, "返金 approve", 5, "^^^^^^^"),
        ("to 返金 now", 4, 2, "to 返金 now", 3, "^^^^"),
        ("cafe\u0301 now", 7, 3, "cafe\u0301 now", 5, "^^^"),
        ("\tgo\there", 2, 5, "    go    here", 4, "^^^^^^^^"),
        ("a\x1b[0mb", 1, 6, "a␛[0mb", 0, "^^^^^^"),
        ("end", 4, 0, "end", 3, "^"),
    ],
    ids=["ascii", "after wide", "wide", "combining", "tab", "control", "point"],
)
def test_carets_stand_under_the_marked_characters(
    *, text: str, column: int, length: int, shown: str, indent: int, carets: str
) -> None:
    """Widths are those of a terminal: two cells for wide characters, none for combining ones."""
    assert _window(text, 1, column, length) == [WindowLine(1, shown, indent, carets)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_place_over_several_lines_is_marked_on_each(end: str) -> None:
    """Indentation and empty lines are not marked."""
    text = f"one{end}two three{end}{end}  four five{end}"
    lines = _window(text, 2, 5, len("three") + 2 * len(end) + len("  four"))
    assert [(line.number, line.indent, line.carets) for line in lines] == [
        (2, 4, "^^^^^"),
        (4, 2, "^^^^"),
    ]


def test_a_long_line_is_cut_around_the_place() -> None:
    """A paragraph on one line still fits a terminal, with its mark."""
    text = "a" * 500 + " here " + "b" * 500
    (line,) = _window(text, 1, 502, 4)
    assert cell_len(line.text) <= 122
    assert line.text[line.indent : line.indent + 4] == "here"
    assert line.text[0] == line.text[-1] == "…"


@pytest.mark.parametrize(("line", "column"), [(0, 1), (3, 1), (1, 9)])
def test_a_place_that_is_not_there_shows_nothing(line: int, column: int) -> None:
    """Prose that cannot be trusted to be the right one gives no wrong window."""
    assert _window("one\ntwo", line, column, 2) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_offsets_and_ends_are_lines_and_columns(end: str) -> None:
    """The first character of a line is on that line; line ends at a place's end do not count."""
    lines = SourceLines(f"ab{end}返c{end}")
    assert [lines.position(at) for at in (0, 2, 2 + len(end), 3 + len(end))] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (2, 2),
    ]
    assert lines.end(Place("f", 1, 1, 2)) == (1, 3)
    assert lines.end(Place("f", 1, 2, 1 + len(end))) == (1, 3)
    assert lines.end(Place("f", 1, 2, 2 + len(end))) == (2, 2)
    assert lines.end(Place("f", 1, 2, 0)) == (1, 2)
    assert lines.end(Place("f", 9, 4, 2)) == (9, 4)
    assert lines.words(Place("f", 2, 1, 9)) == f"返c{end}"


@given(st.text(), st.integers(0, 5), st.integers(0, 40), st.integers(0, 40))
def test_any_text_and_place_can_be_shown(text: str, line: int, column: int, length: int) -> None:
    """No text breaks a window, and none brings control characters to the terminal."""
    for shown in _window(text, line, max(column, 1), length):
        assert "^" in shown.carets
        assert not any(char < " " or "\x7f" <= char < "\xa0" for char in shown.text)
