"""What is said about answers that no longer apply."""

from pathlib import Path

import pytest

from sopc.cli import output
from sopc.cli.stale import tell_answers
from sopc_compiler.answers import Answer, AnswersReport, StaleAnswer, UnusedAnswer

PATH = Path("welcome.answers.yaml")


def _answer(name: str, words: str | None = None) -> Answer:
    return Answer(id=name, passage="0123456789ab", words=words, field="step 1 role", value="Clerk")


def _told(report: AnswersReport, capsys: pytest.CaptureFixture[str]) -> str:
    output.reset()
    tell_answers(report, PATH)
    return capsys.readouterr().err


def test_answers_to_one_passage_are_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    """One warning a passage, with the words that changed, marks left aside."""
    words = "Send the `welcome` email promptly, then file the contract."
    new = "Send the welcome letter promptly, then file the contract."
    stale = tuple(StaleAnswer(_answer(name, words), new, "f" * 12) for name in ("who", "where"))
    assert _told(AnswersReport(stale=stale), capsys) == (
        "warning: welcome.answers.yaml: answers `who`, `where` are about changed words\n"
        'help: if still right, set `passage` to "ffffffffffff": “email” became “letter”\n'
    )


def test_words_that_are_gone_are_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is similar, the old words tell what the answer was about."""
    report = AnswersReport(stale=(StaleAnswer(_answer("who", "Send the email.")),))
    assert _told(report, capsys) == (
        "warning: welcome.answers.yaml: answer `who` is about changed words: “Send the email.”\n"
        "help: answer again with `sopc ask`, or remove it\n"
    )


def test_answers_without_effect_say_why(capsys: pytest.CaptureFixture[str]) -> None:
    """What the passage did not become is named."""
    report = AnswersReport(unused=(UnusedAnswer(_answer("who"), "the passage has no step 1"),))
    assert _told(report, capsys) == (
        "warning: welcome.answers.yaml: answer `who`, `step 1 role`, has no effect: "
        "the passage has no step 1\n"
    )
