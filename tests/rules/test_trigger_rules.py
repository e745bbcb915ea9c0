"""Edge cases of the rules about triggers."""

import time
from datetime import date

import pytest

from sopc.diagnostics import Finding, Severity, applied
from sopc.graph.file import loads_graph
from sopc.organization import loads_organization
from sopc.rules import check_graph
from sopc.rules.prose.restriction import restrictions
from sopc.rules.registry import chosen
from sopc.rules.timing.schedule import read_cron

RULES = chosen(("SOP1", "SOP2"))
HEAD = """\
format: 1
id: refunds
title: Refunds
inputs: [{name: region, type: enum, values: [north, south]}]
roles: [{id: boss, name: boss}]
systems: [{id: zendesk, name: Zendesk}]
procedures:
"""
AMOUNT = "payload: [{name: amount, type: money, currency: USD}]"


def _procedure(identity: str, *triggers: str, scope: str = "") -> str:
    listed = "".join(f"      - {{{trigger}}}\n" for trigger in triggers)
    return (
        f"  - id: {identity}\n    title: {identity}\n    triggers:\n{listed}"
        + (f"    scope: [{{says: {scope}}}]\n" if scope else "")
        + "    deadlines: [{says: within 2 days, within: P2D}]\n"
        f"    steps: [{{id: {identity}-it, kind: human_task, title: Do it, role: boss}}]\n"
    )


def _event(identity: str, rest: str = "", *, says: str = "when asked", event: str = "asked") -> str:
    fields = f"id: {identity}, kind: event, says: '{says}', system: zendesk, event: '{event}'"
    return f"{fields}, {rest}" if rest else fields


def _schedule(identity: str, cron: str, zone: str = "Europe/Berlin") -> str:
    return f"id: {identity}, kind: schedule, says: often, cron: {cron!r}, time_zone: {zone}"


def _found(*procedures: str) -> list[Finding]:
    loaded = loads_graph(HEAD + "".join(procedures))
    return check_graph(loaded, "refunds.sop.yaml", RULES, today=date(2026, 3, 2)).findings


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("when an order over $500 arrives", ["over $500"]),
        ("when an order of 500 USD or more arrives", ["500 USD or more"]),
        ("when a ticket is more than 2.5 days old", ["more than 2.5 days"]),
        ("when the price exceeds EUR 1,000", ["exceeds EUR 1,000"]),
        ("when a file arrives, if it is signed", ["if it is signed"]),
        ("when a file arrives, but only when it is signed", ["but only when it is signed"]),
        ("when a file arrives unless it is empty, and so on", ["unless it is empty"]),
        ("if the candidate cannot attend", []),
        ("only if a payment was rejected", []),
        ("Only when an order over $500 arrives", ["over $500"]),
        ("when the tag vip-2 is set on ticket 4", []),
        ("when somebody asks if it is late", []),
        ("over the weekend", []),
    ],
)
def test_restrictions_are_figures_and_conditions(words: str, clauses: list[str]) -> None:
    """A condition that begins the words is the event itself, and a number alone is a name."""
    assert list(restrictions(words)) == clauses


def test_a_restriction_that_neither_event_nor_filter_holds_is_missing() -> None:
    """The finding stands on the words."""
    says = "when a refund over $500 is asked for"
    (finding,) = _found(_procedure("a", _event("big", says=says)))
    assert finding.rule == "unfiltered-event"
    assert finding.message == "trigger `big` has no filter for `over $500`"
    assert finding.primary.at == ("procedures", 0, "triggers", 0, "says")


def test_all_restrictions_are_told_at_once() -> None:
    """With an amount as an example where one of them is an amount."""
    says = "when a refund over $500 is asked for, unless it is a gift"
    (finding,) = _found(_procedure("a", _event("big", says=says)))
    assert finding.message.endswith("has no filter for `over $500` and `unless it is a gift`")
    assert finding.help[0].endswith(", as `amount > 50000`")
    (finding,) = _found(_procedure("a", _event("old", says="when older than 3 days")))
    assert finding.help == (
        "write `older than 3 days` as a CEL `filter` over the event's `payload`",
    )


def test_a_restriction_in_the_event_is_left_to_its_binding() -> None:
    """Once the trigger lists its data, a filter can be written, and is missing."""
    words = "a refund over $500"
    event = _event("big", says=f"when {words} is due", event=f"{words} is due")
    assert _found(_procedure("a", event)) == []
    event = _event("big", AMOUNT, says=f"when {words} is due", event=f"{words} is due")
    assert [each.rule for each in _found(_procedure("a", event))] == ["unfiltered-event"]


