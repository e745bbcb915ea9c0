"""`sopc run`: one run by hand, or one for each row."""

import csv
import json
from collections.abc import Callable, Collection
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from sqlalchemy import Engine, update
from typer.testing import CliRunner, Result

from sopc.cli.app import app
from sopc_runtime.driver.lock import exclusive
from sopc_runtime.serve import foreground
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import runs

GRAPH = """\
format: 1
id: classify
title: classify
procedures:
  - id: main
    title: main
    triggers:
      - kind: request
        id: ask
        says: somebody asks
        payload:
          - {name: amount, type: integer}
          - {name: note, type: string, required: false}
    steps:
      - id: double
        kind: compute
        title: Double it
        values: [{name: doubled, type: integer, cel: "100 / amount * 2"}]
      - id: look
        kind: human_task
        title: Look at it
        role: clerk
        when: [{says: it is large, cel: "amount > 50"}]
"""

Sopc = Callable[..., Result]


@pytest.fixture
def sopc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sopc:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOPC_DATABASE_URL", raising=False)
    (tmp_path / "classify.sop.yaml").write_text(GRAPH, encoding="utf-8")

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--data", "data"])

    return call


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_graph_file_is_deployed_and_run_to_its_end(sopc: Sopc) -> None:
    """What it worked out is the result; the second time it is deployed already."""
    result = sopc("run", "classify.sop.yaml", "--set", "amount=5", "--id", "r1")
    assert (result.exit_code, result.stdout) == (0, "r1: done\ndoubled = 40\n")
    assert "deployed `classify` in shadow mode" in result.stderr
    again = sopc("run", "classify.sop.yaml", "--set", "amount=5", "--id", "r1")
    assert (again.exit_code, again.stdout) == (0, "r1: done\ndoubled = 40\n")
    assert "deployed" not in again.stderr


def test_a_run_that_waits_for_a_person_says_so(sopc: Sopc) -> None:
    """Exit code 4, and the task that it waits for."""
    result = sopc("run", "classify.sop.yaml", "--set", "amount=99", "--id", "r1")
    assert (result.exit_code, result.stdout) == (4, "r1: waiting\n")
    assert "waits for task 1 (work) of clerk: Look at it\n" in result.stderr
    assert "`sopc serve` goes on with it" in result.stderr


def test_a_file_and_flags_are_read_each_in_its_way(sopc: Sopc, tmp_path: Path) -> None:
    """Flags are words and win; a word in JSON is no number."""
    (tmp_path / "in.json").write_text('{"amount": 5, "note": "x"}', encoding="utf-8")
    taken = sopc("run", "classify.sop.yaml", "--input", "in.json", "--set", "amount=10")
    assert "doubled = 20" in taken.stdout
    (tmp_path / "in.json").write_text('{"amount": "5"}', encoding="utf-8")
    refused = sopc("run", "classify", "--input", "in.json")
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "amont=5"], "`amont` is not asked for; `amount` is; `amount` is missing"),
        (["--set", "amount=five"], "`amount` is no integer: 'five'"),
        (["--set", "amount"], "`--set amount` is not written as `--set NAME=VALUE`"),
        (["--trigger", "other"], "procedure `classify` has no trigger `other`"),
        (["--inputs", "rows.csv"], "`--inputs` needs `--results`"),
        (["--results", "x.csv"], "`--results`, `--key` and `--batch` go with `--inputs`"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_started(
    sopc: Sopc, words: list[str], message: str
) -> None:
    """Exit code 2."""
    result = sopc("run", "classify.sop.yaml", *words)
    assert result.exit_code == 2
    assert message in str(result.exception or "") + result.stderr


def test_where_another_process_carries_runs_out_it_is_only_started(
    sopc: Sopc, tmp_path: Path
) -> None:
    """Two that carry out one file's runs would do them twice."""
    sopc("run", "classify.sop.yaml", "--set", "amount=5", "--id", "r1")
    engine = open_database(tmp_path / "data")
    lock = exclusive(engine)
    assert lock is not None
    with lock:
        result = sopc("run", "classify", "--set", "amount=5", "--id", "r2")
    engine.dispose()
    assert (result.exit_code, result.stdout) == (0, "r2: started\n")
    assert "another process carries it out" in result.stderr


def test_every_row_is_one_run_and_bad_rows_are_kept_with_their_lines(
    sopc: Sopc, tmp_path: Path
) -> None:
    """The others are done; one that fails for its values makes the exit code 1."""
    (tmp_path / "rows.csv").write_text(
        'id,amount,note\na,5,\nb,five,\nc,1,2,3\nd,20,"two\nlines"\n,7,\n', encoding="utf-8"
    )
    result = sopc(
        *("run", "classify.sop.yaml", "--inputs", "rows.csv", "--results", "out.csv"), "--key", "id"
    )
    assert result.exit_code == 1
    found = {row["line"]: row for row in _rows(tmp_path / "out.csv")}
    assert {line: row["status"] for line, row in found.items()} == {
        "2": "done",
        "3": "refused",
        "4": "refused",
        "5": "done",
        "7": "refused",
    }
    assert (found["5"]["doubled"], found["5"]["run"]) == ("10", "classify:rows:d")
    assert found["3"]["problem"] == "`amount` is no integer: 'five'"
    assert found["4"]["problem"] == "it has 4 values for 3 columns"
    assert found["7"]["problem"] == "`id`, which names the row, is missing"
    assert "line 3: `amount` is no integer" in result.stderr


def test_a_batch_goes_on_where_it_stopped(sopc: Sopc, tmp_path: Path) -> None:
    """Rows that were run are not run again; equal rows are each a run; JSON lines are taken."""
    line = json.dumps({"amount": 4}) + "\n"
    (tmp_path / "rows.jsonl").write_text(line * 2, encoding="utf-8")
    words = ("run", "classify.sop.yaml", "--inputs", "rows.jsonl", "--results", "out.jsonl")
    assert sopc(*words).exit_code == 0
    (tmp_path / "rows.jsonl").write_text(line * 3, encoding="utf-8")
    again = sopc(*words)
    assert "3 rows: 3 done, 2 of them begun before" in again.stderr
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(each)["run"] for each in lines}) == 3
    assert {json.loads(each)["doubled"] for each in lines} == {50}


