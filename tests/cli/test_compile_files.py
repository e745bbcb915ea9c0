"""What `sopc compile` reads and writes, with a compiler that makes a graph of the first line."""

import io
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sopc.cli import output
from sopc.cli.app import app
from sopc.cli.batch import Batch
from sopc.cli.documents import documents
from sopc.cli.job import jobs
from sopc.errors import UsageError, WorkError
from sopc.graph import HumanTaskStep, Procedure, SignOff, Source, StepGraph
from sopc.graph.file import load_graph, save_graph
from sopc_compiler.answers import (
    Anchors,
    Answer,
    Answers,
    AnswersReport,
    Place,
    apply_answers,
    save_answer,
)
from sopc_compiler.llm import GatewayStats
from sopc_compiler.read.document import Document, passage_hash


@dataclass
class Compiled:
    """A graph and what became of the answers."""

    graph: StepGraph
    answers: AnswersReport


@dataclass
class OneStep:
    """Compiles a document to one step; one that says `fail` fails."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, document: Document, **given: Any) -> Compiled:
        self.asked.append(given)
        if "fail" in document.text:
            raise WorkError("the endpoint is away", hint="try again")
        if "crash" in document.text:
            raise ZeroDivisionError
        graph = StepGraph(
            id=given["graph_id"],
            title=document.passages[0].text,
            source=Source(path=given["source_path"], sha256=document.sha256),
            procedures=(
                Procedure(id="main", title="Main", steps=(HumanTaskStep(id="do", title="Do"),)),
            ),
        )
        anchor = passage_hash(document.passages[0])
        anchors = Anchors(
            {passage_hash(one): one.text for one in document.passages},
            {(anchor, "step 1"): (Place("main", "do"),)},
        )
        return Compiled(*apply_answers(graph, anchors, given["answers"] or Answers()))


def _run(*inputs: Path | str, **flags: Any) -> tuple[Batch, OneStep]:
    output.reset()
    compiler = OneStep()
    batch = Batch(compiler, GatewayStats, None, 5_000_000)
    given = {"to": None, "stdout": False, "name": "stdin.md", "answers": None} | flags
    batch.run(jobs([str(one) for one in inputs], **given))
    return batch, compiler


@pytest.fixture
def prose(tmp_path: Path) -> Path:
    """Write a document."""
    path = tmp_path / "Welcome Client.md"
    path.write_text("# Welcome\n\nSend the email.\n")
    return path


def test_the_graph_stands_beside_the_prose(prose: Path) -> None:
    """NAME.md becomes NAME.sop.yaml, whose source is named relative to it."""
    batch, _ = _run(prose)
    graph = load_graph(prose.with_name("Welcome Client.sop.yaml")).graph
    assert (batch.worst, graph.id) == (0, "welcome-client")
    assert graph.source is not None
    assert graph.source.path == "Welcome Client.md"


def test_unchanged_prose_leaves_the_file_alone(
    prose: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second compile does not write, and says so."""
    _run(prose)
    target = prose.with_name("Welcome Client.sop.yaml")
    before = target.stat()
    capsys.readouterr()
    _run(prose)
    after = target.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert capsys.readouterr().err.endswith("unchanged\n")


def test_sign_offs_and_comments_are_carried_over(prose: Path) -> None:
    """Compiling again keeps what people put into the graph file."""
    _run(prose)
    target = prose.with_name("Welcome Client.sop.yaml")
    signed = SignOff(by="Ana", at=datetime(2026, 1, 1, tzinfo=UTC), graph="0" * 64)
    graph = load_graph(target).graph.model_copy(update={"signoffs": (signed,)})
    save_graph(graph, target)
    target.write_text("# reviewed with Ben\n" + target.read_text())
    prose.write_text("# Welcome, again\n")
    _run(prose)
    assert target.read_text().startswith("# reviewed with Ben\n")
    assert load_graph(target).graph.signoffs == (signed,)
    assert load_graph(target).graph.title == "Welcome, again"


