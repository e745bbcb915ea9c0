"""The inbox on the terminal: what is printed, where, and what it exits with."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from runtime.people.office import Office, a_task
from sopc.cli.app import app
from sopc.graph import DataField, DataType
from sopc_runtime.core.event import TaskDecided
from sopc_runtime.core.task import Choice, TaskKind

ID = DataField(name="refund_id", type=DataType.STRING)
WHEN = DataField(name="moment", type=DataType.TIMESTAMP)
YES_NO = (Choice("yes", "it holds"), Choice("no", "it does not"))


def sopc(office: Office, *words: str, **environ: str) -> Any:
    env = {"NO_COLOR": "1", "SOPC_PERSON": "", **environ}
    return CliRunner().invoke(app, [*words, "--data", str(office.data)], env=env)


def decided(office: Office) -> TaskDecided:
    [event] = office.mail_of("r1")
    assert isinstance(event, TaskDecided)
    return event


def test_the_list_has_a_line_for_each_task(office: Office) -> None:
    """Number, how long there is, procedure, kind and title, and who; the pointer is a note.

    Where the same is to be done in several runs, they are told apart by the run.
    """
    now = datetime.now(UTC)
    office.put(a_task(id="a", due=now + timedelta(days=2, hours=1)))
    office.put(a_task(id="b", due=now - timedelta(hours=3, minutes=5), roles=("customer",)))
    done = sopc(office, "inbox")
    assert (done.exit_code, done.stdout) == (
        0,
        (
            "2  3 h 5 min late  r1  work: Approve the refund  anybody (customer)\n"
            "1  in 2 d          r1  work: Approve the refund  Lena Brandt, Kofi Mensah\n"
        ),
    )
    assert done.stderr == "`sopc inbox 2` shows the first of them whole\n"


def test_elements_of_a_for_each_are_told_apart_in_the_list(office: Office) -> None:
    """The same task for two elements says for which, beside the run."""
    office.put(a_task(id="a", step="approve-it/0"))
    office.put(a_task(id="b", step="approve-it/1"))
    lines = sopc(office, "inbox").stdout.splitlines()
    assert "  r1 approve-it/0  work: " in lines[0]
    assert "  r1 approve-it/1  work: " in lines[1]


def test_what_no_run_waits_for_comes_last(office: Office) -> None:
    """An older comparison stands behind an act that a run is held up by."""
    office.put(a_task(TaskKind.COMPARISON, Choice("same", "just so"), id="a", title="Compare"))
    office.put(a_task(TaskKind.ACT, Choice("approve", "it is done"), id="b", title="Act"))
    lines = sopc(office, "inbox").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert "  refunds  act: Act  " in lines[0]


@pytest.mark.parametrize(
    ("words", "said", "helped"),
    [
        (("--role", "mangaer"), "there is no role `mangaer`", "did you mean"),
        (("--procedure", "refnds"), "no procedure `refnds` is deployed", "did you mean `refunds`"),
        (("--mine", "Kofi"), "knows nobody called `Kofi`", "did you mean `Kofi Mensah`"),
    ],
    ids=lambda each: str(each[0]) if isinstance(each, tuple) else "",
)
def test_a_misspelt_name_is_no_empty_inbox(
    office: Office, words: tuple[str, str], said: str, helped: str
) -> None:
    """Nothing waits for what does not exist, and it is told so."""
    done = sopc(office, "inbox", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert helped in done.stderr


def test_whoever_started_the_run_is_not_named_as_who_may_decide(office: Office) -> None:
    """Neither in the list nor in the task, since the decision would be refused."""
    office.run(by="Kofi Mensah")
    assert sopc(office, "inbox").stdout.endswith("  Lena Brandt\n")
    text = sopc(office, "inbox", "1").stdout
    assert "they may decide: Lena Brandt (Kofi Mensah started the run)\n" in text


def test_an_empty_inbox_is_no_failure(office: Office) -> None:
    """Nothing on stdout; JSON is an empty list."""
    done = sopc(office, "inbox", "--mine", "Lena Brandt")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "nothing waits for Lena Brandt\n"
    assert sopc(office, "inbox", "--json").stdout == "[]\n"


def test_one_task_is_shown_whole(office: Office) -> None:
    """The sentence with its line, the data in people's units, who, until when, what then, how."""
    office.run(by="Marta Kowalczyk")
    office.put(
        a_task(
            sentence="Managers approve refunds.", line=5, then="it is escalated", conditions=("c",)
        )
    )
    first = sopc(office, "inbox", "1").stdout
    for part in (
        "task 1, approval: Approve the refund\n",
        "    amount: 120.50 USD\n",
        "  due 2026-11-23 13:00 CST",
        "  until it is decided: it is escalated, when it is late: finance\n",
        "  started by Marta Kowalczyk\n",
        "  they may decide: Lena Brandt, Kofi Mensah\n",
        "  sopc approve 1: the procedure goes on\n",
        "  may be changed with --set amount=VALUE\n",
    ):
        assert part in first
    second = sopc(office, "inbox", "2").stdout
    assert "  the prose says (prose:5): “Managers approve refunds.”\n" in second
    assert "  mind: c\n" in second


