"""Cells and quotes that hold nothing but marks say nothing, and break nothing."""

import pytest

from passes.scripted_gateway import Quotes, compiled
from sopc_compiler.llm import Request
from sopc_compiler.passes.locate import locate


@pytest.mark.parametrize("quote", [", ,", "“ ”", " . ", "; \u00a0 ;", ""])
def test_marks_alone_stand_nowhere(quote: str) -> None:
    """Of a quote without words nothing is left to look for, blanks between its marks included."""
    assert locate(quote, "Send it, then stop; \u00a0 ; ok") is None


def test_blanks_and_marks_around_a_quote_do_not_count() -> None:
    """However marks and blanks alternate around a quote, its words are found."""
    place = locate("“ Send it. ” ,", "Then send it. Send it.")
    assert place is not None
    assert place[:2] == (14, 21)


def test_a_model_that_quotes_marks_is_not_heard() -> None:
    """A quoted comma is neither an act nor somebody nor a tool."""

    def commas(_passage: str, _request: Request) -> Quotes:
        return {"do": [", ,"], "people": [", ,"], "tools": [", ,"]}

    graph = compiled("Send , , , it", commas).graph
    assert (graph.roles, graph.systems, graph.procedures[0].steps) == ((), (), ())


@pytest.mark.parametrize(
    "prose",
    [
        "Send | x\n---|---\n, | x\n",
        "When | Do\n---|---\n; | The clerk must call.\n",
        "If:\n\n- ,\n",
    ],
)
def test_marks_alone_are_no_case(prose: str) -> None:
    """A cell or an item of marks is no condition of what stands beside or below it."""
    (procedure,) = compiled(prose).graph.procedures
    conditions = [*procedure.scope, *(when for step in procedure.steps for when in step.when)]
    assert all(condition.says.strip(",;") for condition in conditions)
