"""What people did, from a CSV file, beside what was rendered."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from runtime.modes.refund import GRAPH, Office, changed, signed
from sopc.errors import UsageError
from sopc_runtime.core.mode import Mode
from sopc_runtime.modes.imported import Imported, import_agreement
from sopc_runtime.modes.promotion import assess, demote
from sopc_runtime.modes.settings import ModeSettings
from sopc_runtime.store.tables import agreements, tasks


def imported(office: Office, text: str, key: str | None = None) -> Imported:
    with office.engine.begin() as connection:
        return import_agreement(
            connection,
            "refunds",
            text,
            source="july.csv",
            by="Ops",
            now=office.now,
            key=key,
        )


def kept(office: Office) -> list[tuple[str | None, str, bool]]:
    with office.engine.begin() as connection:
        rows = connection.execute(select(agreements).order_by(agreements.c.number))
        return [(row.run, row.step, row.agreed) for row in rows]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A procedure in shadow, with two runs that paid nothing back."""
    made = Office.at(tmp_path)
    made.deploy()
    made.start("a", amount=500)
    made.start("b", amount=1200)
    return made


@pytest.mark.parametrize(
    ("row", "agreed"),
    [
        ("a,pay-back,yes,500,ch_1", True),
        ("a,pay-back,,500,ch_1", True),
        ("a,pay-back,,500,", True),
        ("a,pay-back,yes,,", True),
        ("a,pay-back,,501,ch_1", False),
        ("a,pay-back,,500,ch_2", False),
        ("a,pay-back,,5.00,ch_1", False),
        ("a,pay-back,no,,", False),
        ("a,pay-back,no,500,ch_1", False),
    ],
)
def test_inputs_are_compared_exactly_with_what_was_rendered(
    office: Office, row: str, *, agreed: bool
) -> None:
    """Money is in minor units, and an empty cell says nothing."""
    done = imported(office, f"run,step,did,input.amount,input.charge\n{row}\n")
    assert (done.compared, done.agreed, done.problems) == (1, int(agreed), [])
    assert kept(office) == [("a", "pay-back", agreed)]


def test_what_somebody_compared_already_is_taken_as_it_is(office: Office) -> None:
    imported(office, "run,step,same,by,at\na,pay-back,no,Lena,2026-11-20T10:00:00Z\n")
    with office.engine.begin() as connection:
        row = connection.execute(select(agreements)).one()
    assert (row.agreed, row.by, row.source) == (False, "Lena", "july.csv")
    assert f"{row.at:%Y-%m-%dT%H:%M%z}" == "2026-11-20T10:00+0000"


def test_no_comparison_outlives_a_demotion_by_a_date_to_come(office: Office) -> None:
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    imported(office, "run,step,same,at\na,pay-back,yes,2030-01-01\n")
    office.pass_time(minutes=1)
    with office.engine.begin() as connection:
        demote(connection, "refunds", by="Lena Brandt", now=office.now, reason="wrong")
        assert assess(connection, "refunds", ModeSettings()).measured.all.total == 0


def test_a_row_with_what_no_database_keeps_is_told(office: Office) -> None:
    """The others are kept."""
    done = imported(office, "run,step,same,note\na,pay-back,yes,x\0y\nb,pay-back,yes,\n")
    assert (done.compared, done.problems) == (1, [(2, "it holds a NUL character")])


def test_runs_are_found_by_a_value_that_people_know(office: Office) -> None:
    done = imported(office, "run,step,did\nT-a,pay-back,yes\nT-x,pay-back,yes\n", key="ticket")
    assert kept(office) == [("a", "pay-back", True)]
    assert done.problems == [(3, "there is no run whose `ticket` is `T-x`")]


def test_the_same_file_twice_counts_once(office: Office) -> None:
    """So does what was decided in the inbox before."""
    text = "run,step,did\na,pay-back,yes\nb,pay-back,yes\n"
    office.decide("b", "different", "pay-back")
    assert (imported(office, text).compared, imported(office, text).known) == (1, 2)
    assert kept(office) == [("b", "pay-back", False), ("a", "pay-back", True)]


