"""Carrying out calls: what is known of a request decides what the run is told."""

import math
import threading
from typing import Any

import pytest

from runtime.driver.driven import Systems
from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import CallFailed, CallInDoubt, CallSucceeded
from sopc_runtime.driver.carrying import AbandonedError, Carrier

LOST = ConnectorError(Failure.UNAVAILABLE, "the line went dead", certain=False)
REFUSED = ConnectorError(Failure.REFUSED, "no such customer")


@pytest.fixture
def systems() -> Systems:
    return Systems()


@pytest.fixture
def carrier(systems: Systems) -> Carrier:
    return Carrier(systems.pool, grace=0.05, between=0.0)


def call(system: str = "mailer", **more: Any) -> Call:
    return Call(id="c1", step="s", system=system, operation="send", key="r/s/c1", **more)


def test_what_a_system_gives_back_is_told(systems: Systems, carrier: Carrier) -> None:
    systems["mailer"].acts = [{"id": 7}]
    event = carrier.perform(call(inputs={"to": "x"}, template="t", values={"who": "Ana"}))
    assert isinstance(event, CallSucceeded)
    assert event.values == {"id": 7}
    asked = systems["mailer"].asked[0]
    assert (asked.inputs, asked.values, asked.key) == ({"to": "x"}, {"who": "Ana"}, "r/s/c1")
    assert (asked.timeout, asked.effect, asked.template) == (0.5, "send", "t")


def test_what_json_cannot_hold_is_told_as_text(systems: Systems, carrier: Carrier) -> None:
    systems["mailer"].acts = [{"thing": Carrier, "many": {1}}]
    event = carrier.perform(call())
    assert isinstance(event, CallSucceeded)
    assert isinstance(event.values["thing"], str)
    assert event.values["many"] == [1]


def test_a_number_that_json_has_none_for_is_told_as_text(
    systems: Systems, carrier: Carrier
) -> None:
    systems["mailer"].acts = [{"far": math.inf, "in": [{"none": math.nan}, 0.5]}]
    event = carrier.perform(call())
    assert isinstance(event, CallSucceeded)
    assert event.values == {"far": "Infinity", "in": [{"none": "NaN"}, 0.5]}


def test_a_connector_that_changes_what_it_is_given_changes_nothing_of_the_run(
    systems: Systems, carrier: Carrier
) -> None:
    def change() -> dict[str, Any]:
        asked = systems["mailer"].asked[0]
        asked.inputs["order"]["lines"].clear()
        asked.values["order"]["lines"].clear()
        return {}

    systems["mailer"].acts = [change]
    given = call(inputs={"order": {"lines": [1]}}, values={"order": {"lines": [1]}})
    carrier.perform(given)
    assert given.inputs == given.values == {"order": {"lines": [1]}}


def test_a_dry_call_only_renders(systems: Systems, carrier: Carrier) -> None:
    event = carrier.perform(call(dry=True))
    assert isinstance(event, CallSucceeded)
    assert event.rendered == {"would": "send"}
    assert systems["mailer"].asked == []


def test_a_refusal_is_a_failure(systems: Systems, carrier: Carrier) -> None:
    systems["mailer"].acts = [REFUSED]
    event = carrier.perform(call())
    assert isinstance(event, CallFailed)
    assert (event.failure, event.message) == (Failure.REFUSED, "no such customer")


def test_a_system_that_is_not_bound_any_more_is_unavailable(carrier: Carrier) -> None:
    event = carrier.perform(call("gone"))
    assert isinstance(event, CallFailed)
    assert "`gone`" in event.message


def test_an_act_that_may_have_happened_is_in_doubt(systems: Systems, carrier: Carrier) -> None:
    systems["mailer"].acts = [LOST]
    assert isinstance(carrier.perform(call()), CallInDoubt)


@pytest.mark.parametrize("kind", ["reads", "repeatable"])
def test_what_may_be_repeated_fails_and_keeps_its_key(
    systems: Systems, carrier: Carrier, kind: str
) -> None:
    systems["mailer"].acts = [ConnectorError(Failure.REFUSED, "garbled", certain=False)]
    event = carrier.perform(call(**{kind: True}))
    assert isinstance(event, CallFailed)
    assert event.failure is Failure.UNAVAILABLE


