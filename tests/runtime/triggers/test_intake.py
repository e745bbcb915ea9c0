"""The intake: kept always, started once, refused in words."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from runtime.triggers.deployed import NOW, REFUND, deploy, graph
from sopc.errors import UsageError
from sopc_runtime.core.event import EVENT, EventArrived, Started
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import awaited, deliveries, mail, runs
from sopc_runtime.triggers.delivery import Delivery, Status
from sopc_runtime.triggers.intake import receive, resend
from sopc_runtime.triggers.reading import read_json

FILED = "kind: event, id: t, says: a file, system: zendesk, payload: [{fields}]"
GOOD = {"ticket": 7, "amount": 1999, "unasked": [1, 2]}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with open_database(tmp_path).begin() as opened:
        yield opened


def _event(payload: Any, **settings: Any) -> Delivery:
    told = {"source": "webhook", "key": "evt-1", "system": "zendesk", "event": "ticket tagged"}
    return Delivery(payload=payload, **{**told, **settings})


def _runs(connection: Connection) -> list[str]:
    return list(connection.execute(select(runs.c.id)).scalars())


def test_an_event_starts_one_run_with_its_values(connection: Connection) -> None:
    """The run takes what the trigger names, and knows when it happened."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    occurred = NOW.replace(hour=8)
    outcome = receive(connection, _event(GOOD, occurred=occurred), NOW)
    assert (outcome.status, outcome.problems) == (Status.STARTED, ())
    [letter] = connection.execute(select(mail.c.event)).scalars()
    event = EVENT.validate_json(letter)
    assert isinstance(event, Started)
    assert (event.values, event.trigger) == ({"ticket": 7, "amount": 1999}, "tagged")
    assert (event.at, event.occurred, event.run) == (NOW, occurred, outcome.runs[0])


def test_the_same_event_starts_one_run_however_often_it_comes(connection: Connection) -> None:
    """Even with another payload: the id says that it is the same."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    first = receive(connection, _event(GOOD), NOW)
    again = receive(connection, _event({"ticket": 8, "amount": 1}), NOW)
    assert (first.repeated, again.repeated) == (False, True)
    assert again == first
    assert len(_runs(connection)) == 1


def test_one_event_starts_every_procedure_that_it_is_for(connection: Connection) -> None:
    """Case and marks do not tell words of events apart; other events and systems do."""
    deploy(connection, "one", graph("one", REFUND))
    deploy(connection, "two", graph("two", REFUND.replace("ticket tagged", "Ticket-Tagged")))
    deploy(connection, "other", graph("other", REFUND.replace("ticket tagged", "ticket closed")))
    deploy(connection, "else", graph("else", REFUND.replace("zendesk", "stripe")))
    outcome = receive(connection, _event(GOOD), NOW)
    assert sorted(run.rpartition("-")[0] for run in outcome.runs) == ["one", "two"]


def test_every_problem_is_named_by_its_path_and_the_delivery_is_kept(
    connection: Connection,
) -> None:
    """Nothing is started by half a payload."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    outcome = receive(connection, _event({"amount": "19.99", "plan": 3}), NOW)
    assert outcome.status is Status.REFUSED
    assert outcome.problems == (
        "refunds: `ticket` is missing",
        "refunds: `amount` is no money: '19.99'",
        "refunds: `plan` is no string: 3",
    )
    assert _runs(connection) == []
    [row] = connection.execute(select(deliveries)).all()
    assert row.payload == '{"amount": "19.99", "plan": 3}'


