"""The verbs: what they print, refuse and exit with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from runtime.modes.refund import GRAPH, ORGANIZATION, Office
from sopc.cli.app import app
from sopc.graph import Source
from sopc.graph.file import dump_graph, graph_hash, load_graph, loads_graph, save_graph
from sopc_runtime.store.tables import journal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a graph, an organization file and settings, which is worked in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refunds.sop.yaml").write_text(dump_graph(loads_graph(GRAPH).graph))
    (tmp_path / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / "sopc.toml").write_text('[check]\nselect = ["SOP1"]\n')
    return tmp_path


def sopc(*words: str | Path) -> Any:
    """Call sopc without colours, on the database of the working folder."""
    given = list(map(str, words))
    if given[0] != "sign":
        given += ["--data", "."]
    return CliRunner().invoke(app, given, env={"NO_COLOR": "1", "SOPC_DATABASE_URL": ""})


def office() -> Office:
    """Give the worker of the database of the working folder."""
    made = Office.at(Path())
    made.now = datetime.now(UTC)
    return made


def test_a_graph_is_signed_in_its_file_and_comments_stay(folder: Path) -> None:
    """The hash is of what was signed; a change of the graph ends that."""
    path = folder / "refunds.sop.yaml"
    path.write_text("# ours\n" + path.read_text())
    done = sopc("sign", "refunds", "--by", "lena@tidewater.example", "--note", "as agreed")
    assert done.exit_code == 0, done.stderr
    graph = load_graph(path).graph
    [signoff] = graph.signoffs
    assert (signoff.by, signoff.note) == ("Lena Brandt", "as agreed")
    assert signoff.graph == graph_hash(graph)
    assert path.read_text().startswith("# ours\n")
    again = sopc("sign", "refunds", "--by", "Lena Brandt")
    assert "signed by Lena Brandt already" in again.stderr
    save_graph(graph.model_copy(update={"title": "Paying back"}), path)
    assert sopc("sign", "refunds", "--by", "Lena Brandt").exit_code == 0
    assert len(load_graph(path).graph.signoffs) == 2


@pytest.mark.parametrize(
    ("words", "said", "helped"),
    [
        (["--by", "Yusuf Demir"], "`Yusuf Demir` has left on 2026-06-30", "has to sign"),
        (["--by", "Grace Okfor"], "is called `Grace Okfor`", "did you mean `Grace Okafor`"),
        (["--by", " "], "`--by` is empty", "name the person"),
        (
            ["--by", "Lena Brandt", "--role", "finance-manager"],
            "`Lena Brandt` does not hold the role `finance manager`",
            "Lena Brandt holds `support manager`",
        ),
        (["--by", "Lena Brandt", "--role", "finance-manger"], "there is no role", "did you mean"),
    ],
)
def test_only_people_who_are_there_sign(
    folder: Path, words: list[str], said: str, helped: str
) -> None:
    before = (folder / "refunds.sop.yaml").read_text()
    done = sopc("sign", "refunds", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert helped in done.stderr
    assert (folder / "refunds.sop.yaml").read_text() == before


def test_a_graph_with_errors_is_signed_with_a_reason_only(folder: Path) -> None:
    """The errors stand in the note."""
    text = GRAPH[: GRAPH.index("    triggers:")] + GRAPH[GRAPH.index("    steps:") :]
    path = folder / "refunds.sop.yaml"
    path.write_text(dump_graph(loads_graph(text).graph))
    done = sopc("sign", "refunds", "--by", "Lena Brandt")
    assert done.exit_code == 2
    assert "has 1 error (SOP1" in done.stderr
    assert "--despite-errors REASON" in done.stderr
    reason = "people start it by phone"
    done = sopc("sign", "refunds", "--by", "Lena Brandt", "--despite-errors", reason)
    assert done.exit_code == 0, done.stderr
    [signoff] = load_graph(path).graph.signoffs
    assert signoff.note is not None
    assert signoff.note.startswith("despite 1 error (SOP1")
    assert signoff.note.endswith(f": {reason}")


def test_a_stale_graph_is_not_signed_whatever_the_reason(folder: Path) -> None:
    path = folder / "refunds.sop.yaml"
    graph = load_graph(path).graph
    (folder / "refunds.md").write_text("changed since\n")
    source = Source(path="refunds.md", sha256="0" * 64)
    save_graph(graph.model_copy(update={"source": source}), path)
    done = sopc("sign", "refunds", "--by", "Lena Brandt", "--despite-errors", "never mind")
    assert done.exit_code == 2
    assert "is stale" in done.stderr


def test_from_a_file_to_assist_mode(folder: Path) -> None:
    """Deployed unsigned, signed, deployed again, compared, promoted, listed."""
    done = sopc("deploy", "refunds")
    assert done.stdout.startswith("refunds: deployed, shadow, unsigned (")
    assert "may run in shadow only" in done.stderr
    done = sopc("promote", "refunds", "--by", "Lena Brandt")
    assert done.exit_code == 2
    assert "nobody has signed the deployed version" in done.stderr
    sopc("sign", "refunds", "--by", "Lena Brandt")
    done = sopc("deploy", "refunds", "--by", "Ops")
    assert "as it was, shadow, signed by Lena Brandt" in done.stdout
    done = sopc("agreement", "show", "refunds")
    assert "not ready for assist: 0 of at least 16 comparisons" in done.stdout
    worker = office()
    for number in range(8):
        worker.start(f"r{number}")
    rows = [f"r{n},{step},yes" for n in range(8) for step in ("pay-back", "tell-customer")]
    (folder / "did.csv").write_text("\n".join(["run,step,did", *rows, "r9,pay-back,yes"]))
    done = sopc("agreement", "import", "refunds", "did.csv")
    assert done.exit_code == 1
    assert done.stdout == "16 of 16 acts agree, 1 row not used\n"
    assert "did.csv:18: there is no run `r9`" in done.stderr
    shown = json.loads(sopc("agreement", "show", "refunds", "--json").stdout)
    assert shown["offered"] is True
    assert shown["steps"]["pay-back"]["agreed"] == 8
    done = sopc("promote", "refunds", "--by", "Lena Brandt")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("refunds: shadow to assist; 16 of 16 acts agree")
    done = sopc("procedures")
    assert "refunds: assist since" in done.stdout
    assert "8 runs; 16 of 16 acts agree, at least 80.6%" in done.stdout
    [listed] = json.loads(sopc("procedures", "--json").stdout)
    assert (listed["mode"], listed["runs"], listed["paused"]) == ("assist", {"done": 8}, False)


def test_a_bar_of_the_settings_file_holds(folder: Path) -> None:
    sopc("sign", "refunds", "--by", "Lena Brandt")
    sopc("deploy", "refunds")
    (folder / "sopc.toml").write_text(
        "[modes]\nassist = {agreement = 0.0, comparisons = 0, each = 0}\n"
    )
    assert sopc("promote", "refunds", "--by", "Grace Okafor").exit_code == 0
    done = sopc("demote", "refunds", "--by", "Grace Okafor", "--reason", "a test")
    assert done.stdout.startswith("refunds: assist to shadow")


def test_the_table_of_modes_is_no_stranger_to_checks(folder: Path) -> None:
    (folder / "sopc.toml").write_text("[modes]\nassist = {each = 1}\n[check]\nselect = ['SOP1']\n")
    done = CliRunner().invoke(app, ["check", "."], env={"NO_COLOR": "1"})
    assert done.exit_code == 0, done.stdout


@pytest.mark.usefixtures("folder")
def test_runs_are_listed_with_what_they_wait_for() -> None:
    sopc("sign", "refunds", "--by", "Lena Brandt")
    assert "by order, not by" in sopc("deploy", "refunds", "--mode", "assist").stderr
    worker = office()
    worker.start("one")
    worker.start("two")
    worker.decide("two", "reject")
    done = sopc("runs", "--name", "refunds", "--status", "running")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert "one  refunds  running  assist  since" in done.stdout
    assert "waits for act 1 of `pay-back`: anybody" in done.stdout
    assert "waits for trouble" in done.stdout
    assert lines[0].partition(";")[0].endswith((" CST", " CDT")), "times are told where people are"
    assert "no process carries runs out now" in done.stderr
    shown = sopc("runs", "show", "one").stdout
    assert "  look-up: done, " in shown
    assert "  pay-back: approving, " in shown
    assert "  amount: 5.00 USD\n  charge: ch_1\n" in shown
    assert "  1: act of pay-back, for anybody" in shown
    data = json.loads(sopc("runs", "show", "one", "--json").stdout)
    assert data["state"]["steps"]["pay-back"]["phase"] == "approving"
    assert sopc("runs", "--status", "failed").stderr == "there are no such runs\n"
    assert "did you mean `refunds`" in sopc("runs", "--name", "refnds").stderr
    wrong = sopc("runs", "show", "onee")
    assert wrong.exit_code == 2
    assert "did you mean `one`" in wrong.stderr


@pytest.mark.usefixtures("folder")
def test_a_run_is_cancelled_once() -> None:
    sopc("sign", "refunds", "--by", "Lena Brandt")
    sopc("deploy", "refunds", "--mode", "assist")
    worker = office()
    worker.start("one")
    words = ("runs", "cancel", "one", "--by", "Ana", "--reason", "asked twice")
    assert "is told to end" in sopc(*words).stdout
    assert "was told to end" in sopc(*words).stdout
    worker.work()
    done = sopc(*words)
    assert done.exit_code == 2
    assert "has ended already: cancelled" in done.stderr


@pytest.mark.parametrize("by", ["  ", "Ana\nRuiz", "Ana" * 70])
@pytest.mark.parametrize(
    "words",
    [
        ("runs", "cancel", "one", "--reason", "asked twice"),
        ("runs", "migrate", "one"),
        ("deploy", "refunds"),
        ("agreement", "import", "refunds", "july.csv"),
    ],
    ids=["cancel", "migrate", "deploy", "import"],
)
def test_what_nobody_can_read_as_a_name_is_refused(
    folder: Path, words: tuple[str, ...], by: str
) -> None:
    """The journal keeps it for good."""
    del folder
    worker = office()
    worker.deploy()
    worker.start("one")
    done = sopc(*words, "--by", by)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: `--by` is ")


def test_runs_are_moved_and_reasons_told(folder: Path) -> None:
    sopc("sign", "refunds", "--by", "Lena Brandt")
    sopc("deploy", "refunds", "--mode", "assist")
    worker = office()
    worker.start("one")
    path = folder / "refunds.sop.yaml"
    text = path.read_text()
    path.write_text(text.replace("title: Tell the customer", "title: Write to them"))
    told = sopc("deploy", "refunds").stderr
    assert "1 run under way: what they began with holds for them; `sopc runs migrate" in told
    less = "  it goes on in mode `shadow`: this version may act no further\n"
    assert sopc("runs", "migrate", "one", "--dry-run").stdout == "one: can be moved\n" + less
    done = sopc("runs", "migrate", "--all", "refunds", "--by", "Ana")
    assert done.stdout == "one: is moved\n" + less
    worker.work()
    assert "goes by this version already" in sopc("runs", "migrate", "one").stdout
    path.write_text(text.replace("cel: amount", "cel: amount + 1"))
    sopc("deploy", "refunds")
    done = sopc("runs", "migrate", "one")
    assert done.exit_code == 1
    assert "step `pay-back`, `inputs`: it changed" in done.stdout
    first = graph_hash(loads_graph(text).graph)
    done = sopc("runs", "migrate", "one", "--to", first[:10])
    assert done.stdout == "one: is moved\n"
    assert sopc("runs", "migrate", "one", "--to", "zz").exit_code == 2
    assert sopc("runs", "migrate").exit_code == 2


@pytest.mark.usefixtures("folder")
def test_pausing_says_what_is_paused() -> None:
    sopc("deploy", "refunds")
    done = sopc("pause", "--all", "--by", "Ana", "--reason", "odd figures")
    assert done.stdout == "every procedure is paused\n"
    assert "paused by Ana since" in sopc("procedures").stdout
    assert sopc("resume", "refunds", "--by", "Ana").exit_code == 2
    assert sopc("resume", "--all", "--by", "Ana").stdout == "every procedure goes on\n"
    assert sopc("pause", "--by", "Ana", "--reason", "x").exit_code == 2
    both = sopc("pause", "refunds", "--all", "--by", "Ana", "--reason", "x")
    assert both.exit_code == 2


@pytest.mark.usefixtures("folder")
def test_what_was_erased_is_not_told_as_a_difference() -> None:
    """It cannot be replayed to its end, which is another finding than a decision that differs."""
    sopc("deploy", "refunds")
    worker = office()
    worker.start("one")
    worker.start("two")
    assert sopc("journal", "erase", "--run", "one", "--by", "Ana").exit_code == 0
    done = sopc("replay", "--all")
    told = "2 runs replayed, 0 not the same, 1 only as far as data was erased\n"
    assert (done.exit_code, done.stdout.endswith(told)) == (1, True)
    assert "its content was erased" in sopc("runs", "show", "one").stdout


@pytest.mark.usefixtures("folder")
def test_the_agreement_of_all_is_shown_without_a_name() -> None:
    sopc("deploy", "refunds")
    done = sopc("agreement", "show")
    assert done.stdout == sopc("agreement", "show", "refunds").stdout
    [one] = json.loads(sopc("agreement", "show", "--json").stdout)
    assert one == json.loads(sopc("agreement", "show", "refunds", "--json").stdout)


def test_a_graph_with_several_procedures_names_them_all(folder: Path) -> None:
    """The graph's own name is none of them, and one of them is not guessed."""
    graph = loads_graph(GRAPH).graph
    [first] = graph.procedures
    second = first.model_copy(update={"id": "later"})
    both = graph.model_copy(update={"procedures": (first, second)})
    (folder / "refunds.sop.yaml").write_text(dump_graph(both))
    sopc("deploy", "refunds")
    names = sorted(f"`refunds/{each.id}`" for each in both.procedures)
    done = sopc("run", "refunds")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith(f"help: the graph has several: {', '.join(names)}\n")


