"""`docs/answers.md`, held to the program."""

import re
from pathlib import Path

from docs.pages import ROOT, blocks, rows
from sopc_compiler.answers import load_answers
from sopc_compiler.answers.field import NAMES, AnswerField, answer_field
from sopc_compiler.answers.value import allowed, read_value

PAGE: Path = ROOT / "docs/answers.md"


def fields() -> list[str]:
    """Every field that there is, as the page writes it."""
    found = [
        f"{subject}{'' if subject == 'procedure' else ' N'} {name}"
        for subject, names in NAMES.items()
        for name in names
    ]
    return [*found[: len(NAMES["step"])], "step N when K cel", *found[len(NAMES["step"]) :]]


def of(words: str) -> AnswerField:
    return answer_field(words.replace("N", "1").replace("K", "1"))


def test_every_field_is_described_in_the_words_of_the_command() -> None:
    """The table lists the fields in order, each with what `sopc ask` says of it."""
    assert rows(PAGE, "## Fields") == [[f"`{each}`", allowed(of(each))] for each in fields()]


def test_the_example_loads_and_can_be_read(tmp_path: Path) -> None:
    """The block of answers is a file, and its value one that its field holds."""
    (block,) = blocks(PAGE, "yaml")
    path = tmp_path / "x.answers.yaml"
    path.write_text(block.text)
    (entry,) = load_answers(path).entries
    assert read_value(answer_field(entry.field), entry.value).operation == "send"


def test_the_short_forms_in_the_text_are_read() -> None:
    """Each type that the page shows is one."""
    text = PAGE.read_text(encoding="utf-8").partition("## Data")[2].partition("##")[0]
    shown = re.findall(r"`((?:fee|tier|ids) [^`]+)`", text)
    assert len(shown) == 3
    for each in shown:
        assert read_value(answer_field("trigger 1 payload"), each)[0].name in each