def test_json_holds_everything(office: Office) -> None:
    """With the digest that a decision can be bound to."""
    office.run()
    one = json.loads(sopc(office, "inbox", "1", "--json").stdout)
    [listed] = json.loads(sopc(office, "inbox", "--json").stdout)
    assert one == listed
    assert (one["number"], len(one["digest"]), one["kind"]) == (1, 64, "approval")


def test_texts_of_data_forge_no_lines(office: Office) -> None:
    """Lines within a value are marked, and control characters are shown as what they are."""
    office.put(a_task(shown={"inputs": {"note": "a\ntask 2, approval: x\x1b[31m"}}))
    text = sopc(office, "inbox", "1").stdout
    assert "    note: a\n    | task 2, approval: x␛[31m\n" in text


def test_an_approval_shows_what_is_approved_and_takes_it(office: Office) -> None:
    """Shown on stderr, the result on stdout; changes are typed."""
    office.run()
    done = sopc(office, "approve", "1", "--by", "lena brandt", "--set", "amount=90.00")
    assert (done.exit_code, done.stdout) == (
        0,
        "task 1, “Approve the refund”: approve by Lena Brandt; the procedure goes on\n",
    )
    assert "    amount: 120.50 USD\n" in done.stderr
    assert "  you set amount: 90.00 USD\n" in done.stderr
    assert decided(office).values == {"amount": 9000}


def test_whoever_may_not_approve_is_told_so_before_anything_is_shown(office: Office) -> None:
    """The reason stands alone, and is not below a screen of what is approved."""
    office.run()
    for by, told in (("", "error: it is not said who"), ("Marta Kowalczyk", "error: Marta ")):
        done = sopc(office, "approve", "1", *(["--by", by] if by else []))
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(told)
        assert len(done.stderr.splitlines()) == 2


def test_an_act_that_was_changed_is_not_told_as_done_as_shown(office: Office) -> None:
    """The result names what was changed."""
    office.run()
    shown = Choice("approve", "it is done exactly as shown")
    inputs = {"inputs": {"amount": 100}}
    office.put(a_task(TaskKind.ACT, shown, id="a", shown=inputs, editable=("amount",)))
    office.put(a_task(TaskKind.ACT, shown, id="b", shown=inputs, editable=("amount",)))
    done = sopc(office, "approve", "2", "--by", "Lena Brandt")
    assert done.stdout.endswith("by Lena Brandt; it is done exactly as shown\n")
    changed = sopc(office, "approve", "3", "--by", "Lena Brandt", "--set", "amount=0.90")
    assert changed.stdout.endswith("; it is done with what you changed: amount\n")


def test_it_is_said_where_nothing_follows_from_a_decision(office: Office) -> None:
    """No process carries runs out in this test."""
    office.run()
    done = sopc(office, "approve", "1", "--by", "Lena Brandt")
    assert "no process carries runs out now; `sopc serve` does" in done.stderr


def test_the_wrong_command_is_told_in_english(office: Office) -> None:
    """`an approval`, with its right commands."""
    office.run()
    done = sopc(office, "done", "1", "--by", "Lena Brandt")
    assert done.stderr.startswith("error: task 1 is an approval\n")


def test_the_person_may_be_named_by_the_environment(office: Office) -> None:
    """A flag wins over it; without both it is asked for."""
    office.run()
    done = sopc(office, "reject", "1", "--reason", "too much")
    assert (done.exit_code, done.stderr) == (
        2,
        "error: it is not said who decides\nhelp: add `--by NAME`, or set `SOPC_PERSON`\n",
    )
    done = sopc(office, "reject", "1", "--reason", "too much", SOPC_PERSON="Kofi Mensah")
    assert done.exit_code == 0
    assert (decided(office).by, decided(office).reason) == ("Kofi Mensah", "too much")


def test_work_is_done_with_what_it_asks_for(office: Office) -> None:
    """A missing value is named; `by-hand` of an act is the same command."""
    office.put(a_task(TaskKind.ACT, Choice("by-hand", "done", gives=True), fields=(ID,)))
    done = sopc(office, "done", "1", "--by", "Lena Brandt")
    assert (done.exit_code, "`refund_id` is missing" in done.stderr) == (2, True)
    done = sopc(office, "done", "1", "--by", "Lena Brandt", "--set", "refund_id=re_1=a")
    assert done.exit_code == 0
    assert (decided(office).choice, decided(office).values) == ("by-hand", {"refund_id": "re_1=a"})