def test_300_rows_are_done_as_a_plain_function_does_them(sopc: Sopc, tmp_path: Path) -> None:
    """Each by a run of its own, many at once."""
    amounts = [number % 40 + 1 for number in range(300)]
    text = "".join(f"{number},{amount}\n" for number, amount in enumerate(amounts))
    (tmp_path / "rows.csv").write_text("id,amount\n" + text, encoding="utf-8")
    words = ("run", "classify.sop.yaml", "--inputs", "rows.csv", "--results", "out.csv")
    assert sopc(*words, "--key", "id").exit_code == 0
    found = {int(row["id"]): int(row["doubled"]) for row in _rows(tmp_path / "out.csv")}
    assert found == {number: 100 // amount * 2 for number, amount in enumerate(amounts)}


def test_rows_that_wait_make_the_exit_code_4(sopc: Sopc, tmp_path: Path) -> None:
    """And say for whom."""
    (tmp_path / "rows.csv").write_text("amount\n99\n5\n", encoding="utf-8")
    words = ("run", "classify.sop.yaml", "--inputs", "rows.csv", "--results", "out.csv")
    assert sopc(*words).exit_code == 4
    found = {row["amount"]: row for row in _rows(tmp_path / "out.csv")}
    assert (found["99"]["status"], found["5"]["status"]) == ("waiting", "done")
    assert found["99"]["problem"].startswith("waits for task 1 (work) of clerk")


def test_texts_that_spreadsheets_would_execute_are_quoted_in_results(
    sopc: Sopc, tmp_path: Path
) -> None:
    """Only in CSV, and neither numbers nor other texts."""
    rows = ["amount,note", "5,=HYPERLINK(A1)", "6,@x", "7,-5", "8,plain"]
    (tmp_path / "rows.csv").write_text("\n".join(rows), encoding="utf-8")
    words = ("run", "classify.sop.yaml", "--inputs", "rows.csv", "--results")
    assert sopc(*words, "out.csv").exit_code == 0
    notes = [row["note"] for row in _rows(tmp_path / "out.csv")]
    assert sorted(notes) == ["'=HYPERLINK(A1)", "'@x", "-5", "plain"]
    assert sopc(*words, "out.jsonl", "--batch", "again").exit_code == 0
    assert '"=HYPERLINK(A1)"' in (tmp_path / "out.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("run", ["*", " ", "a\nb", "\x1b[31m", "x" * 501])
def test_a_run_has_an_id_that_can_be_read(sopc: Sopc, run: str) -> None:
    """`*` is the chain of what concerns no run."""
    result = sopc("run", "classify.sop.yaml", "--set", "amount=5", "--id", run)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is no id of a run" in result.stderr


def test_a_run_of_another_procedure_is_not_taken_for_one_of_this(
    sopc: Sopc, tmp_path: Path
) -> None:
    """What is sensitive in it is so by the other graph."""
    other = GRAPH.replace("id: classify", "id: other")
    (tmp_path / "other.sop.yaml").write_text(other, encoding="utf-8")
    assert sopc("run", "other.sop.yaml", "--set", "amount=5", "--id", "r1").exit_code == 0
    result = sopc("run", "classify.sop.yaml", "--set", "amount=5", "--id", "r1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "run `r1` is one of `other`" in result.stderr


def test_a_row_may_be_called_zero_and_columns_are_quoted_as_texts_are(
    sopc: Sopc, tmp_path: Path
) -> None:
    """Names of columns come from outside as well."""
    line = json.dumps({"id": 0, "amount": 4, "=1+1": "x"})
    (tmp_path / "rows.jsonl").write_text(line, encoding="utf-8")
    words = ("run", "classify.sop.yaml", "--inputs", "rows.jsonl", "--results", "out.csv")
    assert sopc(*words, "--key", "id").exit_code == 0
    [row] = _rows(tmp_path / "out.csv")
    assert (row["run"], row["'=1+1"]) == ("classify:rows:0", "x")


def _carried_out_by_nobody(monkeypatch: pytest.MonkeyPatch, problem: str) -> None:
    """Let runs be marked as stuck, all but those called `good`."""
    tell = foreground.standings

    def marked(engine: Engine, ids: Collection[str]) -> list[foreground.Standing]:
        good = runs.c.id.like("%good")
        with engine.begin() as connection:
            connection.execute(update(runs).where(~good).values(problem=problem))
            connection.execute(update(runs).where(good).values(status="done"))
        return tell(engine, ids)

    monkeypatch.setattr(foreground, "executing", lambda *_: nullcontext(MagicMock()))
    monkeypatch.setattr(foreground, "standings", marked)
    monkeypatch.setattr(foreground, "SECONDS_AILING", 0.2)


def test_a_batch_ends_though_runs_cannot_go_on(
    sopc: Sopc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stand in the results with what is wrong."""
    _carried_out_by_nobody(monkeypatch, "internal error: X")
    (tmp_path / "rows.csv").write_text("id,amount\nbad,5\ngood,5\n", encoding="utf-8")
    words = ("run", "classify.sop.yaml", "--inputs", "rows.csv", "--results", "out.csv")
    assert sopc(*words, "--key", "id").exit_code == 1
    found = {row["id"]: (row["status"], row["problem"]) for row in _rows(tmp_path / "out.csv")}
    assert found == {"bad": ("stuck", "internal error: X"), "good": ("done", "")}


def test_a_run_is_waited_for_though_others_cannot_go_on(
    sopc: Sopc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that cannot itself says why."""
    _carried_out_by_nobody(monkeypatch, "internal error: X")
    result = sopc("run", "classify.sop.yaml", "--set", "amount=5", "--id", "bad")
    assert result.exit_code == 3
    assert "run `bad` cannot go on now: internal error: X" in result.stderr
    assert sopc("run", "classify", "--set", "amount=5", "--id", "good").exit_code == 0


def test_a_row_that_was_run_with_other_values_is_refused(sopc: Sopc, tmp_path: Path) -> None:
    """Else what came of the old ones would stand beside the new ones."""
    words = ("run", "classify.sop.yaml", "--inputs", "rows.csv", "--results", "out.csv")
    for amount, code in ((5, 0), (20, 1), (5, 0)):
        (tmp_path / "rows.csv").write_text(f"id,amount\na,{amount}\n", encoding="utf-8")
        assert sopc(*words, "--key", "id").exit_code == code
        [row] = _rows(tmp_path / "out.csv")
        assert row["status"] == ("refused" if code else "done")
        assert row["problem"].startswith("it was run with other values before") is bool(code)
    (tmp_path / "rows.csv").write_text("id,amount\na,20\n", encoding="utf-8")
    assert sopc(*words, "--key", "id", "--batch", "new").exit_code == 0