def test_a_broken_graph_file_is_not_replaced(
    prose: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its sign-offs could not be kept, so it is left for its owner to correct."""
    target = prose.with_name("Welcome Client.sop.yaml")
    target.write_text("format: [\n")
    batch, _ = _run(prose)
    assert batch.worst == 2
    assert target.read_text() == "format: [\n"
    assert "its sign-offs and suppressions would be lost" in capsys.readouterr().err


def test_one_failure_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each failure is told with its file, and the exit status is the worst."""
    for name, text in {"a": "", "b": "fail", "c": "# Fine\n", "d": "crash"}.items():
        (tmp_path / f"{name}.md").write_text(text)
    batch, _ = _run(tmp_path)
    told = capsys.readouterr().err
    assert batch.worst == 3
    assert [path.name for path in batch.made] == ["c.sop.yaml"]
    assert f"error: {tmp_path / 'b.md'}: the endpoint is away\nhelp: try again" in told
    assert f"error: {tmp_path / 'd.md'}: internal error: ZeroDivisionError" in told
    assert "Traceback" not in told


def test_answers_beside_the_prose_are_applied(prose: Path) -> None:
    """The answers file is found by the prose's name."""
    _, compiler = _run(prose)
    entry = Answer(
        id="who", passage=_hash_of_title(), field="step 1 role", value="Office manager", by="Ana"
    )
    save_answer(entry, prose.with_name("Welcome Client.answers.yaml"))
    _, compiler = _run(prose)
    graph = load_graph(prose.with_name("Welcome Client.sop.yaml")).graph
    assert graph.procedures[0].steps[0].role == "office-manager"
    assert compiler.asked[0]["answers"].entries == (entry,)


def test_stale_answers_are_told_and_kept(prose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An answer to words that changed stays in its file; the warning offers the new passage."""
    answers = prose.with_name("Welcome Client.answers.yaml")
    entry = Answer(
        id="who", passage="ffffffffffff", words="Send an email.", field="step 1 role", value="Clerk"
    )
    save_answer(entry, answers)
    before = answers.read_bytes()
    batch, _ = _run(prose)
    told = capsys.readouterr().err
    assert batch.worst == 0
    assert "answer `who` is about changed words\n" in told
    assert 'help: if still right, set `passage` to "' in told
    assert "“an” became “the”\n" in told
    assert answers.read_bytes() == before


def test_stdin_goes_to_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` is read as the file that `--name` says, and nothing is written."""
    piped = io.TextIOWrapper(io.BytesIO(b"# Piped\n"))
    monkeypatch.setattr(sys, "stdin", piped)
    batch, _ = _run("-", name="pipe.md")
    assert batch.made == []
    assert "id: pipe\ntitle: Piped\n" in capsys.readouterr().out


def test_answers_to_stdin_stand_beside_its_graph(tmp_path: Path) -> None:
    """What `sopc ask` wrote about a piped document is found again."""
    target = tmp_path / "pipe.sop.yaml"
    planned = jobs(["-"], to=target, stdout=False, name="stdin.md", answers=None)
    assert planned[0].answers == tmp_path / "pipe.answers.yaml"


def test_words_of_files_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape characters in messages are shown, not sent."""
    output.reset()
    output.warn("gone: \x1b[2J\u202e", hint="two\nlines")
    assert capsys.readouterr().err == "warning: gone: ␛[2J\ufffd\nhelp: two\nlines\n"


def test_a_folder_takes_the_graphs_of_several(tmp_path: Path) -> None:
    """`-o out/` is made, and the graphs point back to their prose."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n")
    _run(tmp_path, to=tmp_path / "out" / "graphs")
    graph = load_graph(tmp_path / "out/graphs/b.sop.yaml").graph
    assert graph.source is not None
    assert graph.source.path == "../../b.md"


def test_folders_are_searched_for_prose_only(tmp_path: Path) -> None:
    """Hidden files, files about the folder, lock files and graphs are no prose."""
    taken = ["a.md", "sub/b.DOCX", "sub/c.html"]
    left = ["README.md", ".git/d.md", "~$b.docx", "a.sop.yaml", "e.yaml", "CHANGELOG.txt"]
    for name in (*taken, *left):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert documents([tmp_path, tmp_path / "a.md"]) == [tmp_path / name for name in taken]


def test_a_file_that_is_named_is_taken(tmp_path: Path) -> None:
    """Somebody who names README.md means it."""
    readme = tmp_path / "README.md"
    readme.write_text("# How we work\n")
    assert documents([readme]) == [readme]


@pytest.mark.parametrize(
    ("inputs", "flags", "message"),
    [
        (["gone.md"], {}, "there is no file or folder `gone.md`"),
        (["empty"], {}, "folder `empty` holds no prose"),
        (["a.sop.yaml"], {}, "`a.sop.yaml` is no prose but made from it"),
        (["a.md", "b.md"], {"to": Path("one.yaml")}, "`one.yaml` is one file, and there are 2"),
        (["a.md", "b.md"], {"stdout": True}, "`--stdout` is for one document"),
        (["a.md", "-"], {}, "stdin cannot be compiled together with files"),
        (["a.md", "a.txt"], {}, "`a.md` and `a.txt` would both be written to `a.sop.yaml`"),
    ],
)
def test_flags_that_do_not_fit_are_told(
    inputs: list[str],
    flags: dict[str, Any],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is compiled when it is not clear what goes where."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name in ("a.md", "b.md", "a.txt", "a.sop.yaml"):
        (tmp_path / name).write_text("x")
    given = {"to": None, "stdout": False, "name": "stdin.md", "answers": None} | flags
    with pytest.raises(UsageError) as raised:
        jobs(inputs, **given)
    assert str(raised.value).startswith(message)
    assert raised.value.hint is not None


def test_a_document_that_is_too_large_is_refused(
    prose: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The limit counts bytes, and the hint says how to raise it."""
    output.reset()
    batch = Batch(OneStep(), GatewayStats, None, 10)
    batch.run(jobs([str(prose)], to=None, stdout=False, name="-", answers=None))
    assert batch.worst == 2
    assert "--max-bytes" in capsys.readouterr().err


def test_wrong_settings_are_told_before_anything_is_read(prose: Path) -> None:
    """An endpoint without a model is wrong usage."""
    done = CliRunner().invoke(app, ["compile", str(prose), "--base-url", "http://localhost/v1"])
    assert done.exit_code == 2
    assert "error: an endpoint is set, but no model is named" in done.stderr


def _hash_of_title() -> str:
    from sopc_compiler.read.reader import read_text

    return passage_hash(read_text("# Welcome\n", name="x").passages[0])