def test_a_condition_on_the_procedure_counts_where_it_names_the_data() -> None:
    """A condition about something else is a person's to decide."""
    event = _event("big", AMOUNT)
    (finding,) = _found(_procedure("a", event, scope="an amount of more than $500"))
    assert finding.primary.at == ("procedures", 0, "scope", 0, "says")
    assert _found(_procedure("a", event, scope="up to 30 days")) == []
    assert _found(_procedure("a", _event("big"), scope="an amount of more than $500")) == []


def test_the_same_trigger_twice_is_dropped_by_its_fix() -> None:
    """Case and marks of the event do not matter."""
    text = HEAD + _procedure("a", _event("one"), _event("two", event="Asked"))
    (finding,) = check_graph(loads_graph(text), "a.sop.yaml", RULES).findings
    assert (finding.rule, finding.severity) == ("duplicate-trigger", Severity.WARNING)
    assert finding.message == "trigger `two` starts for the same event as `one`"
    assert [span.at[3:] for span in finding.related] == [(0, "event")]
    assert finding.fix is not None
    assert applied(text, [finding.fix])[0] == HEAD + _procedure("a", _event("one"))


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ("amount > 100", "amount < 200", ("amount",)),
        ("amount > 100", "amount <= 100", ()),
        ("region == 'north'", "region == 'south'", ()),
        ("region == 'north'", "amount > 5", ("region", "amount")),
        ("amount > ", "amount > 5", ()),
        ("amount.matches('x')", "amount > 5", ()),
    ],
)
def test_filters_that_can_both_be_true_overlap(
    one: str, other: str, names: tuple[str, ...]
) -> None:
    """The data for which both start is named; what cannot be decided is not told."""
    first = _event("one", f'filter: "{one}", {AMOUNT}')
    second = _event("two", f'filter: "{other}", {AMOUNT}')
    found = _found(_procedure("a", first, second))
    assert len(found) == bool(names)
    for finding in found:
        told, _, case = finding.message.partition(" when ")
        assert told == "trigger `two` starts for the same event as `one`"
        assert [each in case for each in ("region", "amount")] == [
            each in names for each in ("region", "amount")
        ]
        assert finding.fix is None


def test_no_filter_overlaps_with_every_filter() -> None:
    """Whatever the second is for starts the first as well."""
    filtered = _event("two", f'filter: "amount > 100", {AMOUNT}')
    (finding,) = _found(_procedure("a", _event("one"), filtered))
    assert " as `one` when amount is " in finding.message
    assert finding.help == ("let their filters exclude each other",)


def test_two_procedures_for_one_event_are_a_note() -> None:
    """Unless a condition on the whole of one tells them apart."""
    (finding,) = _found(_procedure("a", _event("one")), _procedure("b", _event("two")))
    assert finding.severity is Severity.NOTE
    assert finding.message == "trigger `two` starts for the same event as `one` of procedure `a`"
    assert finding.fix is None
    scoped = _procedure("b", _event("two"), scope="in the north")
    assert _found(_procedure("a", _event("one")), scoped) == []


def test_other_events_are_no_duplicates() -> None:
    """Two events of one system, or one word in two systems, are two events."""
    other = _event("two").replace("system: zendesk", "system: stripe")
    text = (HEAD + _procedure("a", _event("one"), _event("three", event="closed"), other)).replace(
        "name: Zendesk}", "name: Zendesk}, {id: stripe, name: Stripe}"
    )
    assert check_graph(loads_graph(text), "a.sop.yaml", RULES).findings == []


def test_schedules_are_compared_by_when_they_are_due() -> None:
    """`SUN`, `0` and `7` are one day; another procedure or zone may have the same hour."""
    first, same = _schedule("one", "0 9 * * SUN"), _schedule("two", "00 9 * * 7")
    (finding,) = _found(_procedure("a", first, same))
    assert finding.message == "trigger `two` starts for the same schedule as `one`"
    assert _found(_procedure("a", first), _procedure("b", same)) == []
    assert _found(_procedure("a", first, _schedule("two", "0 9 * * 7", "Asia/Tokyo"))) == []


@pytest.mark.parametrize(
    ("cron", "rule"),
    [
        ("0 9 30 2 *", "impossible-schedule"),
        ("0 9 31 4,6,9,11 *", "impossible-schedule"),
        ("0 9 31 * *", "skipped-months"),
        ("0 9 30 1,2 *", "skipped-months"),
        ("0 9 29 2 *", None),
        ("0 9 L 2 *", None),
        ("0 9 30 2 1", None),
        ("0 9 1,31 * *", None),
        ("0 25 30 2 *", "unmapped-trigger"),
        ("0 9 32 * *", "unmapped-trigger"),
        ("0 9 * *", "unmapped-trigger"),
    ],
)
def test_days_that_months_do_not_have(cron: str, rule: str | None) -> None:
    """29 February comes every fourth year, and a weekday beside the day makes it due."""
    found = _found(_procedure("a", _schedule("one", cron)))
    assert [each.rule for each in found] == ([rule] if rule else [])