def test_what_was_refused_is_sent_again_with_what_was_wrong_mended(
    connection: Connection,
) -> None:
    """And then it starts its run once: a second time is refused."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    first = receive(connection, _event({"ticket": 7}), NOW)
    assert resend(connection, first.number, NOW).status is Status.REFUSED
    text = '{"ticket": 7, "amount": 5}'
    second = resend(connection, first.number, NOW, payload=text)
    assert (second.status, len(second.runs)) == (Status.STARTED, 1)
    with pytest.raises(UsageError, match="was taken in already: started refunds-"):
        resend(connection, first.number, NOW)
    with pytest.raises(UsageError, match="there is no delivery 99"):
        resend(connection, 99, NOW)


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        ({"ticket": "7", "amount": 5}, Status.REFUSED),
        ({"name": "a.csv", "rows": [{"ticket": "7"}]}, Status.STARTED),
    ],
)
def test_what_came_in_a_file_is_judged_as_the_first_time(
    connection: Connection, payload: dict[str, Any], status: Status
) -> None:
    """The words of CSV stand for numbers, those of JSON do not."""
    fields = "{name: ticket, type: integer, required: false}"
    rows = f"{{name: rows, type: list, items: object, required: false, fields: [{fields}]}}"
    deploy(connection, "filing", graph("filing", FILED.format(fields=f"{fields}, {rows}")))
    event = _event(payload, source="folder", system="nobody", textual="rows" in payload)
    first = receive(connection, event, NOW)
    connection.execute(update(deliveries).values(system="zendesk"))
    assert (first.status, resend(connection, first.number, NOW).status) == (Status.IGNORED, status)


def test_a_filter_leaves_events_out_and_says_so(connection: Connection) -> None:
    """A value that the event left out leaves it out as well; a filter without a value refuses."""
    filtered = f"{REFUND}, filter: 'plan.startsWith(\"pro\") && 100 / amount > 0'"
    deploy(connection, "refunds", graph("refunds", filtered))
    left_out = receive(connection, _event({**GOOD, "plan": "free"}), NOW)
    missing = receive(connection, _event({**GOOD, "amount": 9}, key="2"), NOW)
    failing = receive(connection, _event({**GOOD, "plan": "pro", "amount": 0}, key="3"), NOW)
    passing = receive(connection, _event({**GOOD, "plan": "pro", "amount": 9}, key="4"), NOW)
    assert (left_out.status, missing.status) == (Status.IGNORED, Status.IGNORED)
    assert "does not pass" in left_out.problems[0]
    assert "needs `plan`" in missing.problems[0]
    assert (failing.status, passing.status) == (Status.REFUSED, Status.STARTED)
    assert "divi" in failing.problems[0]


def test_an_event_that_is_not_told_is_not_guessed(connection: Connection) -> None:
    """With one event of the system it is that one; with two, nobody can tell."""
    deploy(connection, "one", graph("one", REFUND))
    assert receive(connection, _event(GOOD, event=None), NOW).status is Status.STARTED
    deploy(connection, "other", graph("other", REFUND.replace("ticket tagged", "ticket closed")))
    outcome = receive(connection, _event(GOOD, event=None, key="2"), NOW)
    assert outcome.status is Status.REFUSED
    assert outcome.problems == (
        "it does not tell which event of `zendesk` it is: `ticket closed`, `ticket tagged`",
    )


def test_a_system_is_known_by_its_other_names(connection: Connection) -> None:
    """The organization file tells which names are one system."""
    organization = "format: 1\nname: T\nsystems:\n  - {id: zendesk, name: Zendesk, aliases: [zd]}\n"
    deploy(connection, "refunds", graph("refunds", REFUND), organization)
    assert receive(connection, _event(GOOD, system="ZD"), NOW).status is Status.STARTED


def test_a_trigger_without_a_system_starts_where_the_source_names_the_procedure(
    connection: Connection,
) -> None:
    """Otherwise nobody can tell that it is meant."""
    deploy(connection, "any", graph("any", "kind: event, id: t, says: something happens"))
    assert receive(connection, _event({}), NOW).status is Status.IGNORED
    assert receive(connection, _event({}, key="2", name="any"), NOW).status is Status.STARTED


def test_an_event_is_handed_on_to_the_runs_that_wait_for_it(connection: Connection) -> None:
    """Told once however often it comes; a payload that does not fit is refused."""
    waits = (
        "    steps:\n"
        "      - {id: wait, kind: wait, title: Wait, event: {kind: event, id: signed, "
        "says: it is signed, system: docusign, event: signed, "
        "payload: [{name: envelope, type: string}]}}\n"
    )
    start = "kind: event, id: t, says: s, system: crm, event: new"
    deploy(connection, "deals", graph("deals", start, steps=waits))
    [run] = receive(connection, _event({}, system="crm", event="new"), NOW).runs
    connection.execute(
        awaited.insert().values(run=run, step="wait", system="docusign", event="signed")
    )
    signed = _event({"envelope": "e1"}, key="2", system="docusign", event="Signed")
    told = receive(connection, signed, NOW)
    assert (told.status, told.runs) == (Status.HANDED_ON, (run,))
    assert receive(connection, signed, NOW).repeated
    wrong = receive(connection, replace(signed, key="3", payload={"envelope": 5}), NOW)
    assert (wrong.status, wrong.problems) == (
        Status.REFUSED,
        (f"{run}: `envelope` is no string: 5",),
    )
    letters = connection.execute(select(mail.c.event).where(mail.c.key != "started")).scalars()
    [event] = [EVENT.validate_json(each) for each in letters]
    assert isinstance(event, EventArrived)
    assert (event.system, event.values) == ("docusign", {"envelope": "e1"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "it is no JSON: expecting property name"),
        ("[" * 100_000, "it is nested more than 64 deep"),
        ("[" * 66 + "]" * 66, "it is nested more than 64 deep"),
        ('{"a": NaN}', "it is no JSON: `NaN` is no number of JSON"),
        ('{"a": [1, 1e999]}', "`a[1]` is too large a number"),
        ('{"a": {"b": 9223372036854775808}}', "`a.b` is a number beyond 64 bits"),
        ("9" * 5000, "it holds a number beyond 64 bits"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "it is no JSON: `c` stands twice in an object"),
        ('{"a": 1}'.encode("utf-16"), "it is not UTF-8"),
        ('{"a": "\\ud800"}', "`a` holds half a character"),
        (b'{"a": "\xff"}', "it is not UTF-8"),
    ],
)
def test_json_that_nothing_can_work_with_is_told_in_words(text: str | bytes, problem: str) -> None:
    """Never an exception, whatever comes."""
    value, told = read_json(text)
    assert value is None
    assert told is not None
    assert told.startswith(problem)


def test_what_is_no_object_and_unreadable_text_is_kept_and_refused(
    connection: Connection,
) -> None:
    """Even text that no database takes is kept, with marks for what it cannot hold."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    assert receive(connection, _event([1]), NOW).problems == ("the payload is no object",)
    bad = _event(None, key="2\x00" * 200, text="a\x00\ud800", problem="it is no JSON")
    outcome = receive(connection, bad, NOW)
    assert outcome.problems == ("it is no JSON",)
    row = connection.execute(select(deliveries).where(deliveries.c.number == outcome.number)).one()
    assert (row.payload, len(row.key)) == ("a\N{REPLACEMENT CHARACTER}?", 64)


