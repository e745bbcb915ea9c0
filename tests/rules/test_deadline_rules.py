"""Deadlines that cannot be kept, or come too late: edges of SOP303 and SOP304."""

from textwrap import indent

import pytest

from rules.one_rule import findings
from rules.time_graphs import HEAD, OFFICE, a_step, due, found_in
from sopc.diagnostics import Severity
from sopc.organization import Organization

IMPOSSIBLE = "impossible-deadline"


@pytest.mark.parametrize(
    ("wait", "deadline", "organization", "number"),
    [
        ("P3D", "P2D", None, 1),
        ("P2D", "P2D", None, 0),
        ("PT49H", "P2D", None, 1),
        ("3 business days", "2 business days", None, 1),
        ("2 business days", "2 business days", None, 0),
        ("9 business hours", "8 business hours", None, 1),
        ("9 business hours", "1 business day", None, 0),
        ("9 business hours", "1 business day", OFFICE, 1),
        ("8 business hours", "1 business day", OFFICE, 0),
        ("6 business days", "1 business week", None, 0),
        ("8 business days", "1 business week", None, 1),
        ("6 business days", "1 business week", OFFICE, 1),
        ("5 business days", "P4D", None, 1),
        ("5 business days", "P6D", None, 0),
        ("5 business days", "P6D", OFFICE, 1),
        ("P7D", "1 business day", None, 0),
        ("P7D", "1 business day", OFFICE, 1),
        ("P2D", "1 business day", OFFICE, 0),
        ("P31D", "P1M", None, 0),
        ("P32D", "P1M", None, 1),
    ],
)
def test_a_wait_is_longer_than_its_deadline_only_where_no_day_makes_it_fit(
    wait: str, deadline: str, organization: Organization | None, number: int
) -> None:
    """Like is compared with like, and unlike at the least and at the most."""
    steps = a_step("wait", f"duration: {wait}", due(deadline), step="hold")
    found = found_in(IMPOSSIBLE, steps, organization=organization)
    assert [each.message for each in found] == [
        f"the deadline of step `hold` is over before its wait of `{wait}` is"
    ] * number


@pytest.mark.parametrize(
    ("retry", "deadline", "what"),
    [
        ("times: 3, delay: PT1H", "PT2H", "its 3 retries after `PT1H` are"),
        ("times: 2, delay: PT1H", "PT2H", None),
        ("times: 3, delay: PT1H, backoff: 2", "PT6H", "its 3 retries after `PT1H` are"),
        ("times: 3, delay: PT1H, backoff: 2", "PT7H", None),
        ("times: 1, delay: P1D", "PT12H", "its retry after `P1D` is due"),
        ("times: 5, delay: 1 business day", "4 business days", "its 5 retries"),
        ("times: 900000000, delay: PT1H, backoff: 9.5", "P9Y", "its 900000000 retries"),
        ("times: 5", "PT1H", None),
        ("delay: P5D", "PT1H", None),
    ],
)
def test_retries_that_outlast_the_deadline_are_a_warning(
    retry: str, deadline: str, what: str | None
) -> None:
    """All attempts with their growing delays are counted, in figures of any size."""
    steps = a_step("action", "system: stripe", due(deadline), f"retry: {{says: again, {retry}}}")
    found = found_in(IMPOSSIBLE, steps)
    assert len(found) == (what is not None)
    for each in found:
        assert each.severity is Severity.WARNING
        assert what is not None
        assert what in each.message


