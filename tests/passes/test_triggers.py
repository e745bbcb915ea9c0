"""What starts a procedure is found in its clauses, and made a trigger of the graph."""

import pytest

from passes.scripted_gateway import compiled, facts_of
from sopc.graph import EventTrigger, RequestTrigger, ScheduleTrigger, Trigger
from sopc_compiler.passes.trigger import starts_here

STEP = "\n\n1. The manager must open the case in Asana.\n"


def found(prose: str) -> list[tuple[str, str]]:
    """The kinds and words of a document's triggers."""
    _, parsed, facts = facts_of(prose)
    return [
        (fact.kind, parsed[fact.span.passage].text[fact.span.start : fact.span.end])
        for fact in facts.triggers
    ]


def sole(prose: str) -> Trigger:
    """The one trigger of the graph of some prose."""
    (procedure,) = compiled(prose).graph.procedures
    (trigger,) = procedure.triggers
    return trigger


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        (
            "# A\n\nWhen a ticket is created in Zendesk:" + STEP,
            ("event", "When a ticket is created in Zendesk"),
        ),
        (
            "# A\n\nThe review starts every Monday at 09:00." + STEP,
            ("schedule", "every Monday at 09:00"),
        ),
        (
            "# A\n\n## Trigger\n\nOnce a form is submitted in Typeform.\n\n## Steps" + STEP,
            ("event", "Once a form is submitted in Typeform"),
        ),
        (
            "# A\n\nKeys are handed over at the tenant's request." + STEP,
            ("request", "at the tenant's request"),
        ),
        (
            "# A\n\n## When the audit is due in Asana" + STEP,
            ("event", "When the audit is due in Asana"),
        ),
    ],
)
def test_a_stated_start_is_a_trigger(prose: str, expected: tuple[str, str]) -> None:
    """Events, schedules and requests are told apart, in the words of the prose."""
    assert found(prose) == [expected]


@pytest.mark.parametrize(
    "prose",
    [
        "# A" + STEP,
        "# A\n\n## Purpose\n\nWhen things happen, people act.\n\n## Steps" + STEP,
        "# A\n\nWhen the payment fails, the manager must call the bank.\n",
        "# A\n\nWhen the cost is over 150 USD, the manager must call the bank.\n",
        "# A\n\n## When the audit is due in Asana\n\nNothing to do.\n",
    ],
)
def test_what_does_not_start_it_is_no_trigger(prose: str) -> None:
    """Explanations, failures, thresholds and empty sections start nothing."""
    assert found(prose) == []


def test_an_event_names_its_system() -> None:
    """An event trigger holds the system of its clause and the event without its opener."""
    trigger = sole("# A\n\nWhen a ticket is created in Zendesk:" + STEP)
    assert isinstance(trigger, EventTrigger)
    assert (trigger.system, trigger.event) == ("zendesk", "a ticket is created in Zendesk")
    assert set(trigger.citations) == {"system", "event"}


def test_an_event_without_a_system_leaves_both_unstated() -> None:
    """No system is guessed for an event that names none."""
    trigger = sole("# A\n\nWhen a parcel is damaged:" + STEP)
    assert isinstance(trigger, EventTrigger)
    assert (trigger.system, trigger.event) == (None, None)


def test_a_schedule_is_read_as_cron() -> None:
    """The schedule's time is the prose's; a zone that it does not name is unstated."""
    trigger = sole("# A\n\nThe review starts every Monday at 09:00." + STEP)
    assert isinstance(trigger, ScheduleTrigger)
    assert (trigger.cron, trigger.time_zone) == ("0 9 * * 1", None)


def test_a_request_names_who_asks() -> None:
    """The role in the clause may start it."""
    trigger = sole("# A\n\nKeys are handed over at the office manager's request." + STEP)
    assert isinstance(trigger, RequestTrigger)
    assert trigger.by == "office-manager"


@pytest.mark.parametrize(
    ("heading", "starts"),
    [("Trigger", True), ("2.1 Triggers:", True), ("Kick-off", True), ("Start of the year", False)],
)
def test_headings_that_announce_a_start(heading: str, *, starts: bool) -> None:
    """A heading announces the start when that is all that it says."""
    assert starts_here(heading) is starts


def test_lines_about_the_document_come_before_its_opening() -> None:
    """An owner's line between the heading and the first sentence hides no trigger."""
    prose = (
        "# Keys\n\nOwner: office manager\n\nWhen somebody leaves, the manager must tell HR." + STEP
    )
    assert found(prose) == [("event", "When somebody leaves")]