def test_words_are_read_as_their_types_only_where_values_are_words(
    connection: Connection,
) -> None:
    """CSV has nothing but words; JSON has numbers, and a word there is a mistake."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    words = {"ticket": " 7 ", "amount": "1999", "plan": ""}
    assert receive(connection, _event(words), NOW).status is Status.REFUSED
    taken = receive(connection, _event(words, key="2", textual=True), NOW)
    assert taken.status is Status.STARTED
    whole = receive(connection, _event({"ticket": 7.0, "amount": 1e3}, key="3"), NOW)
    assert whole.status is Status.STARTED
    part = receive(connection, _event({"ticket": 7.5, "amount": 5}, key="4"), NOW)
    assert part.problems == ("refunds: `ticket` is no integer: 7.5",)


_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["2026-01-01", "0001-01-01T00:00:00+14:00", "P9999999999Y", "1e400"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ticket", "when", "parts", "x\x00"]), inner, max_size=4)
    ),
    max_leaves=8,
)
_STRICT = (
    "kind: event, id: t, says: s, system: zendesk, "
    'filter: \'when > timestamp("2020-01-01T00:00:00Z") && how_long < duration("1h") '
    "&& share < 2.0 && size(parts) > 0', payload: [{name: ticket, type: integer}, "
    "{name: when, type: timestamp}, {name: day, type: date}, {name: how_long, type: duration}, "
    "{name: share, type: number}, {name: impossible, type: enum, values: [never]}, "
    "{name: parts, type: list, items: object, fields: [{name: sum, type: number}]}]"
)
_NEVER = st.dictionaries(
    st.sampled_from(["ticket", "when", "day", "how_long", "share", "parts"]), _ANY, max_size=6
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(payload=_NEVER | _ANY, textual=st.booleans())
def test_no_payload_that_is_wrong_raises_or_starts_a_run(
    connection: Connection, payload: Any, *, textual: bool
) -> None:
    """A required value is always missing here, so whatever comes has to be refused in words."""
    if not _runs(connection) and not connection.execute(select(deliveries)).first():
        deploy(connection, "strict", graph("strict", _STRICT))
    key = str(connection.execute(select(deliveries.c.number)).all().__len__())
    outcome = receive(connection, _event(payload, key=key, event=None, textual=textual), NOW)
    assert outcome.status is Status.REFUSED
    assert outcome.problems
    assert _runs(connection) == []


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(when=_ANY, how_long=_ANY, share=_ANY | st.floats(), parts=_ANY)
def test_no_value_makes_a_filter_raise(
    connection: Connection, when: Any, how_long: Any, share: Any, parts: Any
) -> None:
    """Values of the right type but beyond what a clock can read are refused, not raised."""
    filtered = _STRICT.replace("{name: impossible, type: enum, values: [never]}, ", "")
    number = len(connection.execute(select(deliveries.c.number)).all())
    if not number:
        deploy(connection, "strict", graph("strict", filtered))
    payload = {
        "ticket": 1,
        "when": when if isinstance(when, str) else "9999-12-31T23:59:59-14:00",
        "day": "0001-01-01",
        "how_long": how_long if isinstance(how_long, str) else "P999999999D",
        "share": share,
        "parts": parts,
    }
    outcome = receive(connection, _event(payload, key=str(number), event=None), NOW)
    assert outcome.status in {Status.REFUSED, Status.IGNORED}


def test_a_long_name_over_many_values_takes_little_memory() -> None:
    """Where values stand is written only of the one that is told."""
    text = '{"' + "k" * 500_000 + '": [' + "0," * 200_000 + "1e999]}"
    tracemalloc.start()
    try:
        _, told = read_json(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told is not None
    assert told.endswith("is too large a number")
    assert most < 100_000_000


def test_of_a_long_list_only_the_first_problems_are_kept(connection: Connection) -> None:
    """An answer as long as the payload helps nobody."""
    deploy(connection, "lists", graph("lists", REFUND.replace("integer", "list, items: string")))
    outcome = receive(connection, _event({**GOOD, "ticket": [1] * 5000}), NOW)
    assert (outcome.status, len(outcome.problems)) == (Status.REFUSED, 21)
    assert outcome.problems[-1] == "lists: and 4980 more"


def test_what_holds_nothing_is_not_sent_again(connection: Connection) -> None:
    """Erased, or a count of forged requests; another payload may be given."""
    deploy(connection, "refunds", graph("refunds", REFUND))
    number = receive(connection, _event({"ticket": 7}), NOW).number
    connection.execute(deliveries.update().values(payload=""))
    with pytest.raises(UsageError, match="holds nothing that could be sent again"):
        resend(connection, number, NOW)
    assert resend(connection, number, NOW, payload='{"ticket": 7, "amount": 1}').runs


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
def test_a_timestamp_without_an_instant_in_utc_is_refused(connection: Connection, at: str) -> None:
    """A run that counts from it could never go on; wherever in the payload it stands."""
    deploy(connection, "refunds", graph("refunds", REFUND.replace("integer", "timestamp")))
    listed = REFUND.replace("integer", "list, items: timestamp").replace("tagged", "listed")
    deploy(connection, "lists", graph("lists", listed))
    outcome = receive(connection, _event({**GOOD, "ticket": at}), NOW)
    assert outcome.problems == (f"refunds: `ticket` is no timestamp: '{at}'",)
    given = _event({**GOOD, "ticket": [at]}, key="evt-2", event="ticket listed")
    assert receive(connection, given, NOW).problems == (
        f"lists: `ticket[0]` is no timestamp: '{at}'",
    )
    assert not _runs(connection)
