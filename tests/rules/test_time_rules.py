"""Calendars, rhythms, dates and words: edges of the other rules of family 3."""

from textwrap import indent

import pytest

from rules.one_rule import findings
from rules.time_graphs import HEAD, OFFICE, a_step, due, found_in
from sopc.diagnostics import Severity
from sopc.organization import loads_organization

CALENDAR = "business-time-without-calendar"


@pytest.mark.parametrize(
    ("organization", "expected", "severity"),
    [
        (None, "there is no organization file that says when work is done", Severity.NOTE),
        (
            "name: T\n",
            "the organization file has no `time_zone` and no `business_hours`",
            Severity.WARNING,
        ),
        (
            "name: T\ntime_zone: Europe/Berlin\n",
            "the organization file has no `business_hours`",
            Severity.WARNING,
        ),
        (
            "name: T\nbusiness_hours: {from: '08:00'}\n",
            "the organization file has no `time_zone`",
            Severity.WARNING,
        ),
    ],
)
def test_business_time_needs_hours_and_a_zone(
    organization: str | None, expected: str, severity: Severity
) -> None:
    """One finding tells what is missing, for all places together."""
    steps = "".join(
        a_step("action", due("2 business days"), step=f"act-{number}") for number in range(6)
    )
    known = loads_organization(organization) if organization else None
    (found,) = found_in(CALENDAR, steps, organization=known)
    assert found.message == f"`2 business days` cannot be counted: {expected}"
    assert found.severity is severity
    assert found.notes == ("business time stands in 6 places",)
    assert len(found.related) == 3


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("deadlines: [{says: a, by: end of business day}]", "end of business day"),
        ("deadlines: [{says: a, by: COB}]", "COB"),
        ("delays: [{says: a, wait: 3 business hours}]", "3 business hours"),
        ("cadences: [{says: a, every: 1 business day}]", "1 business day"),
        ("retry: {says: a, delay: 1 business hour}", "1 business hour"),
        ("escalation: [{says: a, after: 1 business week}]", "1 business week"),
        ("deadlines: [{says: a, within: P2D}, {says: b, by: friday}]", None),
        ("deadlines: [{says: within 2 business days, vague: true}]", None),
    ],
)
def test_business_time_is_found_wherever_it_stands(field: str, words: str | None) -> None:
    """In bounds, retries and ladders; the prose's own words alone count for nothing."""
    found = found_in(CALENDAR, a_step("action", field))
    assert [each.message.split("`")[1] for each in found] == ([words] if words else [])
    assert found_in(CALENDAR, a_step("action", field), organization=OFFICE) == []


ENDLESS = "endless-cadence"
EVERY = "cadences: [{says: every 3 days, every: P3D}]"


@pytest.mark.parametrize(
    ("steps", "number"),
    [
        (a_step("action", EVERY), 1),
        (a_step("action", EVERY) + a_step("human_task", step="close"), 0),
        (a_step("action", EVERY, "next: end") + a_step("human_task", step="close"), 1),
        (a_step("action", EVERY, due("P30D")), 0),
        (a_step("action", EVERY, "loop: {back_to: act, at_most: 3}"), 0),
        (a_step("approval", EVERY), 0),
        (a_step("action", EVERY.replace("3 days,", "3 days until it is paid,")), 0),
        (a_step("action", EVERY.replace("3 days,", "3 days for 2 weeks,")), 0),
        (a_step("action", EVERY, "when: [{says: as long as it is unpaid}]"), 0),
        (a_step("action", EVERY.replace("P3D", "P3D, until: {says: it is paid}")), 0),
        (a_step("action", EVERY.replace("P3D", "P1W, schedule: 0 9 * * 1")), 0),
        (a_step("action", "cadences: [{says: regularly, vague: true}]"), 0),
        (
            "- {id: go, kind: human_task, title: Go, next: [act, pay]}\n"
            + a_step("action", EVERY, "next: end")
            + a_step("human_task", step="pay"),
            0,
        ),
    ],
)
def test_a_cadence_is_endless_where_nothing_comes_after(steps: str, number: int) -> None:
    """What comes behind or beside it ends it, and so do words, deadlines and fixed times."""
    assert len(found_in(ENDLESS, steps)) == number


def test_a_cadence_of_the_whole_is_endless_where_cases_start_it() -> None:
    """Without a trigger, or on a schedule, it is the procedure's own rhythm."""
    text = HEAD + f"    {EVERY}\n    steps:\n" + indent(a_step("action"), "      ")
    (found,) = findings(text, ENDLESS)
    assert found.message == "nothing ends the repetition of procedure `refund`"
    line = next(each for each in HEAD.splitlines() if "triggers" in each)
    daily = "    triggers: [{id: daily, kind: schedule, says: daily, cron: 0 9 * * *}]"
    assert findings(text.replace(line + "\n", ""), ENDLESS) == []
    assert findings(text.replace(line, daily), ENDLESS) == []


