"""Polling: the first answer is the baseline, and what differs from it is an event."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, select

from runtime.triggers.deployed import NOW, deploy, graph
from sopc.errors import WorkError
from sopc_runtime.core.event import EVENT, Started
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import mail
from sopc_runtime.triggers.poll import Poll
from sopc_runtime.triggers.settings import PollSettings, TriggerSettings

TRIGGER = (
    "kind: event, id: t, says: a deal is won, system: crm, filter: 'stage == \"won\"', "
    "payload: [{name: id, type: integer}, {name: stage, type: string}]"
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path)
    with opened.begin() as connection:
        deploy(connection, "deals", graph("deals", TRIGGER))
    yield opened
    opened.dispose()


class _Crm:
    def __init__(self, *deals: dict[str, Any]) -> None:
        self.deals: Any = list(deals)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, system: str, operation: str, inputs: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((system, operation, inputs))
        return {"page": {"deals": self.deals}}


def _poll(engine: Engine, crm: _Crm, **settings: Any) -> Poll:
    told = {"system": "crm", "operation": "list_deals", "list_pointer": "/page/deals", **settings}
    return Poll(PollSettings.model_validate(told), engine, crm, lambda: NOW)


def _started(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        texts = connection.execute(select(mail.c.event).order_by(mail.c.seq)).scalars()
        events = [EVENT.validate_json(each) for each in texts]
    return [event.values["id"] for event in events if isinstance(event, Started)]


def test_what_is_new_or_changed_since_the_last_time_is_an_event(engine: Engine) -> None:
    """Also after a restart, and once; an item that comes back unchanged is none."""
    crm = _Crm({"id": 1, "stage": "won"}, {"id": 2, "stage": "open"})
    poll = _poll(engine, crm, inputs={"limit": 9})
    assert poll.look() == []
    assert crm.asked == [("crm", "list_deals", {"limit": 9})]
    crm.deals = [{"id": 2, "stage": "won"}, {"id": 3, "stage": "won"}]
    assert len(poll.look()) == 2
    crm.deals = [{"id": 1, "stage": "won"}, {"id": 2, "stage": "won"}, {"id": 3, "stage": "won"}]
    assert _poll(engine, crm, inputs={"limit": 9}).look() == []
    assert _started(engine) == [2, 3]


def test_only_new_items_count_where_that_is_set(engine: Engine) -> None:
    """A change is remembered all the same."""
    crm = _Crm({"id": 1, "stage": "open"})
    poll = _poll(engine, crm, only_new=True)
    poll.look()
    crm.deals = [{"id": 1, "stage": "won"}, {"id": 2, "stage": "won"}]
    poll.look()
    assert _started(engine) == [2]


def test_a_value_may_tell_that_an_item_has_changed(engine: Engine) -> None:
    """Whatever else differs is no event then."""
    crm = _Crm({"id": 1, "stage": "open", "at": 1})
    poll = _poll(engine, crm, changed_pointer="/at")
    poll.look()
    crm.deals = [{"id": 1, "stage": "won", "at": 1}]
    assert poll.look() == []
    crm.deals = [{"id": 1, "stage": "won", "at": 2}]
    assert len(poll.look()) == 1


@pytest.mark.parametrize(
    ("deals", "problem"),
    [
        ("none", "gave no list at `/page/deals`"),
        ([{"stage": "won"}], "gave an item without an id at `/id`"),
        ([5], "gave an item without an id at `/id`"),
        ([{"id": 2**70}], "gave what cannot be read: `page.deals.*` is a number beyond 64 bits"),
    ],
)
def test_an_answer_that_is_no_list_of_items_is_told(
    engine: Engine, deals: Any, problem: str
) -> None:
    """And what was seen until then stays known."""
    crm = _Crm({"id": 1, "stage": "won"})
    poll = _poll(engine, crm)
    poll.look()
    before, crm.deals = crm.deals, deals
    with pytest.raises(WorkError, match=f"operation `list_deals` of `crm` {problem}"):
        poll.look()
    crm.deals = before
    assert poll.look() == []


def test_an_item_that_changes_back_and_forth_is_an_event_each_time(engine: Engine) -> None:
    """Though it is then what it was before."""
    crm = _Crm({"id": 1, "stage": "open"})
    clock = [NOW]
    poll = _poll(engine, crm)
    poll.now = lambda: clock[0]
    poll.look()
    for stage in ("won", "open", "won", "open", "won"):
        clock[0] += timedelta(minutes=5)
        crm.deals = [{"id": 1, "stage": stage}]
        assert len(poll.look()) == 1
        assert poll.look() == []
    assert _started(engine) == [1, 1, 1]


def test_an_answer_that_another_process_has_overtaken_is_dropped(engine: Engine) -> None:
    """Else what it tells, which is older, would be a change."""
    crm = _Crm({"id": 1, "stage": "open"})
    _poll(engine, crm).look()

    def slow(system: str, operation: str, inputs: dict[str, Any]) -> dict[str, Any]:
        answer = crm(system, operation, inputs)
        crm.deals = [{"id": 1, "stage": "won"}]
        assert len(_poll(engine, crm).look()) == 1
        return answer

    late = _poll(engine, crm)
    late.ask = slow
    assert late.look() == []
    assert _poll(engine, crm).look() == []
    assert _started(engine) == [1]


def test_another_question_about_the_same_item_has_events_of_its_own(engine: Engine) -> None:
    """As where one list is asked for by region, and an item stands in two."""
    crm = _Crm()
    polls = [_poll(engine, crm, inputs={"region": each}) for each in ("north", "south")]
    for poll in polls:
        poll.look()
    crm.deals = [{"id": 1, "stage": "won"}]
    assert [outcome.repeated for poll in polls for outcome in poll.look()] == [False, False]


def test_two_polls_that_ask_the_same_are_refused() -> None:
    """Each change would be seen by one of them alone."""
    told = {"system": "crm", "operation": "list_deals"}
    polls = [{**told, "procedure": each} for each in ("a", "b")]
    with pytest.raises(ValidationError, match="ask the same of `crm`"):
        TriggerSettings.model_validate({"poll": polls})
    polls[1]["inputs"] = {"region": "north"}
    assert len(TriggerSettings.model_validate({"poll": polls}).poll) == 2