@pytest.mark.parametrize(
    ("delay", "deadline", "number"),
    [
        ("wait: P3D, of: the meeting", "within: P2D, of: meeting", 1),
        ("wait: P2D, of: the meeting", "within: P3D, of: the meeting", 0),
        ("wait: P3D, of: the meeting", "within: P2D, of: the due date", 0),
        ("wait: P3D", "within: P2D", 0),
        ("wait: P3D, of: the meeting", "within: P2D", 0),
        ("wait: P3D, of: the trigger", "within: P2D", 0),
        ("wait: P3D, of: the trigger", "within: P2D, of: the trigger", 1),
        ("wait: P2D, of: it, relation: before", "within: P3D, of: it, relation: before", 1),
        ("wait: P3D, of: it, relation: before", "within: P2D, of: it, relation: before", 0),
        ("wait: PT1H, of: it", "within: P2D, of: it, relation: before", 1),
        ("wait: P9D, of: it, relation: before", "within: P2D, of: it", 0),
        ("wait: P3D, of: it, when: [{says: abroad}]", "within: P2D, of: it", 0),
        ("wait: P3D, of: it", "within: P2D, of: it, when: [{says: abroad}]", 1),
    ],
)
def test_a_delay_is_compared_with_a_deadline_from_the_same_moment(
    delay: str, deadline: str, number: int
) -> None:
    """A delay without a moment only says when the deadline begins to count."""
    steps = a_step(
        "action",
        f"delays: [{{says: later, {delay}}}]",
        f"deadlines: [{{says: in time, {deadline}}}]",
    )
    assert len(found_in(IMPOSSIBLE, steps)) == number


WAIT = a_step("wait", "duration: P3D", step="hold")
LONGER = a_step("wait", "duration: P5D", step="rest")
ASK = """\
- id: ask
  kind: decision
  title: Is it large
  branches: [{when: {says: large}, then: hold}]
  otherwise: rest
"""


@pytest.mark.parametrize(
    ("steps", "deadline", "way"),
    [
        (WAIT + LONGER, "P7D", ["`hold` takes `P3D`", "`rest` takes `P5D`"]),
        (WAIT + LONGER, "P8D", None),
        (ASK + WAIT.replace("P3D", "P3D\n  next: end") + LONGER, "P2D", ["`hold` takes `P3D`"]),
        (ASK + WAIT.replace("P3D", "P3D\n  next: end") + LONGER, "P4D", None),
        (
            WAIT + a_step("action", "delays: [{says: a day later, wait: P1D}]"),
            "P3D",
            ["`act` takes `P1D`"],
        ),
        (WAIT + a_step("action", "delays: [{says: later, wait: P1D, of: X}]"), "P3D", None),
        (WAIT.replace("duration", "when: [{says: large}]\n  duration"), "P1D", None),
        (WAIT + a_step("action", "loop: {back_to: hold, at_most: 9}"), "P3D", None),
    ],
)
def test_the_shortest_way_through_has_to_fit_the_deadline_of_the_whole(
    steps: str, deadline: str, way: list[str] | None
) -> None:
    """The waits that no way gets around are added up, and shown one by one."""
    found = found_in(IMPOSSIBLE, steps, top=due(deadline) + "\n")
    assert len(found) == (way is not None)
    for each in found:
        assert each.message == "the deadline of procedure `refund` is over before its waits are"
        assert [span.label for span in each.chain][-len(way or ()) :] == way


def test_a_join_of_all_waits_for_the_longer_path() -> None:
    """Paths at once take as long as the longest of them, where the join waits for all."""
    fork = "- {id: begin, kind: human_task, title: Begin, next: [hold, rest]}\n"
    both = (
        fork
        + WAIT.replace("P3D", "P3D\n  next: meet")
        + LONGER.replace("P5D", "P5D\n  next: meet")
        + "- {id: meet, kind: human_task, title: Meet, join: JOIN}\n"
    )
    top = due("P4D") + "\n"
    (found,) = found_in(IMPOSSIBLE, both.replace("JOIN", "all"), top=top)
    assert [span.label for span in found.chain] == ["`rest` takes `P5D`"]
    assert not found_in(IMPOSSIBLE, both.replace("JOIN", "any"), top=top)


@pytest.mark.parametrize("steps", [a_step("action", "next: act"), a_step("action")])
def test_nothing_is_shown_where_nothing_takes_time(steps: str) -> None:
    """A deadline below nothing, and a procedure without an end, have no waits to show."""
    assert found_in(IMPOSSIBLE, steps, top=due("-P1D") + "\n") == []


