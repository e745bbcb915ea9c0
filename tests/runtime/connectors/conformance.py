"""What every connector has to keep to, whatever it connects to.

A connector's test class derives from `Conformance` and gives the fixtures that it asks for.
"""

import json
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sopc.graph import Failure
from sopc_runtime.connectors.connector import Connector, ConnectorError, Request

SECRET = "5ecret/of+the=tests"  # noqa: S105 # with signs that encodings change
VARIABLE = "SOPC_TEST_SECRET"
"""The variable that holds `SECRET` while a test of `Conformance` runs; bind it as `env:...`."""


class Conformance:
    """The tests; each fixture that raises NotImplementedError is for the derived class to give.

    A system that takes no secrets needs none in its binding; the tests hold all the same.
    """

    @pytest.fixture(autouse=True)
    def _secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, SECRET)

    @pytest.fixture
    def connector(self) -> Connector:
        """Give a connector whose system answers, bound with `env:SOPC_TEST_SECRET`."""
        raise NotImplementedError

    @pytest.fixture
    def asked(self) -> Request:
        """Give a request that the system carries out, as often as it is sent."""
        raise NotImplementedError

    @pytest.fixture
    def received(self) -> Callable[[], int]:
        """Give what counts the requests that came to the system (files, mails, rows) so far."""
        raise NotImplementedError

    @pytest.fixture
    def incomplete(self) -> Request:
        """Give a request that cannot be sent, as an input is missing."""
        raise NotImplementedError

    @pytest.fixture
    def refused(self) -> Request | None:
        """Give a request that the system refuses, if possible with the secret in its answer."""
        return None

    @pytest.fixture
    def slow(self) -> tuple[Connector, Request] | None:
        """Give a connector and a request with a short timeout that is answered after it.

        None where the connector cannot wait for anything.
        """
        raise NotImplementedError

    @pytest.fixture
    def unreachable(self) -> tuple[Connector, Request] | None:
        """Give a connector whose system cannot be reached; None where there is no way there."""
        raise NotImplementedError

    def test_rendering_sends_nothing(
        self, connector: Connector, asked: Request, received: Callable[[], int]
    ) -> None:
        before = received()
        rendered = connector.render(asked)
        assert rendered
        assert received() == before
        connector.perform(asked)
        assert received() == before + 1

    def test_what_is_rendered_and_replied_is_json(
        self, connector: Connector, asked: Request
    ) -> None:
        for values in (connector.render(asked), connector.perform(asked).values):
            assert json.loads(json.dumps(values, allow_nan=False)) == values

    def test_rendering_again_gives_the_same(self, connector: Connector, asked: Request) -> None:
        assert connector.render(asked) == connector.render(asked)

    def test_secrets_are_shown_nowhere(
        self, connector: Connector, asked: Request, refused: Request | None
    ) -> None:
        shown = [
            repr(connector),
            str(vars(connector)) if hasattr(connector, "__dict__") else "",
            repr(connector.render(asked)),
            connector.check(),
            repr(connector.operations()),
            repr(connector.perform(asked)),
        ]
        if refused is not None:
            with pytest.raises(ConnectorError) as told:
                connector.perform(refused)
            shown += [str(told.value), repr(told.value), str(told.value.hint)]
        assert not [text for text in shown if SECRET in text]

    def test_what_is_missing_is_told_before_anything_is_sent(
        self, connector: Connector, incomplete: Request, received: Callable[[], int]
    ) -> None:
        before = received()
        for attempt in (connector.render, connector.perform):
            with pytest.raises(ConnectorError) as told:
                attempt(incomplete)
            assert told.value.failure is Failure.MISSING_DATA
            assert told.value.certain
        assert received() == before

    def test_a_refusal_is_told_as_one(self, connector: Connector, refused: Request | None) -> None:
        if refused is None:
            pytest.skip("this system refuses nothing")
        with pytest.raises(ConnectorError) as told:
            connector.perform(refused)
        assert told.value.failure is Failure.REFUSED
        assert told.value.certain

    def test_an_answer_that_takes_too_long_is_timed_out(
        self, slow: tuple[Connector, Request] | None
    ) -> None:
        if slow is None:
            pytest.skip("this connector waits for nothing")
        connector, request = slow
        with pytest.raises(ConnectorError) as told:
            connector.perform(replace(request, repeatable=False))
        assert told.value.failure is Failure.TIMED_OUT
        assert not told.value.certain
        connector.close()

    def test_a_system_that_cannot_be_reached_is_unavailable(
        self, unreachable: tuple[Connector, Request] | None
    ) -> None:
        if unreachable is None:
            pytest.skip("there is no way that could be closed")
        connector, request = unreachable
        for attempt in (lambda: connector.perform(request), connector.check):
            with pytest.raises(ConnectorError) as told:
                attempt()
            assert told.value.failure is Failure.UNAVAILABLE
            assert told.value.certain
            shown = "".join(traceback.format_exception(told.value, chain=False))
            assert SECRET not in shown
        connector.close()

    def test_closing_again_does_nothing(self, connector: Connector, asked: Request) -> None:
        connector.perform(asked)
        connector.close()
        connector.close()

    def test_several_threads_ask_at_once(
        self, connector: Connector, asked: Request, received: Callable[[], int]
    ) -> None:
        before = received()
        with ThreadPoolExecutor(8) as threads:
            requests = (replace(asked, key=f"{asked.key}-{number}") for number in range(24))
            replies = list(threads.map(connector.perform, requests))
        assert len(replies) == 24
        assert received() == before + 24
