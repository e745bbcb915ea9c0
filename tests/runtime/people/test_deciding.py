"""Deciding: who may, of what was shown, once; and delegating."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from runtime.people.office import NOW, ORGANIZATION, Office, a_task
from sopc.errors import UsageError
from sopc.organization import Organization, loads_organization
from sopc_runtime.core.event import TaskDecided
from sopc_runtime.core.task import Choice, TaskKind
from sopc_runtime.people.current import current_organization
from sopc_runtime.people.deciding import Decision, Handover, Outcome, decide, delegate
from sopc_runtime.people.inbox import entry, inbox
from sopc_runtime.people.refusal import (
    ChangedTaskError,
    ClosedTaskError,
    NotAllowedError,
    RefusalError,
    UnfitDecisionError,
    UnknownTaskError,
)
from sopc_runtime.store.tables import journal, procedures, runs, tasks
from sopc_runtime.store.tasks import close_task, digest_of, open_task, widen_task
from sopc_runtime.triggers.request import request

TIDEWATER = loads_organization(ORGANIZATION)


def take(
    office: Office,
    choice: str = "approve",
    by: str = "Lena Brandt",
    number: int = 1,
    organization: Organization | None = TIDEWATER,
    **more: Any,
) -> Outcome:
    with office.engine.begin() as connection:
        decision = Decision(choice=choice, by=by, **more)
        return decide(connection, number, decision, organization, NOW)


def hand_over(office: Office, to: str, by: str = "Lena Brandt") -> Handover:
    with office.engine.begin() as connection:
        return delegate(connection, 1, to=to, by=by, organization=TIDEWATER, now=NOW)


def test_an_approval_goes_on_through_the_interpreter(office: Office) -> None:
    """The mail is the decision, the run goes on to its next task, and the row says who."""
    office.run()
    outcome = take(office, values={"amount": 9000})
    assert (outcome.by, outcome.choice, outcome.repeated) == ("Lena Brandt", "approve", False)
    assert office.mail_of("r1") == [
        TaskDecided(at=NOW, task="t1", choice="approve", by="Lena Brandt", values={"amount": 9000})
    ]
    office.work("r1", NOW)
    with office.engine.connect() as connection:
        [left] = inbox(connection, at=NOW)
        assert (left.step, left.shown["inputs"]) == ("pay-it", {"amount": 9000})
        before = entry(connection, 1, at=NOW)
    assert (before.status, before.decided_by, before.decided) == ("decided", "Lena Brandt", NOW)


def test_of_two_at_the_same_time_the_first_wins_and_the_other_is_told(office: Office) -> None:
    """Thread against thread, many times; each task has one decision and one mail."""
    for number in range(1, 11):
        office.run(f"r{number}")
    told: list[Outcome | RefusalError] = []

    def both(by: str, choice: str, number: int, gate: threading.Barrier) -> None:
        gate.wait(5)
        try:
            told.append(take(office, choice, by, number, reason="because"))
        except RefusalError as error:
            told.append(error)

    for number in range(1, 11):
        gate = threading.Barrier(2)
        people = [("Lena Brandt", "approve"), ("Kofi Mensah", "reject")]
        threads = [threading.Thread(target=both, args=(*who, number, gate)) for who in people]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        [won] = [each for each in told if isinstance(each, Outcome)]
        [lost] = [each for each in told if isinstance(each, ClosedTaskError)]
        assert (lost.by, lost.at, lost.choice) == (won.by, NOW, won.choice)
        assert str(lost) == (
            f"task {number} was decided before: `{won.choice}` by {won.by} on 2026-11-23 09:00 CST"
        )
        [event] = office.mail_of(f"r{number}")
        assert (event.by, event.choice) == (won.by, won.choice)
        told.clear()


def test_the_very_same_decision_again_changes_nothing(office: Office) -> None:
    """As a form that is sent twice; any other value makes it another decision."""
    office.run()
    first = take(office, values={"amount": 1})
    again = take(office, by="lena brandt", values={"amount": 1, "account": None})
    assert again == first.model_copy(update={"repeated": True})
    assert take(office, by="lena@tidewater.example", values={"amount": 1}) == again
    with pytest.raises(ClosedTaskError):
        take(office, values={"amount": 2})
    assert len(office.mail_of("r1")) == 1


def test_a_decision_is_bound_to_what_was_shown(office: Office) -> None:
    """Another digest is refused; who may decide is no part of it."""
    office.run()
    with pytest.raises(ChangedTaskError):
        take(office, digest="0" * 64)
    with office.engine.begin() as connection:
        shown = entry(connection, 1, at=NOW).digest
        widen_task(connection, "r1", "t1", "finance")
        widen_task(connection, "r1", "t1", "finance")
    with office.engine.connect() as connection:
        assert entry(connection, 1, at=NOW).roles == ("manager", "finance")
    assert take(office, by="Grace Okafor", digest=shown).by == "Grace Okafor"


def test_the_digest_is_of_everything_that_is_shown() -> None:
    """Each part but the roles and nothing else makes another one."""
    task = a_task(shown={"inputs": {"amount": 1}})
    changed = {
        "title": "x",
        "asks": "x",
        "shown": {"inputs": {"amount": 2}},
        "choices": (Choice("done", "x"),),
        "due": NOW,
        "then": "x",
        "sentence": "x",
        "editable": ("amount",),
    }
    digests = [digest_of(replace(task, **{name: value})) for name, value in changed.items()]
    assert len({digest_of(task), *digests}) == len(changed) + 1
    assert digest_of(replace(task, roles=("finance",))) == digest_of(task)


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("Grace Okafor", "Grace Okafor may not decide it"),
        ("Yusuf Demir", "Yusuf Demir left on 2026-06-30"),
        ("Lena Brant", "the organization file knows nobody called `Lena Brant`"),
    ],
)
def test_who_holds_no_role_has_left_or_is_unknown_may_not(
    office: Office, by: str, says: str
) -> None:
    """Nothing is written, and the help names who may or the nearest name."""
    office.run()
    with pytest.raises(NotAllowedError) as refused:
        take(office, by=by)
    assert str(refused.value) == says
    assert "Lena Brandt" in (refused.value.hint or "")
    assert office.mail_of("r1") == []


def test_an_address_is_as_good_as_a_name(office: Office) -> None:
    """What is written is the name of the organization file."""
    office.run()
    assert take(office, by="KOFI@tidewater.example").by == "Kofi Mensah"


def test_anybody_with_a_name_may_where_nobody_holds_the_role(office: Office) -> None:
    """Customers are outside; who has left may not even so."""
    number = office.put(a_task(roles=("customer",)))
    with pytest.raises(NotAllowedError, match="left"):
        take(office, "done", "Yusuf Demir", number)
    with office.engine.connect() as connection:
        assert entry(connection, number, at=NOW).who == (
            "anybody who gives a name may decide: nobody is known to hold `customer`"
        )
    assert take(office, "done", "A Temp", number).by == "A Temp"


def test_anybody_with_a_name_may_without_an_organization_file(tmp_path: Path) -> None:
    """The entry says so."""
    office = Office(tmp_path, organization="")
    office.run()
    with office.engine.connect() as connection:
        shown = entry(connection, 1, at=NOW)
    assert (shown.anybody, "no organization file" in shown.who) == (True, True)
    assert take(office, by="Anybody", organization=None).by == "Anybody"
    office.engine.dispose()


def test_what_runs_of_a_withdrawn_procedure_ask_is_not_for_anybody(office: Office) -> None:
    """The organization file that they go by says who may decide."""
    office.run(by="Lena Brandt")
    with office.engine.begin() as connection:
        connection.execute(delete(procedures))
        found = current_organization(connection, "refunds")
        assert not entry(connection, 1, at=NOW).anybody
    for by in ("Anybody", "Lena Brandt"):
        with pytest.raises(NotAllowedError):
            take(office, by=by, organization=found)
    assert take(office, by="Kofi Mensah", organization=found).by == "Kofi Mensah"


def test_who_asked_for_it_does_not_approve_it_if_somebody_else_can(office: Office) -> None:
    """Nor by delegation; the only holder of a role may."""
    office.run(by="Lena Brandt")
    with pytest.raises(NotAllowedError) as refused:
        take(office)
    assert refused.value.hint == "they may: Kofi Mensah"
    with pytest.raises(NotAllowedError):
        hand_over(office, "lena@tidewater.example", by="Kofi Mensah")
    with office.engine.connect() as connection:
        assert inbox(connection, person="Lena Brandt", at=NOW) == []
        assert len(inbox(connection, person="Kofi Mensah", at=NOW)) == 1
    alone = loads_organization(
        "name: A\nroles: [{id: manager, name: manager, holders: [{name: Lena Brandt}]}]\n"
    )
    assert take(office, organization=alone).by == "Lena Brandt"


def test_who_asked_for_a_called_procedure_asked_for_its_child_too(office: Office) -> None:
    """The run that called it is looked at."""
    office.run("parent", by="Lena Brandt")
    office.run("child")
    with office.engine.begin() as connection:
        connection.execute(runs.update().where(runs.c.id == "child").values(parent="parent"))
    with pytest.raises(NotAllowedError, match="started the run"):
        take(office, number=2)


def test_a_task_is_delegated_to_somebody_who_holds_no_role(office: Office) -> None:
    """It is in the inbox of that person only, who may decide; it stands in the journal."""
    office.run()
    assert hand_over(office, "marta kowalczyk").to == "Marta Kowalczyk"
    with office.engine.connect() as connection:
        assert [each.number for each in inbox(connection, person="Marta Kowalczyk", at=NOW)] == [1]
        assert inbox(connection, person="Lena Brandt", at=NOW) == []
        [told] = connection.execute(select(journal).where(journal.c.kind == "delegated")).all()
    assert (told.run, told.step, told.actor) == ("*", "r1", "Lena Brandt")
    assert take(office, by="Marta Kowalczyk").by == "Marta Kowalczyk"


@pytest.mark.parametrize(
    ("to", "by"),
    [
        ("Yusuf Demir", "Lena Brandt"),
        ("Nobody Known", "Lena Brandt"),
        ("Lena Brandt", "Grace Okafor"),
    ],
)
def test_nobody_delegates_to_who_has_left_nor_what_others_decide(
    office: Office, to: str, by: str
) -> None:
    """The task stays as it is."""
    office.run()
    with pytest.raises(NotAllowedError):
        hand_over(office, to, by)
    with office.engine.connect() as connection:
        assert connection.execute(select(tasks.c.assignee)).scalar_one() is None


def test_what_is_closed_is_not_decided(office: Office) -> None:
    """The run went on without it; the reason is told."""
    office.run()
    with office.engine.begin() as connection:
        close_task(connection, "r1", "t1", "the run was cancelled", NOW)
    with pytest.raises(ClosedTaskError, match="the run was cancelled"):
        take(office)
    with pytest.raises(ClosedTaskError):
        hand_over(office, "Kofi Mensah")


def test_an_overdue_task_may_be_decided_until_the_run_closes_it(office: Office) -> None:
    """Being late leads to the ladder, not to a closed door."""
    office.run()
    late = NOW + timedelta(hours=5)
    with office.engine.begin() as connection:
        assert entry(connection, 1, at=late).overdue
        decision = Decision(choice="approve", by="Lena Brandt")
        assert decide(connection, 1, decision, TIDEWATER, late).at == late


def test_nothing_of_a_run_that_has_ended_is_decided(office: Office) -> None:
    """Even if its task was left open."""
    office.run()
    with office.engine.begin() as connection:
        connection.execute(runs.update().values(status="cancelled"))
    with pytest.raises(ClosedTaskError, match="has ended"):
        take(office)


def test_a_number_that_is_none_and_content_that_is_erased_are_told(office: Office) -> None:
    """Both are unknown tasks."""
    office.run()
    with pytest.raises(UnknownTaskError, match="no task 7"):
        take(office, number=7)
    with office.engine.begin() as connection:
        connection.execute(tasks.update().values(content="", status="decided"))
    with pytest.raises(UnknownTaskError, match="erased"):
        take(office)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"choice": "done"}, "no choice `done`"),
        ({"choice": "reject"}, "`reject` needs a reason"),
        ({"choice": "reject", "reason": "  "}, "`reject` needs a reason"),
        ({"choice": "reject", "reason": "x", "values": {"amount": 1}}, "takes no value `amount`"),
        ({"values": {"amount": "much"}}, "`amount` is no money"),
        ({"values": {"iban": "x"}}, "takes no value `iban`"),
        ({"values": {"account": "\ud800"}}, "cannot be written"),
    ],
)
def test_what_does_not_fit_the_task_is_refused(
    office: Office, more: dict[str, Any], says: str
) -> None:
    """Choices, reasons, names and types; the task stays open."""
    office.run()
    with pytest.raises(UnfitDecisionError, match=says):
        take(office, **more)
    with office.engine.connect() as connection:
        assert entry(connection, 1, at=NOW).status == "open"


@pytest.mark.parametrize("choice", ["reject", "cannot", "skip", "stop", "different"])
def test_every_choice_that_needs_a_reason_asks_for_it(office: Office, choice: str) -> None:
    """With one, it is taken."""
    number = office.put(a_task(TaskKind.TROUBLE, Choice(choice, "so it is")))
    with pytest.raises(UnfitDecisionError, match="needs a reason"):
        take(office, choice, number=number)
    assert take(office, choice, number=number, reason="so").choice == choice


@pytest.mark.parametrize("by", ["", "  ", "a\nb", "x\x00", "n" * 201])
def test_a_name_is_a_name(by: str) -> None:
    """Not empty, on one line, of a sensible length."""
    with pytest.raises(ValueError, match="by"):
        Decision(choice="approve", by=by)


def test_a_task_is_put_into_the_inbox_once(office: Office) -> None:
    """A worker that comes back writes it again."""
    task = a_task()
    office.put(task)
    with office.engine.begin() as connection:
        assert not open_task(connection, "r1", "refunds", task, NOW)
    with office.engine.connect() as connection:
        assert len(inbox(connection, at=NOW)) == 1


@pytest.mark.parametrize(
    "words",
    [
        {"to": "\x1b[2J"},
        {"to": " "},
        {"by": "Lena\nBrandt"},
        {"reason": "see \x1b]0;x\x07"},
        {"reason": "x" * 2001},
    ],
    ids=["unseen", "empty", "two lines", "unseen reason", "long reason"],
)
def test_what_nobody_can_read_is_not_handed_over(office: Office, words: dict[str, str]) -> None:
    """Without an organization file too, where every name may stand."""
    office.put(a_task())
    given = {"to": "Kofi Mensah", "by": "Lena Brandt", **words}
    with office.engine.begin() as connection, pytest.raises(UnfitDecisionError):
        delegate(connection, 1, organization=None, now=NOW, **given)


def test_half_a_name_does_not_hide_who_started_a_run(office: Office) -> None:
    """It would let the same person approve what they asked for."""
    changed = ORGANIZATION.replace("{name: Marta Kowalczyk}", "")
    folder = office.folder / "wide"
    folder.mkdir()
    wide = Office(folder, changed)
    with wide.engine.begin() as connection:
        with pytest.raises(UsageError, match="called `lena`") as told:
            request(connection, "refunds", by="lena", now=NOW)
        assert request(connection, "refunds", by="A customer", now=NOW).version.name == "refunds"
    assert told.value.hint == "did you mean `Lena Brandt`"
    wide.engine.dispose()