def test_a_deadline_from_the_trigger_on_is_over_even_sooner() -> None:
    """No step begins before its run, so what does not fit from then on does not fit at all."""
    steps = a_step("wait", "duration: P3D", due("P2D", ", of: the trigger"), step="hold")
    assert len(found_in(IMPOSSIBLE, steps)) == 1
    assert found_in(IMPOSSIBLE, steps.replace("the trigger", "the meeting")) == []


def test_a_called_procedure_takes_its_waits_along() -> None:
    """The deadline of a call is held against the procedure that it waits for."""
    steps = a_step("call", "procedure: pause", due("P2D"))
    text = HEAD + "    steps:\n" + indent(steps, "      ")
    text += "  - id: pause\n    title: Pause\n    steps: [{id: hold, title: Hold, HOLD}]\n"
    (found,) = findings(text.replace("HOLD", "kind: wait, duration: P3D"), IMPOSSIBLE)
    expected = "the deadline of step `act` is over before procedure `pause`, which it waits for, is"
    assert found.message == expected
    assert findings(text.replace("HOLD", "kind: call, procedure: refund"), IMPOSSIBLE) == []


def test_one_of_several_deadlines_of_the_whole_is_enough() -> None:
    """A table of cases gives a procedure several deadlines, of which no case is known."""
    top = "deadlines: [{says: small, within: P2D}, {says: large, within: P9D}]\n"
    assert found_in(IMPOSSIBLE, WAIT, top=top) == []
    assert len(found_in(IMPOSSIBLE, WAIT, top=top.replace("P9D", "P1D"))) == 2


BEYOND = "deadline-beyond-procedure"


@pytest.mark.parametrize(
    ("step", "whole", "number"),
    [
        ("within: P3D", "within: P2D", 1),
        ("within: P2D", "within: P2D", 0),
        ("within: 3 business days", "within: 2 business days", 1),
        ("within: P3D", "within: 2 business days", 0),
        ("within: P3D, of: the call", "within: P2D", 0),
        ("within: P3D, of: the trigger", "within: P2D", 1),
        ("within: P3D", "within: P2D, of: the start", 1),
        ("within: P3D, of: The Call", "within: P2D, of: call", 1),
        ("within: P1D, of: it, relation: before", "within: P2D, of: it, relation: before", 1),
        ("within: P3D, of: it, relation: before", "within: P2D, of: it, relation: before", 0),
        ("by: '2026-12-31'", "by: '2026-06-30'", 1),
        ("by: June 1st 2026", "by: '2026-06-30'", 0),
        ("by: friday", "by: thursday", 0),
        ("within: P3D", "within: P2D, when: [{says: abroad}]", 0),
        ("within: P3D, when: [{says: Abroad}]", "within: P2D, when: [{says: abroad}]", 1),
        ("within: P3D, vague: true", "within: P2D", 0),
    ],
)
def test_a_deadline_is_held_against_that_of_the_whole(step: str, whole: str, number: int) -> None:
    """Only from the same moment, for the same cases, and where no calendar can turn it."""
    steps = a_step("action", f"deadlines: [{{says: a, {step}}}]")
    found = found_in(BEYOND, steps, top=f"deadlines: [{{says: b, {whole}}}]\n")
    assert [each.message for each in found] == [
        "step `act` may take longer than all of procedure `refund`"
    ] * number


def test_the_longest_deadline_of_the_whole_counts() -> None:
    """Several for all cases are probably those of several cases."""
    steps = a_step("action", due("P3D"))
    top = "deadlines: [{says: small, within: P2D}, {says: large, within: P9D}]\n"
    assert found_in(BEYOND, steps, top=top) == []
    (found,) = found_in(BEYOND, steps, top=top.replace("P9D", "P1D"))
    assert found.related[0].at == ("procedures", 0, "deadlines", 0, "within")
