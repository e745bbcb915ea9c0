"""What the inbox shows, in which order, and to whom."""

from datetime import timedelta

import pytest

from runtime.people.office import NOW, ORGANIZATION, Office, a_task
from sopc.graph import DataField, DataType
from sopc_runtime.core.event import TimerFired
from sopc_runtime.core.task import Choice, TaskKind
from sopc_runtime.people.command import command
from sopc_runtime.people.current import current_organization, organizations
from sopc_runtime.people.inbox import entry, inbox
from sopc_runtime.store.tables import procedures

ID = DataField(name="refund_id", type=DataType.STRING)


def test_the_most_urgent_stands_first(office: Office) -> None:
    """By due time, then by age; those without one last."""
    late = office.put(a_task(id="a", due=NOW - timedelta(hours=1)))
    never = office.put(a_task(id="b"))
    soon = office.put(a_task(id="c", due=NOW + timedelta(hours=1)))
    with office.engine.connect() as connection:
        found = inbox(connection, at=NOW)
    assert [each.number for each in found] == [late, soon, never]
    assert [each.overdue for each in found] == [True, False, False]


def test_a_person_and_a_role_see_their_own(office: Office) -> None:
    """Roles are found by name too; a procedure may be named."""
    ours = office.put(a_task(id="a", roles=("manager",)))
    theirs = office.put(a_task(id="b", roles=("finance",)))
    with office.engine.connect() as connection:

        def numbers(**chosen: str) -> list[int]:
            return [each.number for each in inbox(connection, at=NOW, **chosen)]

        assert numbers(person="Lena Brandt") == numbers(role="Manager") == [ours]
        assert numbers(person="grace@tidewater.example") == [theirs]
        assert numbers(person="Yusuf Demir") == numbers(role="nobody") == []
        assert numbers(name="refunds") == [ours, theirs]
        assert numbers(name="other") == []


def test_a_late_task_is_escalated_and_shows_its_ladder(office: Office) -> None:
    """The interpreter climbs the rung; the role may decide from then on."""
    office.run()
    due = NOW + timedelta(hours=4)
    with office.engine.begin() as connection:
        office.tell(connection, "r1", TimerFired(at=due, timer="approve-it:deadline:0"))
    with office.engine.connect() as connection:
        [found] = inbox(connection, person="Grace Okafor", at=due + timedelta(minutes=1))
    [rung] = found.escalated
    assert (rung.at, rung.to, rung.says) == (due, "finance", "tell finance")
    assert found.overdue
    assert [each.name for each in found.deciders] == ["Lena Brandt", "Kofi Mensah", "Grace Okafor"]


def test_the_organization_file_is_read_as_it_is_now(office: Office) -> None:
    """Beside the graph that was deployed; what it was deployed with, where that is gone."""
    file = office.folder / "organization.yaml"
    with office.engine.begin() as connection:
        file.write_text(ORGANIZATION.replace("Kofi Mensah", "New Hire"))
        now = current_organization(connection, "refunds")
        assert now is not None
        assert now.person("New Hire")
        assert organizations(connection) == [now]
        file.unlink()
        kept = current_organization(connection, "refunds")
        assert kept is not None
        assert kept.person("Kofi Mensah")
        connection.execute(procedures.update().values(path="/nowhere/x.sop.yaml"))
        assert current_organization(connection, "refunds") == kept
        assert current_organization(connection, "other") is None


def test_inputs_that_no_file_types_are_typed_as_they_are_shown(office: Office) -> None:
    """An operation that is not known, with names alone."""
    inputs = {"n": 1, "f": 1.5, "b": True, "s": "a", "d": {}, "l": [1]}
    number = office.put(a_task(shown={"inputs": inputs}, editable=tuple(inputs)))
    with office.engine.connect() as connection:
        found = entry(connection, number, at=NOW)
    types = {each.name: each.type.value for each in found.editable}
    assert types == {
        "n": "integer",
        "f": "number",
        "b": "boolean",
        "s": "string",
        "d": "object",
        "l": "list",
    }


@pytest.mark.parametrize(
    ("choice", "kind", "gives", "line"),
    [
        ("approve", TaskKind.ACT, False, "sopc approve 7"),
        ("reject", TaskKind.ACT, False, "sopc reject 7 --reason WHY"),
        ("by-hand", TaskKind.ACT, True, "sopc done 7 --set refund_id=TEXT"),
        ("done", TaskKind.WORK, False, "sopc done 7"),
        ("cannot", TaskKind.WORK, False, "sopc answer 7 cannot --reason WHY"),
        ("yes", TaskKind.QUESTION, False, "sopc answer 7 yes"),
        ("tell", TaskKind.QUESTION, True, "sopc answer 7 'TEXT'"),
        ("happened", TaskKind.DOUBT, True, "sopc answer 7 happened --set refund_id=TEXT"),
    ],
)
def test_every_choice_has_its_command(choice: str, kind: TaskKind, gives: bool, line: str) -> None:  # noqa: FBT001
    """As it is shown and sent."""
    assert command(7, choice, kind, [ID], [Choice(choice, "", gives=gives)]) == line
