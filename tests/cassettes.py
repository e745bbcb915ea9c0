"""Recorded answers of the real embedded model, for tests that need one without running it.

A test folder takes the fixture into its `conftest.py`::

    from cassettes import model_cassette

    __all__ = ["model_cassette"]

and a test plays `cassettes/NAME.yaml` beside it::

    def test_compiles(model_cassette):
        with model_cassette("NAME"):
            ...  # anything in this process that asks the embedded model through a Gateway

While it plays, there is no server and no network: a request that was not recorded fails, and so
does a cassette that was not played to its end. Replies come from the cassette, not from the user's
cache. To record anew, with the weights pulled (it takes as long as the model does)::

    SOPC_RECORD=1 pytest tests/llm/test_recorded.py

What is recorded is scrubbed: no key, no address, no path, no times.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

import pytest
import vcr  # type: ignore[import-untyped]
from vcr.request import Request as Recorded  # type: ignore[import-untyped]

ModelCassette = Callable[[str], AbstractContextManager[None]]
RECORDING = bool(os.environ.get("SOPC_RECORD"))
_KEPT_OF_REPLY = ("object", "model", "choices", "usage")
_SETTINGS = ("BASE_URL", "MODEL", "API_KEY", "API_KEY_ENV", "STRUCTURED", "TOKEN_BUDGET")


class NoPrefixes:
    """Stands for the prefix store: nothing is kept."""

    def restore(self, prefix: str) -> bool:
        del prefix
        return False

    def save(self, prefix: str) -> None:
        pass


class SilentServer:
    """Stands for the embedded server while a cassette plays: nothing runs."""

    base_url = "http://127.0.0.1:9/v1"
    api_key = "none"
    prefixes = NoPrefixes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def model_cassette(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModelCassette:
    """A function from a cassette's name to the context in which it plays, or is recorded."""
    folder = request.path.parent / "cassettes"
    for name in _SETTINGS:
        monkeypatch.delenv(f"SOPC_{name}", raising=False)
    monkeypatch.setenv("SOPC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SOPC_RETRIES", "0")
    if not RECORDING:
        monkeypatch.setattr("sopc_compiler.llm.embedded.EmbeddedServer", SilentServer)
        # what is played needs no processor, so it waits for no turn of it
        monkeypatch.setattr("sopc_compiler.llm.gateway.turn", nullcontext)

    @contextmanager
    def play(name: str) -> Iterator[None]:
        file = folder / f"{name}.yaml"
        if RECORDING:
            file.unlink(missing_ok=True)
        with _recorder().use_cassette(str(file)) as cassette:
            yield
        if not RECORDING:
            assert cassette.all_played, f"{file.name}: not every recorded request was made"

    return play


def _recorder() -> vcr.VCR:
    return vcr.VCR(
        record_mode="once" if RECORDING else "none",
        match_on=("method", "path", "body"),
        before_record_request=_scrub_request,
        before_record_response=_scrub_response,
        decode_compressed_response=True,
    )


def _scrub_request(request: Recorded) -> Recorded | None:
    if not request.path.startswith("/v1/"):
        return None  # whether the server is ready is no answer of the model
    request.uri = re.sub(r"^https?://[^/]+", "http://model.invalid", request.uri)
    request.headers = {"content-type": "application/json"}
    return request


def _scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"] = {"content-type": ["application/json"]}
    body = json.loads(response["body"]["string"])
    kept = {name: body[name] for name in _KEPT_OF_REPLY if name in body}
    text = json.dumps({"id": "recorded", "created": 0, **kept}, ensure_ascii=False)
    response["body"]["string"] = text.encode()
    return response