def test_what_the_file_answers_is_no_longer_asked_in_the_inbox(office: Office) -> None:
    """The run takes the answer as one of a person, and it counts once."""
    imported(office, "run,step,did\na,pay-back,no\n")
    office.work()
    with office.engine.begin() as connection:
        asked = select(tasks.c.run, tasks.c.step).where(tasks.c.status == "open")
        left = {tuple(row) for row in connection.execute(asked)}
    assert left == {("a", "tell-customer"), ("b", "pay-back"), ("b", "tell-customer")}
    assert kept(office) == [("a", "pay-back", False)]


def test_what_the_program_would_not_have_done_counts_too(tmp_path: Path) -> None:
    """It passed the step over: where people did it, they differ."""
    office = Office.at(tmp_path)
    skips = "        when: [{says: large, cel: amount > 1000}]\n"
    where = "      - id: tell-customer\n        kind: action\n"
    office.deploy(GRAPH.replace(where, where + skips))
    office.start("a", amount=500)
    office.start("b", amount=500)
    imported(office, "run,step,did\na,tell-customer,yes\nb,tell-customer,no\n")
    assert kept(office) == [("a", "tell-customer", False), ("b", "tell-customer", True)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("c,pay-back,yes", "there is no run `c`"),
        ("a,pay-bak,yes", "the procedure has no step `pay-bak`"),
        ("a,pay-back,maybe", "`did` is neither `yes` nor `no`: `maybe`"),
        ("a,pay-back,", "it does not say what people did"),
        ("a,pay-back", "it has another number of cells"),
        ("a,look-up,", "the run did not act at `look-up`; say `did`: `yes` or `no`"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_and_the_rest_is_kept(
    office: Office, row: str, said: str
) -> None:
    done = imported(office, f"run,step,did\n{row}\nb,pay-back,yes\n")
    assert done.problems == [(2, said)]
    assert kept(office) == [("b", "pay-back", True)]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("step,did", "no column `run`"),
        ("run,step", "does not say what people did"),
        ("run,step,did,amount", "column `amount` is not known"),
        ("", "no column `run` and `step`"),
    ],
)
def test_a_file_without_the_columns_is_refused(office: Office, header: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        imported(office, f"{header}\n")


def test_rows_of_a_loop_are_taken_one_after_the_other(tmp_path: Path) -> None:
    """Each act of the same step is compared with the next row."""
    office = Office.at(tmp_path)
    office.deploy(
        GRAPH.replace(
            "        inputs: [{name: text, value: done}]\n",
            "        inputs: [{name: text, value: done}]\n"
            "        loop: {back_to: pay-back, at_most: 1}\n",
        )
    )
    office.start("a")
    done = imported(office, "run,step,did\n" + "a,pay-back,yes\n" + "a,pay-back,no\n" * 2)
    assert kept(office) == [("a", "pay-back", True), ("a", "pay-back", False)]
    assert done.problems == [(4, "step `pay-back` has no further act in this run")]


def test_the_version_that_a_run_went_by_is_kept(office: Office) -> None:
    """A later deployment does not turn its comparisons into its own."""
    own = office.deploy().procedures[0].graph
    later = office.deploy(changed(GRAPH, lambda _: {"title": "Again"})).procedures[0].graph
    imported(office, "run,step,did\na,pay-back,yes\n")
    with office.engine.begin() as connection:
        row = connection.execute(select(agreements)).one()
    assert row.graph == own != later


def test_rows_about_erased_runs_are_told_and_the_others_count(office: Office) -> None:
    """What the program would have done is not known any more; neither is a cell without an end."""
    with office.engine.begin() as connection:
        connection.execute(update(tasks).where(tasks.c.run == "a").values(content=""))
    done = imported(office, "run,step,same\na,pay-back,yes\nb,pay-back,yes\n")
    assert (done.compared, done.problems) == (1, [(2, "the content of run `a` was erased")])
    deep = imported(office, "run,step,input.amount\nb,pay-back," + "[" * 99_999 + "\n")
    assert deep.compared + deep.known + len(deep.problems) == 1
