"""Patience: what waits for the database waits together, and people are told once."""

import logging
import sqlite3
import threading

import pytest
from sqlalchemy.exc import OperationalError

from sopc_runtime.driver.patience import Patience, StoppedError

FULL = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


@pytest.fixture
def patience() -> Patience:
    return Patience(threading.Event())


def test_what_can_still_be_read_does_not_end_an_outage_for_who_cannot_write(
    patience: Patience, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[bool] = []

    def write(again: bool) -> str:  # noqa: FBT001 # as it is told
        tries.append(again)
        assert patience.persist(lambda _: "read") == "read"
        assert patience.out is again
        if len(tries) < 3:
            raise FULL
        return "written"

    with caplog.at_level(logging.INFO, "sopc.worker"):
        assert patience.persist(write) == "written"
    assert tries == [False, True, True]
    assert not patience.out
    assert [each.getMessage() for each in caplog.records] == [
        "the database cannot be used, so runs wait for it: database or disk is full",
        "the database is back",
    ]


def test_a_mistake_that_is_no_outage_is_raised_at_once(patience: Patience) -> None:
    def fail(again: bool) -> None:  # noqa: FBT001 # as it is told
        assert not again
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        patience.persist(fail)
    assert not patience.out


def test_a_worker_that_stops_waits_no_longer(patience: Patience) -> None:
    def fail(_again: bool) -> None:  # noqa: FBT001 # as it is told
        patience.stopping.set()
        raise FULL

    with pytest.raises(StoppedError):
        patience.persist(fail)
    assert not patience.out