def test_the_last_day_is_written_in_the_field_of_the_day_alone() -> None:
    """A minute of 31 stays."""
    text = HEAD + _procedure("a", _schedule("one", "31 17 31 * *"))
    (finding,) = check_graph(loads_graph(text), "a.sop.yaml", RULES).findings
    assert finding.fix is not None
    mended, _ = applied(text, [finding.fix])
    assert "cron: 31 17 L * *, time_zone" in mended
    assert check_graph(loads_graph(mended), "a.sop.yaml", RULES).findings == []


def test_cron_expressions_are_equal_when_they_are_due_at_the_same_times() -> None:
    """However they are written; other hours are other times."""
    assert read_cron("0 9 * * MON-FRI") == read_cron("0  9 * * 1,2,3,4,5")
    assert read_cron("0 9 * * 1") != read_cron("0 10 * * 1")
    assert read_cron("@daily") is None


def test_an_unknown_time_zone_is_not_a_missing_one() -> None:
    """One mistake gives one finding."""
    found = _found(_procedure("a", _schedule("one", "0 9 * * 1", "Berlin")))
    assert [each.rule for each in found] == ["unknown-time-zone"]


def test_a_request_that_anybody_may_make_is_a_warning() -> None:
    """It can still be made, and a case can be noticed; an event of no system starts nothing."""
    (finding,) = _found(_procedure("a", "id: one, kind: request, says: on request"))
    assert (finding.rule, finding.severity) == ("unmapped-trigger", Severity.WARNING)
    (finding,) = _found(_procedure("a", "id: one, kind: event, says: when a parcel arrives"))
    assert (finding.rule, finding.severity) == ("unmapped-trigger", Severity.ERROR)
    for case in ("if the courier does not come", "when you need a day off"):
        (finding,) = _found(_procedure("a", f"id: one, kind: event, says: {case}"))
        assert (finding.rule, finding.severity) == ("unmapped-trigger", Severity.WARNING)


def test_the_end_of_earlier_work_is_known_to_those_who_do_it() -> None:
    """But nothing comes before the first procedure of a document."""
    once = "id: one, kind: event, says: once the parcel has been weighed"
    first, second = _procedure("a", once), _procedure("b", once)
    found = _found(first + second)
    assert [each.severity for each in found if each.rule == "unmapped-trigger"] == [
        Severity.ERROR,
        Severity.WARNING,
    ]


@pytest.mark.parametrize(("zone", "codes"), [("Europe/Berlin", ["SOP105"]), ("Asia/Tokyo", [])])
def test_the_organization_tells_the_time_zone_of_a_schedule(zone: str, codes: list[str]) -> None:
    """One that names the same zone itself is due at the same times."""
    plain = _schedule("plain", "0 9 * * 1").partition(", time_zone")[0]
    loaded = loads_graph(HEAD + _procedure("a", plain, _schedule("zoned", "0 9 * * MON", zone)))
    organization = loads_organization("name: Tidewater\ntime_zone: Europe/Berlin\n")
    found = check_graph(
        loaded, "g.sop.yaml", RULES, organization=organization, today=date(2026, 3, 2)
    ).findings
    assert [each.code for each in found] == codes


def test_hundreds_of_triggers_of_one_event_are_soon_compared() -> None:
    """Only so many pairs are decided in one file."""
    events = [_event(f"e-{n}", f'filter: "amount == {n}", {AMOUNT}') for n in range(1500)]
    begun = time.perf_counter()
    assert _found(_procedure("a", *events)) == []
    assert time.perf_counter() - begun < 8


def test_a_procedure_beside_others_that_say_what_starts_them_is_a_warning() -> None:
    """It may belong to one of them; alone it is an error."""
    silent = _procedure("b", "id: one, kind: request, says: on request").replace(
        "    triggers:\n      - {id: one, kind: request, says: on request}\n", ""
    )
    assert "triggers" not in silent
    asked = _procedure("a", "id: one, kind: request, says: on request, by: boss")
    for text, severity in ((silent, Severity.ERROR), (asked + silent, Severity.WARNING)):
        found = [each for each in _found(text) if each.rule == "missing-trigger"]
        assert [each.severity for each in found] == [severity]