PAST = "past-date"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            "deadlines: [{says: a, by: '2026-03-01'}]",
            "`2026-03-01` has passed, so every run is late",
        ),
        ("deadlines: [{says: a, by: '2026-03-02'}]", None),
        (
            "deadlines: [{says: a, by: 1st of March 2026 at 9 AM}]",
            "`1st of March 2026 at 9 AM` has passed, so every run is late",
        ),
        ("deadlines: [{says: a, by: March 1}]", None),
        ("deadlines: [{says: a, by: '2026-02-31'}]", None),
        (
            "delays: [{says: a, until: 'Sept 30, 2025'}]",
            "`Sept 30, 2025` has passed, so nothing is waited for",
        ),
    ],
)
def test_a_day_with_its_year_can_have_passed(field: str, message: str | None) -> None:
    """Judged on 2026-03-02; a day without a year comes again."""
    found = found_in(PAST, a_step("action", field))
    assert [each.message for each in found] == ([message] if message else [])


def test_waits_and_whole_procedures_can_have_a_past_date() -> None:
    """Wherever a point in time can stand."""
    steps = a_step("wait", "until: '2020-01-01'")
    found = found_in(PAST, steps, top="deadlines: [{says: a, by: '2021-01-01'}]\n")
    assert [each.step for each in found] == [None, "act"]
    rung = "escalation: [{says: a, to: boss, deadlines: [{says: b, by: '2021-01-01'}]}]\n"
    found = found_in(PAST, a_step("action", rung.strip()), top=rung)
    assert [each.step for each in found] == [None, "act"]
    assert {each.message for each in found} == {"`2021-01-01` has passed, so every run is late"}


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("deadlines: [{says: a, by: before lunch}]", "by"),
        ("deadlines: [{says: a, by: the meeting}]", "by"),
        ("delays: [{says: a, until: things are calm}]", None),
        ("cadences: [{says: a, every: P1W, schedule: 0 25 * * 1}]", "schedule"),
        ("cadences: [{says: a, schedule: every friday}]", "schedule"),
        ("deadlines: [{says: a, by: 9:15 AM.}]", None),
        ("deadlines: [{says: a, by: 12 noon}]", None),
        ("deadlines: [{says: a, by: same day}]", None),
        ("deadlines: [{says: a, by: end of quarter}]", None),
        ("deadlines: [{says: a, by: day 20 of the month}]", None),
        ("deadlines: [{says: a, by: last business day of each month}]", None),
        ("deadlines: [{says: a, by: friday}]", None),
        ("deadlines: [{says: a, by: Dec 24}]", None),
        ("deadlines: [{says: a, by: 17:00 Europe/Berlin}]", None),
        ("deadlines: [{says: a, by: year end}]", None),
        ("deadlines: [{says: a, by: 2 days before the meeting}]", None),
        ("deadlines: [{says: a, by: the invoice due date}]", None),
        ("deadlines: [{says: a, by: Q3 2026}]", None),
        ("deadlines: [{says: a, by: 9 o'clock}]", None),
        ("deadlines: [{says: a, by: 17h}]", None),
        ("deadlines: [{says: a, by: 31.03.2026}]", None),
        ("deadlines: [{says: a, by: 3/31/2026}]", None),
        ("deadlines: [{says: a, by: Fri 5pm}]", None),
        ("deadlines: [{says: a, by: Fri}]", None),
        ("deadlines: [{says: a, by: month-end}]", None),
        ("cadences: [{says: a, schedule: 0 15 * * 5}]", None),
        ("escalation: [{says: a, to: boss, deadlines: [{says: promptly}]}]", "says"),
        ("escalation: [{says: a, to: boss, delays: [{says: later, vague: true}]}]", "says"),
        ("escalation: [{says: a, to: boss, after: P1D, delays: [{says: in a day}]}]", None),
    ],
)
def test_points_and_schedules_have_to_be_readable(field: str, place: str | None) -> None:
    """Words that name no time are vague, whichever field they stand in."""
    found = found_in("vague-time", a_step("action", field))
    assert [each.primary.at[-1] for each in found] == ([place] if place else [])


def test_a_wait_until_words_is_vague() -> None:
    """A wait ends at a time, or with an event."""
    (found,) = found_in("vague-time", a_step("wait", "until: during the week"))
    assert found.primary.at[-1] == "until"
    assert found_in("vague-time", a_step("wait", "until: next friday")) == []
    (found,) = found_in("vague-time", a_step("wait", "until: the due date"))
    assert found.message == "`the due date` is no time that a clock can read"


@pytest.mark.parametrize(
    ("of", "severity"),
    [
        ("the contract is signed", Severity.NOTE),
        ("the end of the month", None),
    ],
)
def test_an_order_is_not_as_bad_as_a_vague_time(of: str, severity: Severity | None) -> None:
    """What has to come before something is bounded by that, if by no clock."""
    field = f"deadlines: [{{says: before {of}, relation: before, of: {of}}}]"
    found = found_in("vague-time", a_step("action", field))
    assert [each.severity for each in found] == ([severity] if severity else [])
