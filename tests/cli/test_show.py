"""`sopc show` and `sopc schema`: a graph beside its prose, and the schemas of the files."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from sopc.cli.app import app
from sopc.cli.source_text import SourceText
from sopc.graph import (
    HumanTaskStep,
    Procedure,
    ProseCitation,
    Source,
    SourcePassage,
    StepGraph,
)
from sopc.graph.file import save_graph

PROSE = "# Welcome\r\n\r\n- Send the email.\r\n"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Save a graph of one step beside its prose, whose lines end as Windows ends them."""
    prose = tmp_path / "welcome.md"
    prose.write_bytes(PROSE.encode())
    cite = ProseCitation(line=3, column=3, length=4, quote="Send")
    step = HumanTaskStep(id="send", title="Send", citations={"title": cite})
    made = StepGraph(
        id="welcome",
        title="Welcome",
        source=Source(path="welcome.md", sha256=hashlib.sha256(PROSE.encode()).hexdigest()),
        procedures=(Procedure(id="main", title="Welcome", steps=(step,)),),
        passages=(SourcePassage(line=3, column=3, length=15, kind="item", hash="0123456789ab"),),
    )
    save_graph(made, tmp_path / "welcome.sop.yaml")
    return tmp_path / "welcome.sop.yaml"


def test_the_tree_has_the_passage_beside_the_step(graph: Path) -> None:
    """The whole passage is shown, not only the quoted words."""
    done = CliRunner().invoke(app, ["show", str(graph)])
    assert done.exit_code == 0
    assert "3 │ Send the email." in done.stdout


def test_of_a_long_passage_the_sentence_is_shown() -> None:
    """Where a passage has several sentences, the cited one stands beside the step."""
    text = "1. **Mail.** Send it (e.g. today). If it *bounces*, call. Then file it.\n"
    passage = SourcePassage(line=1, column=4, length=68, kind="item", hash="0123456789ab")
    graph = StepGraph(
        id="g",
        title="G",
        procedures=(Procedure(id="p", title="P"),),
        passages=(passage,),
    )
    source = SourceText(graph, text)
    quotes = ("Mail", "Send", "call", "file")
    shown = [
        source.sentence(ProseCitation(line=1, column=text.index(quote) + 1, length=4, quote=quote))
        for quote in quotes
    ]
    assert shown == ["Mail.", "Send it (e.g. today).", "If it *bounces*, call.", "Then file it."]
    assert source.words("0123456789ab") == (
        "Mail. Send it (e.g. today). If it *bounces*, call. Then file it."
    )


def test_newer_prose_is_not_quoted(graph: Path) -> None:
    """When the prose has changed, only what the graph itself quotes is shown."""
    graph.with_name("welcome.md").write_text("# Welcome\n\n- Burn the email.\n")
    done = CliRunner().invoke(app, ["show", str(graph)])
    assert "3 │ Send\n" in done.stdout
    assert "Burn" not in done.stdout


def test_the_prose_is_printed_with_line_numbers(graph: Path) -> None:
    """A citation's line can be looked up, whatever the line ends."""
    done = CliRunner().invoke(app, ["show", str(graph), "--as", "prose"])
    assert done.stdout == "1 | # Welcome\n2 | \n3 | - Send the email.\n4 | \n"


def test_changed_prose_is_not_printed_as_the_source(graph: Path) -> None:
    """Lines of newer prose would not be those that the graph cites."""
    graph.with_name("welcome.md").write_text("changed")
    done = CliRunner().invoke(app, ["show", str(graph), "--as", "prose"])
    assert done.exit_code == 2
    assert "has changed since" in done.stderr


def test_the_chart_goes_to_stdout(graph: Path) -> None:
    """Mermaid text can be piped."""
    done = CliRunner().invoke(app, ["show", str(graph), "--as", "mermaid"])
    assert done.stdout.startswith("flowchart TD\n")


def test_an_unknown_procedure_lists_those_there_are(graph: Path) -> None:
    """A wrong id is wrong usage, and the hint has the right ones."""
    done = CliRunner().invoke(app, ["show", str(graph), "--procedure", "mian"])
    assert (done.exit_code, done.stderr) == (
        2,
        f"error: `{graph}` has no procedure `mian`\nhelp: it has `main`\n",
    )


@pytest.mark.parametrize("kind", ["graph", "organization", "answers"])
def test_schemas_are_valid_schemas(kind: str) -> None:
    """What is printed is a JSON Schema."""
    done = CliRunner().invoke(app, ["schema", kind])
    jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))


def test_a_schema_can_go_to_a_file(tmp_path: Path) -> None:
    """`-o` writes the file and leaves stdout empty."""
    target = tmp_path / "graph.schema.json"
    done = CliRunner().invoke(app, ["schema", "-o", str(target)])
    assert done.stdout == ""
    assert json.loads(target.read_text())["title"]


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    """`sopc schema | head -1` leaves no traceback behind."""
    script = (
        "import os, sys\n"
        "sys.argv = ['sopc', 'schema']\n"
        "reading, writing = os.pipe(); os.close(reading); os.dup2(writing, 1)\n"
        "from sopc.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (141, b"")
