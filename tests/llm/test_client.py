"""One question: structured outputs, repair, retries, and errors that help."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from llm.fake_endpoint import (
    KEY,
    SCHEMA,
    Endpoint,
    Script,
    Turn,
    opened,
    question,
    refused,
    said,
)
from sopc.errors import WorkError
from sopc_compiler.llm import ReplyCache
from sopc_compiler.llm.client import Client

Start = Callable[[Script], Endpoint]
GOOD = '{"actor":"Finance"}'


def test_the_schema_is_sent_as_a_strict_structured_output(endpoint: Start) -> None:
    """The first way to ask is a strict JSON Schema, at temperature 0 with a fixed seed."""
    fake = endpoint(lambda _body, _number: said(GOOD))
    with Client(fake.settings()) as client:
        reply = client.ask(question())

    (body,) = fake.bodies
    form = body["response_format"]["json_schema"]
    assert (form["strict"], form["schema"], form["name"]) == (True, SCHEMA, "step")
    assert (body["temperature"], body["max_tokens"]) == (0, 60)
    assert isinstance(body["seed"], int)
    assert reply.data == {"actor": "Finance"}
    assert (reply.prompt_tokens, reply.completion_tokens) == (10, 5)


def test_optional_properties_are_not_sent_as_strict(endpoint: Start) -> None:
    """A schema with optional properties, which strict outputs refuse, is sent as not strict."""
    fake = endpoint(lambda _body, _number: said("{}"))
    with Client(fake.settings()) as client:
        client.ask(question(schema={**SCHEMA, "required": []}))

    assert fake.bodies[0]["response_format"]["json_schema"]["strict"] is False


def test_a_refused_form_falls_back_and_is_remembered(endpoint: Start) -> None:
    """Schema, then any JSON with the schema in the prompt, then the prompt alone; once learned."""

    def script(body: dict[str, Any], number: int) -> Turn:
        del number
        kind = body.get("response_format", {}).get("type")
        if kind:
            return refused(400, f"response_format type {kind} is unsupported")
        return said(f"Here it is:\n```json\n{GOOD}\n```")

    fake = endpoint(script)
    with Client(fake.settings()) as client:
        first, second = client.ask(question()), client.ask(question("Sales calls."))

    kinds = [body.get("response_format", {}).get("type") for body in fake.bodies]
    assert kinds == ["json_schema", "json_object", None, None]
    assert json.dumps(SCHEMA, separators=(",", ":")) in fake.bodies[-1]["messages"][0]["content"]
    assert first.data == second.data == {"actor": "Finance"}


def test_a_chosen_form_does_not_fall_back(endpoint: Start) -> None:
    """With `structured` set, a refusal is an error that shows the endpoint's words."""
    fake = endpoint(lambda _body, _number: refused(400, "response_format is unsupported"))
    with (
        Client(fake.settings(structured="json")) as client,
        pytest.raises(WorkError, match="response_format is unsupported"),
    ):
        client.ask(question())

    assert len(fake.bodies) == 1


def test_models_with_other_parameters_are_asked_their_way(endpoint: Start) -> None:
    """Endpoints that want `max_completion_tokens` and no temperature get it so."""

    def script(body: dict[str, Any], number: int) -> Turn:
        del number
        if "max_tokens" in body:
            return refused(400, "'max_tokens' is not supported, use 'max_completion_tokens'")
        if "temperature" in body:
            return refused(400, "'temperature' does not support 0 with this model")
        return said(GOOD)

    fake = endpoint(script)
    with Client(fake.settings()) as client:
        assert client.ask(question()).finish == "stop"

    assert fake.bodies[-1]["max_completion_tokens"] == 60
    assert "seed" not in fake.bodies[-1]


def test_an_answer_that_does_not_fit_is_repaired_once(endpoint: Start) -> None:
    """The model is told what is wrong with its answer, and its second one is taken."""
    fake = endpoint(lambda _body, number: said('{"actor":7}' if number == 1 else GOOD))
    with Client(fake.settings()) as client:
        reply = client.ask(question())

    told = fake.bodies[1]["messages"]
    assert [m["role"] for m in told] == ["system", "user", "assistant", "user"]
    assert told[2]["content"] == '{"actor":7}'
    assert "$.actor" in told[3]["content"]
    assert (reply.data, reply.finish) == ({"actor": "Finance"}, "stop")
    assert (reply.prompt_tokens, reply.completion_tokens) == (20, 10)