def test_a_system_that_knows_of_the_act_leaves_no_doubt(systems: Systems, carrier: Carrier) -> None:
    systems["mailer"].acts = [LOST]
    systems["mailer"].looked_up = [{"id": 7}]
    event = carrier.perform(call())
    assert isinstance(event, CallSucceeded)
    assert event.values == {"id": 7}


def test_a_system_that_does_not_know_of_the_act_yet_leaves_the_doubt(
    systems: Systems, carrier: Carrier
) -> None:
    systems["mailer"].acts = [LOST]
    systems["mailer"].looked_up = [None]
    assert isinstance(carrier.perform(call()), CallInDoubt)


def test_a_connector_that_breaks_leaves_its_act_in_doubt(
    systems: Systems, carrier: Carrier
) -> None:
    systems["mailer"].acts = [RuntimeError("a mistake with hunter2 in it")]
    event = carrier.perform(call())
    assert isinstance(event, CallInDoubt)
    assert "hunter2" not in event.message


def test_a_connector_that_hangs_is_left_behind_and_counted(
    systems: Systems, carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    held = threading.Event()
    systems["mailer"].acts = [held.wait]
    event = carrier.perform(call())
    held.set()
    assert isinstance(event, CallInDoubt)
    assert "did not answer within 0.5 seconds" in event.message
    assert carrier.hung == 1
    assert "its connector hangs" in caplog.text


def test_a_worker_that_gives_up_waits_for_no_answer(systems: Systems, carrier: Carrier) -> None:
    held = threading.Event()
    systems["bank"].acts = [held.wait]
    carrier.abandoning.set()
    with pytest.raises(AbandonedError):
        carrier.perform(call("bank"))
    held.set()


class TestRecovering:
    """What becomes of a call that was begun by a process that is gone."""

    @pytest.mark.parametrize("kind", ["reads", "repeatable"])
    def test_what_may_be_repeated_is_asked_again(
        self, systems: Systems, carrier: Carrier, kind: str
    ) -> None:
        systems["mailer"].acts = [{"id": 8}]
        event = carrier.recover(call(**{kind: True}))
        assert isinstance(event, CallSucceeded)
        assert [each.key for each in systems["mailer"].asked] == ["r/s/c1"]

    def test_what_happened_is_taken_as_the_system_tells_it(
        self, systems: Systems, carrier: Carrier
    ) -> None:
        systems["mailer"].looked_up = [{"id": 7}]
        event = carrier.recover(call())
        assert isinstance(event, CallSucceeded)
        assert event.values == {"id": 7}
        assert systems["mailer"].asked == []

    def test_what_did_not_happen_is_done(self, systems: Systems, carrier: Carrier) -> None:
        systems["mailer"].looked_up = [None]
        assert isinstance(carrier.recover(call()), CallSucceeded)
        assert len(systems["mailer"].asked) == 1

    def test_what_nobody_can_tell_is_in_doubt(self, systems: Systems, carrier: Carrier) -> None:
        event = carrier.recover(call())
        assert isinstance(event, CallInDoubt)
        assert "keeps no record" in event.message
        assert systems["mailer"].asked == []

    def test_a_system_that_cannot_be_reached_is_asked_a_few_times(
        self, systems: Systems, carrier: Carrier
    ) -> None:
        away = ConnectorError(Failure.UNAVAILABLE, "away")
        systems["mailer"].looked_up = [away, away, {"id": 7}]
        assert isinstance(carrier.recover(call()), CallSucceeded)
        systems["mailer"].looked_up = [away, away, away, {"id": 7}]
        assert isinstance(carrier.recover(call()), CallInDoubt)

    def test_a_system_that_is_not_bound_any_more_leaves_the_doubt(self, carrier: Carrier) -> None:
        assert isinstance(carrier.recover(call("gone")), CallInDoubt)
