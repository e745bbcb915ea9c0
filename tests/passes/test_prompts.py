"""Each prompt says what it is for, and its worked examples do as it asks."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jsonschema import Draft202012Validator

from sopc_compiler.llm import Message
from sopc_compiler.passes.choice import choice_schema
from sopc_compiler.passes.extract import SCHEMA
from sopc_compiler.passes.locate import locate
from sopc_compiler.prompt import load_prompt

FOLDER = Path(__file__).parents[2] / "prompts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.j2"))
INPUTS = {
    "section": "S",
    "lead": "",
    "step": "Sends it",
    "asks": "Which?",
    "choices": "none",
    "passage": "P",
}


def worked_examples() -> list[tuple[str, dict[str, list[str]]]]:
    """The worked examples of the extraction prompt: what is shown, and the answer to it."""
    messages = load_prompt("extract").messages(INPUTS)
    return [
        (question.content, json.loads(answer.content))
        for question, answer in pairwise(messages)
        if answer.role == "assistant"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_opens_with_its_header(name: str) -> None:
    """The header states purpose, inputs, output and version, and reaches no message."""
    source = (FOLDER / f"{name}.j2").read_text(encoding="utf-8")
    header = re.match(r"\{#-\n(.*?)-#\}\n--- system\n", source, re.DOTALL)
    assert header is not None
    stated = dict(re.findall(r"^(\w+): (\S.*)$", header[1], re.MULTILINE))
    assert {"purpose", "inputs", "output", "version"} <= stated.keys()
    assert stated["version"].isdigit()
    texts = [message.content for message in load_prompt(name).messages(INPUTS)]
    assert not any("purpose:" in text for text in texts)


def test_there_are_worked_examples_with_and_without_facts() -> None:
    """The examples show an answer with facts and one that has none."""
    answers = [answer for _, answer in worked_examples()]
    assert any(any(answer.values()) for answer in answers)
    assert any(not any(answer.values()) for answer in answers)


@pytest.mark.parametrize(("shown", "answer"), worked_examples())
def test_a_worked_answer_fits_the_schema(shown: str, answer: dict[str, list[str]]) -> None:
    """What the examples answer is what the schema allows."""
    assert "Passage: " in shown
    Draft202012Validator(SCHEMA).validate(answer)


@pytest.mark.parametrize(("shown", "answer"), worked_examples())
def test_worked_quotes_stand_in_their_passage(shown: str, answer: dict[str, list[str]]) -> None:
    """Each quote of an example is copied from its own passage or lead."""
    _, _, given = shown.partition("\n")
    for quote in (quote for quotes in answer.values() for quote in quotes):
        assert quote in given
        assert locate(quote, given) is not None


def test_the_passage_comes_last() -> None:
    """All requests share everything before the last message, so that a server reads it once."""
    prompt = load_prompt("extract")
    one = prompt.messages({"section": "A", "lead": "L:", "passage": "one"})
    other = prompt.messages({"section": "B", "lead": "", "passage": "two"})
    assert one[:-1] == other[:-1]
    assert one[-1] == Message("user", "Section: A\nLead: L:\nPassage: one")
    assert other[-1] == Message("user", "Section: B\nPassage: two")


def test_a_missing_input_is_an_error() -> None:
    """A template never fills a gap with nothing."""
    with pytest.raises(UndefinedError):
        load_prompt("extract").messages({"section": "A", "lead": ""})


def bind_examples() -> list[tuple[str, dict[str, str]]]:
    """The worked examples of the binding prompt."""
    messages = load_prompt("bind").messages(INPUTS)
    return [
        (question.content, json.loads(answer.content))
        for question, answer in pairwise(messages)
        if answer.role == "assistant"
    ]


@pytest.mark.parametrize(("shown", "answer"), bind_examples())
def test_a_worked_choice_is_one_of_the_list(shown: str, answer: dict[str, str]) -> None:
    """Each example chooses what it was offered, and quotes only words of its passage."""
    passage, _, rest = shown.partition("\nStep: ")
    listed = [line.partition(":")[0].split(" (")[0] for line in rest.splitlines()[3:]]
    assert answer["choice"] in listed
    Draft202012Validator(choice_schema(listed, quotes="quote" in answer)).validate(answer)
    quote = answer.get("quote", "")
    assert bool(quote) == (answer["choice"] == "quoted")
    assert not quote or locate(quote, passage) is not None