@pytest.mark.usefixtures("folder")
def test_replays_agree_and_a_changed_journal_does_not() -> None:
    sopc("deploy", "refunds")
    worker = office()
    worker.start("one")
    worker.start("two")
    assert sopc("replay", "one").stdout.startswith("one: the same, ")
    assert sopc("replay", "--all").stdout == "2 runs replayed, 0 not the same\n"
    with worker.engine.begin() as connection:
        found = select(journal).where(
            journal.c.run == "two", journal.c.kind == "decision:step-done"
        )
        row = connection.execute(found).first()
        assert row is not None
        connection.execute(journal.delete().where(journal.c.run == "two", journal.c.seq == row.seq))
    done = sopc("replay", "--all")
    assert done.exit_code == 1
    assert f"two: differs at entry {row.seq + 1}" in done.stdout
    assert sopc("replay", "three").exit_code == 2
    assert sopc("replay").exit_code == 2


def test_what_is_deployed_unsigned_with_errors_is_warned_of(folder: Path) -> None:
    """Shadowing it is allowed, but nobody is to think that all is well."""
    path = folder / "refunds.sop.yaml"
    path.write_text(GRAPH[: GRAPH.index("    triggers:")] + GRAPH[GRAPH.index("    steps:") :])
    done = sopc("deploy", path)
    assert done.exit_code == 0
    assert f"`{path}` has 1 error (SOP101)" in done.stderr
    assert f"`sopc check {path}` shows them" in done.stderr
