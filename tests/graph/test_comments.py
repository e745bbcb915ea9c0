"""People's comments live on when a graph file is written anew."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.generated_graphs import graphs
from sopc.graph import StepGraph
from sopc.graph.comment import REMOVED, keep_comments
from sopc.graph.file import dump_graph, load_graph, loads_graph, save_graph
from sopc.graph.problem import GraphFileError

COMMENTED = """\
# licence

# second line
format: 1 # the version
id: x
title: "T # no comment"
procedures:
- id: main # the main one
  title: Main
  steps:
  # a comes first
  - id: a   # beside a
    kind: action
    title: |-  # in a block's head
      one # words of the title
      two
    role: manager
    reversible: null # beside a default
    citations:
      title: {line: 1, # the line
        # inside braces
        column: 2, length: 3, match: exact, quote: "x"} # behind braces
    # end of a
  # above b
  - id: b # beside b
    kind: human_task
    title: B
    # end of b
# the very end
"""

CANONICAL = """\
# licence
# second line
format: 1  # the version
id: x
title: "T # no comment"
procedures:
  - id: main  # the main one
    title: Main
    steps:
      # a comes first
      - id: a  # beside a
        kind: action
        title: |-  # in a block's head
          one # words of the title
          two
        role: manager
        citations:
          # inside braces
          # behind braces
          title: {line: 1, column: 2, length: 3, match: exact, quote: x}  # the line
        # end of a
      # above b
      - id: b  # beside b
        kind: human_task
        title: B
        # end of b
# the very end
# from removed parts:
# beside a default
"""


def with_steps(graph: StepGraph, *ids: str) -> StepGraph:
    (procedure,) = graph.procedures
    steps = {step.id: step for step in procedure.steps}
    chosen = tuple(steps[identity] for identity in ids)
    return graph.model_copy(
        update={"procedures": (procedure.model_copy(update={"steps": chosen}),)}
    )


def test_comments_stand_at_their_parts_in_the_canonical_file() -> None:
    """A file in a person's own style becomes canonical, and no comment is lost."""
    assert keep_comments(COMMENTED, dump_graph(loads_graph(COMMENTED).graph), "x") == CANONICAL


def test_saving_again_changes_nothing() -> None:
    """Canonical text with comments stays as it is."""
    graph = loads_graph(CANONICAL).graph
    assert keep_comments(CANONICAL, dump_graph(graph), "x") == CANONICAL


def test_comments_follow_a_step_that_moves() -> None:
    """Comments belong to ids: when steps change places, so do their comments."""
    graph = loads_graph(CANONICAL).graph
    moved = keep_comments(CANONICAL, dump_graph(with_steps(graph, "b", "a")), "x")
    lines = [line.strip() for line in moved.splitlines()]
    at_b, at_a = lines.index("- id: b  # beside b"), lines.index("- id: a  # beside a")
    assert at_b < at_a
    assert lines[at_b - 1] == "# above b"
    assert lines[at_a - 1] == "# a comes first"


def test_comments_of_removed_parts_are_collected_at_the_end() -> None:
    """When a step goes, what people wrote at it is kept, once, under one heading."""
    graph = with_steps(loads_graph(CANONICAL).graph, "b")
    once = keep_comments(CANONICAL, dump_graph(graph), "x")
    for comment in ("a comes first", "beside a", "in a block's head", "end of a", "above b"):
        assert once.count(f"# {comment}\n") == 1
    assert once.count(REMOVED) == 1
    assert keep_comments(once, dump_graph(graph), "x") == once


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(graphs, st.data())
def test_comments_anywhere_are_kept_and_change_nothing_else(
    graph: StepGraph, data: st.DataObject
) -> None:
    """Comments put above lines of any graph survive, and the graph is read as before."""
    lines = dump_graph(graph).splitlines()
    places = [
        number
        for number, line in enumerate(lines)
        if line.lstrip(" -").split(":")[0].replace("_", "").isalpha() and "|-" not in line
    ]
    chosen = data.draw(st.sets(st.sampled_from(places), max_size=5))
    marked = []
    for number, line in enumerate(lines):
        if number in chosen and not _inside_block(lines, number):
            marked.append(" " * (len(line) - len(line.lstrip())) + f"# note {number}")
        marked.append(line)
    old = "\n".join(marked) + "\n"
    new = keep_comments(old, dump_graph(graph), "x")
    assert loads_graph(new).graph == graph
    assert old.count("# note") == new.count("# note")
    assert keep_comments(new, dump_graph(graph), "x") == new


def _inside_block(lines: list[str], number: int) -> bool:
    """Tell whether a line is words of a block scalar, which no comment can stand in."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    for line in reversed(lines[:number]):
        before = len(line) - len(line.lstrip())
        if line and before < indent:
            return line.endswith("|-")
    return False


def test_saving_over_a_file_keeps_comments_and_mode(tmp_path: Path) -> None:
    """The file on disk keeps its comments and its permissions, and nothing else is left behind."""
    path = tmp_path / "x.sop.yaml"
    path.write_text(COMMENTED, encoding="utf-8")
    path.chmod(0o640)
    save_graph(load_graph(path).graph, path)
    assert path.read_text(encoding="utf-8") == CANONICAL
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_does_not_change_is_not_touched(tmp_path: Path) -> None:
    """Saving what is there already leaves the file alone, so that builds see no change."""
    path = tmp_path / "x.sop.yaml"
    path.write_text(CANONICAL, encoding="utf-8")
    before = path.stat()
    save_graph(load_graph(path).graph, path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_a_link_is_followed(tmp_path: Path) -> None:
    """Saving through a symbolic link writes the file that it points to."""
    real, link = tmp_path / "real.sop.yaml", tmp_path / "link.sop.yaml"
    link.symlink_to(real)
    save_graph(loads_graph(CANONICAL).graph, link)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("format: 1\n")


def test_a_broken_file_is_not_overwritten(tmp_path: Path) -> None:
    """Where comments cannot be read, they are not thrown away."""
    path = tmp_path / "x.sop.yaml"
    path.write_text("a: [1 # half a file\n", encoding="utf-8")
    with pytest.raises(GraphFileError, match="not valid YAML"):
        save_graph(loads_graph(CANONICAL).graph, path)
    assert path.read_text(encoding="utf-8") == "a: [1 # half a file\n"