def test_a_second_wrong_answer_is_said_to_be_invalid(endpoint: Start) -> None:
    """After one repair the reply is `invalid` and has no data; nothing is made up."""
    fake = endpoint(lambda _body, _number: said("no JSON"))
    with Client(fake.settings()) as client:
        reply = client.ask(question())

    assert (reply.data, reply.finish, reply.raw) == (None, "invalid", "no JSON")
    assert len(fake.bodies) == 2


def test_a_truncated_answer_is_not_salvaged(endpoint: Start) -> None:
    """An answer cut off at the limit is `length`, even if what is there parses."""
    fake = endpoint(lambda _body, _number: said(GOOD, finish="length"))
    with Client(fake.settings()) as client:
        reply = client.ask(question())

    assert (reply.data, reply.finish) == (None, "length")
    assert len(fake.bodies) == 1


def test_a_rate_limit_is_waited_for_as_told(endpoint: Start) -> None:
    """A 429 is sent again after the `Retry-After` that the endpoint names."""
    times: list[float] = []

    def script(body: dict[str, Any], number: int) -> Turn:
        del body
        times.append(time.monotonic())
        return said(GOOD) if number > 1 else refused(429, "slow down", retry_after="1")

    with Client(endpoint(script).settings()) as client:
        assert client.ask(question()).data == {"actor": "Finance"}

    assert 0.9 < times[1] - times[0] < 3


def test_a_loading_server_is_waited_for(endpoint: Start) -> None:
    """A llama.cpp server that still loads its model answers 503, and is asked again."""

    def script(body: dict[str, Any], number: int) -> Turn:
        del body
        return said(GOOD) if number > 1 else refused(503, "Loading model")

    with Client(endpoint(script).settings()) as client:
        assert client.ask(question()).finish == "stop"


@pytest.mark.parametrize(
    ("turn", "message", "hint"),
    [
        (refused(401, f"Incorrect API key provided: {KEY}"), "refuses the API key", "SOPC_API_KEY"),
        (refused(404, "no such model"), "does not know the model `m`", "--model"),
        (refused(429, "no credit", "insufficient_quota"), "quota is used up", "quota"),
        (refused(429, f"slow down {KEY}"), "still limits the rate", "--concurrency"),
        (refused(500, f"boom {KEY}"), "failed with status 500", "try again"),
        (refused(400, f"bad words {KEY}"), "refuses the request", "another model"),
    ],
)
def test_refusals_name_the_change_and_never_the_key(  # noqa: PLR0917 - pytest's fixtures
    endpoint: Start,
    turn: Turn,
    message: str,
    hint: str,
    cache: ReplyCache,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each refusal is one error with its hint; the key is in no error, log or cached file."""
    caplog.set_level(logging.DEBUG)
    fake = endpoint(lambda _body, number: said(GOOD) if number == 1 else turn)
    with opened(fake, cache, retries=0) as gateway:
        gateway.ask([question()])
        with pytest.raises(WorkError, match=message) as caught:
            gateway.ask([question("Other.")])

    assert hint in str(caught.value.hint)
    assert fake.authorizations == [f"Bearer {KEY}"] * 2
    stored = "".join(path.read_text() for path in cache.folder.rglob("*.json"))
    assert stored
    assert (
        KEY not in f"{caught.value} {caught.value.hint} {gateway.settings!r} {caplog.text} {stored}"
    )


def test_a_server_that_is_not_there_is_named(endpoint: Start) -> None:
    """A refused connection names the address and where it was set."""
    fake = endpoint(lambda _body, _number: said(GOOD))
    settings = fake.settings(
        retries=0, sources={"base_url": "environment variable `SOPC_BASE_URL`"}
    ).model_copy(update={"base_url": "http://user:secret@127.0.0.1:9/v1"})
    with Client(settings) as client, pytest.raises(WorkError) as caught:
        client.ask(question())

    assert "cannot reach `http://127.0.0.1:9/v1`" in str(caught.value)
    assert "SOPC_BASE_URL" in str(caught.value.hint)
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_a_silent_server_is_a_timeout(endpoint: Start) -> None:
    """No answer within the time-out is an error that names the time and the flag."""

    def script(body: dict[str, Any], number: int) -> Turn:
        del body, number
        time.sleep(1)
        return said(GOOD)

    settings = endpoint(script).settings(timeout=0.2, retries=0)
    with Client(settings) as client, pytest.raises(WorkError, match=r"within 0\.2 s") as caught:
        client.ask(question())

    assert "--timeout" in str(caught.value.hint)
