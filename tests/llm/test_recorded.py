"""The real embedded model's answers, played from cassettes."""

from pathlib import Path

import pytest
import yaml
from vcr.errors import (  # type: ignore[import-untyped]
    CannotOverwriteExistingCassetteException,
)

from cassettes import RECORDING, ModelCassette
from llm.fake_endpoint import question
from sopc_compiler.llm import Gateway, Message, resolve_settings

INSTRUCTIONS = "You read one sentence of a procedure. Copy its words into JSON; leave out the rest."
SCHEMA = {
    "type": "object",
    "properties": {
        "actor": {"type": "string", "maxLength": 60},
        "action": {"type": "string", "maxLength": 120},
        "deadline": {"type": "string", "maxLength": 60},
    },
    "required": ["actor", "action"],
    "additionalProperties": False,
}
SENTENCES = (
    "The account manager sends the welcome email within two hours.",
    "Finance posts the invoice in the ledger.",
)


def ask(*sentences: str) -> list[object]:
    """Ask the embedded model about sentences, as a pass would."""
    requests = [
        question(
            messages=(Message("system", INSTRUCTIONS), Message("user", sentence)),
            schema=SCHEMA,
            max_tokens=100,
        )
        for sentence in sentences
    ]
    with Gateway(resolve_settings()) as gateway:
        return [reply.data for reply in gateway.ask(requests)]


def test_the_embedded_model_answers_what_was_asked(model_cassette: ModelCassette) -> None:
    """The real model copies words into JSON that fits the schema."""
    with model_cassette("two_sentences"):
        first, second = ask(*SENTENCES)

    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first["actor"].lower() in SENTENCES[0].lower()
    assert second["actor"] == "Finance"


@pytest.mark.skipif(RECORDING, reason="shows what playing does")
def test_a_request_that_was_not_recorded_fails(model_cassette: ModelCassette) -> None:
    """A cassette answers nothing but what was recorded."""
    with pytest.raises(CannotOverwriteExistingCassetteException), model_cassette("two_sentences"):
        ask("Sales calls.")


@pytest.mark.skipif(RECORDING, reason="shows what playing does")
def test_a_half_played_cassette_fails(model_cassette: ModelCassette) -> None:
    """A test that makes fewer requests than were recorded fails."""
    with (
        pytest.raises(AssertionError, match="not every recorded request"),
        model_cassette("two_sentences"),
    ):
        ask(SENTENCES[0])


def test_cassettes_hold_no_secret_and_no_place() -> None:
    """Every committed cassette is scrubbed: no key, no address, no path of a machine."""
    files = sorted(Path(__file__).parents[1].rglob("cassettes/*.yaml"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        told = yaml.safe_load(text)["interactions"]
        assert {name for one in told for name in one["request"]["headers"]} == {"content-type"}
        assert {one["request"]["uri"].partition("/v1")[0] for one in told} == {
            "http://model.invalid"
        }
        for forbidden in ("Bearer ", "authorization", ".gguf", "127.0.0.1"):
            assert forbidden not in text, f"{file.name} holds `{forbidden}`"
