"""`sopc ask`: a dialogue on stdin and stderr that keeps every answer at once."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sopc.cli.app import app
from sopc.graph import HumanTaskStep, Procedure, ProseCitation, Question, Source, StepGraph
from sopc.graph.file import load_graph, save_graph
from sopc_compiler.answers import Answer, load_answers

CITE = ProseCitation(line=3, column=3, length=4, quote="Send")


def _question(number: int, field: str, asks: str, *options: str) -> Question:
    return Question(
        id=f"q-{number}",
        about=f"procedures.main.steps.send.{field}",
        asks=asks,
        passage="0123456789ab",
        field=f"step 1 {field}",
        options=options,
        cite=CITE,
    )


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Save a graph with three open questions beside its prose."""
    (tmp_path / "welcome.md").write_text("# Welcome\n\n- Send the email.\n")
    step = HumanTaskStep(id="send", title="Send")
    made = StepGraph(
        id="welcome",
        title="Welcome",
        source=Source(path="welcome.md", sha256="0" * 64),
        procedures=(Procedure(id="main", title="Welcome", steps=(step,)),),
        questions=(
            _question(1, "system", "which system sends it", "Gmail", "Outlook"),
            _question(2, "deadline", "until when"),
            _question(3, "tier", "how far may it run alone"),
        ),
    )
    save_graph(made, tmp_path / "welcome.sop.yaml")
    return tmp_path / "welcome.sop.yaml"


def _ask(graph: Path, lines: str, *flags: str) -> tuple[Result, tuple[Answer, ...]]:
    done = CliRunner().invoke(app, ["ask", str(graph), "--by", "Ana", *flags], input=lines)
    return done, load_answers(graph.with_name("welcome.answers.yaml")).entries


def test_answers_are_written_with_who_and_when(graph: Path) -> None:
    """An option by number, words, and a number where the field holds one."""
    done, answers = _ask(graph, "2\n4 hours\n2\n")
    assert done.exit_code == 0
    assert [(one.field, one.value) for one in answers] == [
        ("step 1 system", "Outlook"),
        ("step 1 deadline", "4 hours"),
        ("step 1 tier", 2),
    ]
    assert {(one.by, one.words, one.at is not None) for one in answers} == {("Ana", "Send", True)}
    assert "3 of 3 answered" in done.stderr
    assert done.stdout == ""


def test_the_question_is_shown_with_its_sentence_and_options(graph: Path) -> None:
    """What is asked about stands beside the question."""
    done, _ = _ask(graph, "q\n")
    assert "[1/3] which system sends it\n  line 3 │ Send\n  1) Gmail\n  2) Outlook\n" in done.stderr


def test_skipping_and_accepting_what_is_unstated(graph: Path) -> None:
    """Enter leaves a question open, `-` closes it without a value."""
    _, answers = _ask(graph, "\n-\nq\n")
    assert [(one.field, one.unstated) for one in answers] == [("step 1 deadline", True)]


def test_a_bad_value_is_asked_again(graph: Path) -> None:
    """A value that the field cannot hold is refused at once, with what can be written."""
    done, answers = _ask(graph, "Gmail\nsoon\nby 17:00\nq\n")
    assert "`soon` is no deadline; write `4 hours`" in done.stderr
    assert [one.value for one in answers] == ["Gmail", "by 17:00"]


def test_help_explains_and_asks_again(graph: Path) -> None:
    """`?` says what the field holds and which keys there are."""
    done, answers = _ask(graph, "?\nGmail\nq\n")
    assert "`-` accepts that it is unstated" in done.stderr
    assert [one.value for one in answers] == ["Gmail"]


def test_the_end_of_input_keeps_what_was_answered(graph: Path) -> None:
    """A pipe that ends stops the dialogue without an error."""
    done, answers = _ask(graph, "Gmail\n")
    assert done.exit_code == 0
    assert len(answers) == 1


def test_what_was_answered_is_not_asked_again(graph: Path) -> None:
    """A second call goes on where the first stopped, before anything is compiled."""
    _ask(graph, "Gmail\nq\n")
    done, answers = _ask(graph, "4 hours\nq\n")
    assert "[1/2] until when" in done.stderr
    assert [one.id for one in answers] == ["q-1", "q-2"]


def test_open_questions_can_be_listed(graph: Path) -> None:
    """`--list` asks nothing; the prose may be named instead of the graph."""
    prose = graph.with_name("welcome.md")
    done = CliRunner().invoke(app, ["ask", str(prose), "--list"])
    assert done.stdout.splitlines()[0] == f"{prose}:3: which system sends it [step 1 system]"


def test_open_questions_can_be_read_by_programs(graph: Path) -> None:
    """`--format json` gives every field of a question."""
    done = CliRunner().invoke(app, ["ask", str(graph), "--list", "--format", "json"])
    listed = json.loads(done.stdout)
    assert [one["id"] for one in listed] == ["q-1", "q-2", "q-3"]
    assert listed[0]["options"] == ["Gmail", "Outlook"]


def test_a_graph_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Prose that was never compiled leads to `sopc compile`."""
    prose = tmp_path / "new.md"
    prose.write_text("# New\n")
    done = CliRunner().invoke(app, ["ask", str(prose)])
    assert done.exit_code == 2
    assert f"help: `sopc compile {prose}` makes it" in done.stderr


@pytest.mark.parametrize(
    ("options", "typed", "kept"),
    [
        (("send(to = email)", "drop", "none"), "yes", "send(to = email)"),
        (("send()", "none"), "y", "send()"),
        (("send(to = email)", "drop", "none"), "2", "drop"),
        (("send(to = email)", "none"), "none", "none"),
        (("send(to = email)", "none"), 'send(to = "a@b.example")', 'send(to = "a@b.example")'),
    ],
)
def test_a_proposed_call_is_confirmed_by_yes(
    graph: Path, options: tuple[str, ...], typed: str, kept: str
) -> None:
    """The answer holds the call itself, whichever way it was confirmed."""
    asks = _question(1, "binding", "is this how it is done", *options)
    made = load_graph(graph).graph.model_copy(update={"questions": (asks,)})
    save_graph(made, graph)
    _, answers = _ask(graph, f"{typed}\n")
    assert [(one.field, one.value) for one in answers] == [("step 1 binding", kept)]


def test_yes_confirms_nothing_that_was_not_proposed(graph: Path) -> None:
    """Where operations are only listed, `yes` is no answer, and not the first of them."""
    asks = _question(1, "binding", "which operation does it", "drop", "none")
    made = load_graph(graph).graph.model_copy(update={"questions": (asks,)})
    save_graph(made, graph)
    done, answers = _ask(graph, "yes\n\n")
    assert answers == ()
    assert "`yes` is no answer" in done.stderr
