"""What a person takes out of the graph stays told of in its passage."""

from typing import Any, Literal

import pytest

from sopc.graph import ActionStep, Procedure, SourcePassage, StepGraph
from sopc.graph.file import dump_graph, loads_graph
from sopc_compiler.answers import Anchors, Answer, Answers, Place, apply_answers

HASH, OTHER = "a1b2c3d4e5f6", "0123456789ab"
WORDS = "delete my data | Privacy"


def _passage(line: int, passage_hash: str, kind: Literal["item", "row"] = "item") -> SourcePassage:
    return SourcePassage(
        line=line, column=1, length=24, kind=kind, hash=passage_hash, instructs=True
    )


GRAPH = StepGraph(
    id="routing",
    title="Routing",
    procedures=(
        Procedure(
            id="main",
            title="Routing",
            steps=(
                ActionStep(id="delete", title="Delete my data"),
                ActionStep(id="answer", title="Answer the customer"),
            ),
        ),
    ),
    passages=(_passage(3, HASH, "row"), _passage(5, OTHER), _passage(9, HASH, "row")),
)
ANCHORS = Anchors(
    passages={HASH: WORDS, OTHER: "Answer the customer"},
    places={(HASH, "step 1"): (Place("main", "delete"),)},
)


def _left_out(field: str, value: Any) -> list[str | None]:
    answer = Answer(id="no-act", passage=HASH, words=WORDS, field=field, value=value)
    graph, _ = apply_answers(GRAPH, ANCHORS, Answers((answer,)))
    assert loads_graph(dump_graph(graph)).graph == graph
    return [passage.left_out for passage in graph.passages]


def test_a_removed_step_is_told_of_in_its_passage() -> None:
    """Wherever the same words stand, by the id of the answer."""
    assert _left_out("step 1 remove", value=True) == ["no-act", None, "no-act"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("step 1 title", "Delete the data"), ("step 2 remove", True)],
)
def test_other_answers_and_removals_of_nothing_leave_nothing_out(field: str, value: Any) -> None:
    """A removal that does not apply counts as little as a correction."""
    assert _left_out(field, value) == [None, None, None]


def test_it_is_written_in_the_line_of_the_passage() -> None:
    """One line a passage, as before."""
    answer = Answer(id="no-act", passage=HASH, words=WORDS, field="step 1 remove", value=True)
    graph, _ = apply_answers(GRAPH, ANCHORS, Answers((answer,)))
    line = f"{{line: 3, column: 1, length: 24, kind: row, hash: {HASH}, instructs: true, "
    assert line + "left_out: no-act}" in dump_graph(graph)


def test_a_passage_that_still_is_in_the_graph_is_not_left_out() -> None:
    """All that it became has to be removed; the last of the answers stands for them."""
    places = ANCHORS.places | {(HASH, "step 2"): (Place("main", "answer"),)}
    anchors = Anchors(ANCHORS.passages, places)
    one, two = (
        Answer(id=f"no-{number}", passage=HASH, field=f"step {number} remove", value=True)
        for number in (1, 2)
    )
    graph, _ = apply_answers(GRAPH, anchors, Answers((one,)))
    assert graph.passages[0].left_out is None
    graph, _ = apply_answers(GRAPH, anchors, Answers((one, two)))
    assert graph.passages[0].left_out == "no-2"