@pytest.mark.parametrize(
    ("choices", "typed", "choice"),
    [
        (YES_NO, "Yes", "yes"),
        (YES_NO, "n", "no"),
        ((Choice("branch-1", "over 500"), Choice("otherwise", "none of these")), "1", "branch-1"),
        ((Choice("branch-1", "over 500"), Choice("otherwise", "none")), "OVER 500", "branch-1"),
    ],
)
def test_a_question_is_answered_as_people_type(
    office: Office, choices: tuple[Choice, ...], typed: str, choice: str
) -> None:
    """By id, its first letter, a branch's number, or its words."""
    office.put(a_task(TaskKind.QUESTION, *choices))
    assert sopc(office, "answer", "1", typed, "--by", "Lena Brandt").exit_code == 0
    assert decided(office).choice == choice


def test_a_question_for_a_value_is_answered_with_it(office: Office) -> None:
    """In the organization's time zone."""
    office.put(a_task(TaskKind.QUESTION, Choice("tell", "known", gives=True), fields=(WHEN,)))
    done = sopc(office, "answer", "1", "2026-12-01 10:00", "--by", "Lena Brandt")
    assert done.exit_code == 0
    assert decided(office).values == {"moment": "2026-12-01T10:00:00-06:00"}


@pytest.mark.parametrize(
    ("kind", "words", "error", "hint"),
    [
        (
            TaskKind.QUESTION,
            ("approve", "1"),
            "task 1 is a question",
            "decide it with `sopc answer 1 yes` or `sopc answer 1 no`",
        ),
        (
            TaskKind.QUESTION,
            ("answer", "1", "maybe"),
            "task 1 has no choice `maybe`",
            "choose `yes` (it holds), `no` (it does not)",
        ),
        (
            TaskKind.QUESTION,
            ("answer", "1", "yes", "--set", "x=1"),
            "task 1 takes no value `x`",
            "it takes no values",
        ),
        (
            TaskKind.QUESTION,
            ("answer", "1", "yes", "--by", "Lena Brant"),
            "the organization file knows nobody called `Lena Brant`",
            "did you mean `Lena Brandt`",
        ),
        (
            TaskKind.QUESTION,
            ("reject", "7"),
            "there is no task 7",
            "`sopc inbox` lists open tasks",
        ),
        (
            TaskKind.QUESTION,
            ("inbox", "--mine", "Lena Brant"),
            "the organization file knows nobody called `Lena Brant`",
            "did you mean `Lena Brandt`",
        ),
        (
            TaskKind.QUESTION,
            ("answer", "1", "yes", "--by", "Lena Brandt", "--digest", "old"),
            "task 1 is not what was shown: it has changed since",
            "`sopc inbox 1` shows it as it is now",
        ),
    ],
)
def test_mistakes_are_told_with_what_would_be_right(
    office: Office, kind: TaskKind, words: tuple[str, ...], error: str, hint: str
) -> None:
    """One error, one help, exit code 2, and nothing is decided."""
    office.put(a_task(kind, *YES_NO))
    done = sopc(office, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"error: {error}\nhelp: {hint}\n"
    assert office.mail_of("r1") == []


def test_an_approval_is_not_answered(office: Office) -> None:
    """It is shown before it is approved."""
    office.run()
    done = sopc(office, "answer", "1", "approve", "--by", "Lena Brandt")
    assert done.stderr == "error: task 1 is an approval\nhelp: decide it with `sopc approve 1`\n"


def test_a_number_that_is_stale_is_told_with_who_and_when(office: Office) -> None:
    """By every command, whatever its kind."""
    office.run()
    assert sopc(office, "approve", "1", "--by", "Lena Brandt").exit_code == 0
    for words in (("approve", "1"), ("done", "1"), ("reject", "1", "--reason", "x")):
        done = sopc(office, *words, "--by", "Kofi Mensah")
        assert done.exit_code == 2
        assert "task 1 was decided before: `approve` by Lena Brandt on " in done.stderr


def test_a_task_is_handed_over(office: Office) -> None:
    """To whom, by whom."""
    office.run()
    done = sopc(office, "delegate", "1", "--to", "Marta Kowalczyk", "--by", "Lena Brandt")
    assert done.stdout == (
        "task 1, “Approve the refund”, is now for Marta Kowalczyk (by Lena Brandt)\n"
    )
    assert "Marta Kowalczyk" in sopc(office, "inbox").stdout
