"""What the tests of the model's gateway share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cassettes import model_cassette
from llm.fake_endpoint import Endpoint, Script, serving
from sopc_compiler.llm import ReplyCache

__all__ = ["cache", "endpoint", "model_cassette"]


@pytest.fixture
def endpoint() -> Iterator[Callable[[Script], Endpoint]]:
    """A function that starts an endpoint which follows a script (body, number of request)."""
    with ExitStack() as servers:

        def start(script: Script) -> Endpoint:
            fake = Endpoint(script)
            servers.enter_context(serving(fake))
            return fake

        yield start


@pytest.fixture
def cache(tmp_path: Path) -> ReplyCache:
    """A cache of the test's own."""
    return ReplyCache(tmp_path / "replies")
