"""The gateway: order, cache, budget, interruptions."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm.fake_endpoint import Endpoint, Script, Turn, opened, question, said
from sopc.errors import WorkError
from sopc_compiler.llm import Gateway, ModelSettings, Progress, ReplyCache, TokenBudget

Start = Callable[[Script], Endpoint]
PASSAGES = ["Finance posts.", "Sales calls.", "Legal signs.", "Ops ships."]


def echo(body: dict[str, Any], number: int) -> Turn:
    """Say back the passage, so that a reply can be told from another."""
    del number
    return said(json.dumps({"actor": body["messages"][-1]["content"]}))


def test_replies_keep_the_order_of_requests(endpoint: Start, cache: ReplyCache) -> None:
    """Replies stand in the order of the requests, however fast each was."""

    def script(body: dict[str, Any], number: int) -> Turn:
        time.sleep(0.1 if "Sales" in body["messages"][-1]["content"] else 0)
        return echo(body, number)

    with opened(endpoint(script), cache, concurrency=4) as gateway:
        replies = gateway.ask([question(p) for p in PASSAGES])

    assert [reply.data["actor"] for reply in replies] == PASSAGES


def test_cached_replies_need_no_endpoint(endpoint: Start, cache: ReplyCache) -> None:
    """A second run over the same questions sends nothing, and says that all came from the cache."""
    fake = endpoint(echo)
    with opened(fake, cache) as gateway:
        first = gateway.ask([question(p) for p in PASSAGES])
    with opened(fake, cache) as gateway:
        second = gateway.ask([question(p) for p in PASSAGES])

    assert len(fake.bodies) == len(PASSAGES)
    assert [r.data for r in second] == [r.data for r in first]
    assert all(reply.cached for reply in second)
    assert (gateway.stats.requests, gateway.stats.cached) == (4, 4)
    assert gateway.stats.prompt_tokens == gateway.stats.completion_tokens == 0


def test_one_changed_passage_is_asked_alone(endpoint: Start, cache: ReplyCache) -> None:
    """After one sentence changed, only its question is sent."""
    fake = endpoint(echo)
    with opened(fake, cache) as gateway:
        gateway.ask([question(p) for p in PASSAGES])
        gateway.ask([question(p) for p in [*PASSAGES[:3], "Ops ships twice."]])

    assert fake.bodies[-1]["messages"][-1]["content"] == "Ops ships twice."
    assert len(fake.bodies) == len(PASSAGES) + 1


def test_equal_requests_are_asked_once(endpoint: Start, cache: ReplyCache) -> None:
    """Two equal questions in one call cost one request."""
    fake = endpoint(echo)
    with opened(fake, cache) as gateway:
        replies = gateway.ask([question(), question()])

    assert len(fake.bodies) == 1
    assert replies[0] == replies[1]


def test_a_new_prefix_is_read_alone_first(endpoint: Start, cache: ReplyCache) -> None:
    """On a local server the first request of a prefix is done before others with it begin."""
    running, together = threading.Semaphore(0), []
    active: list[str] = []
    lock = threading.Lock()

    def script(body: dict[str, Any], number: int) -> Turn:
        with lock:
            active.append(body["messages"][0]["content"])
            together.append(len(active))
        time.sleep(0.05)
        with lock:
            active.pop()
        running.release()
        return echo(body, number)

    from sopc_compiler.llm import Message

    mixed = [
        question(messages=(Message("system", prefix), Message("user", passage)))
        for passage in PASSAGES
        for prefix in ("first", "second")
    ]
    fake = endpoint(script)
    with opened(fake, cache, concurrency=3) as gateway:
        gateway.ask(mixed)

    prefixes = [body["messages"][0]["content"] for body in fake.bodies]
    assert prefixes == ["first"] * 4 + ["second"] * 4
    assert together[0] == together[4] == 1
    assert max(together) == 3


def test_the_budget_stops_new_requests_and_keeps_answers(
    endpoint: Start, cache: ReplyCache
) -> None:
    """A spent budget ends the work with one error, and what was paid for is in the cache."""
    with (
        opened(endpoint(echo), cache, concurrency=1, token_budget=30) as gateway,
        pytest.raises(WorkError, match=r"30 of 30 tokens were used") as caught,
    ):
        gateway.ask([question(p) for p in PASSAGES])

    assert "--token-budget" in str(caught.value.hint)
    assert cache.size()[0] == 2


def test_a_budget_is_shared(endpoint: Start, cache: ReplyCache) -> None:
    """Two gateways on one budget stop each other."""
    fake, budget = endpoint(echo), TokenBudget(15)
    with Gateway(fake.settings(), cache=cache, budget=budget) as one:
        one.ask([question()])
    with Gateway(fake.settings(), cache=cache, budget=budget) as other, pytest.raises(WorkError):
        other.ask([question("Another.")])

    assert budget.used == 15


def test_offline_counts_what_is_missing(endpoint: Start, cache: ReplyCache) -> None:
    """Offline, cached answers are given, and missing ones are one error with their number."""
    fake = endpoint(echo)
    with opened(fake, cache) as gateway:
        gateway.ask([question(PASSAGES[0])])
    with Gateway(fake.settings(), cache=cache, offline=True) as gateway:
        assert gateway.ask([question(PASSAGES[0])])[0].cached
        with pytest.raises(WorkError, match="3 answers are not in the cache") as caught:
            gateway.ask([question(p) for p in PASSAGES])

    assert "without `--offline`" in str(caught.value.hint)
    assert len(fake.bodies) == 1


def test_progress_is_told_by_purpose(endpoint: Start, cache: ReplyCache) -> None:
    """Each pass's progress counts its answers, cached ones and tokens, and ends at its total."""
    told: list[Progress] = []
    settings = endpoint(echo).settings(concurrency=1)
    with Gateway(settings, cache=cache) as gateway:
        gateway.ask([question(PASSAGES[0])])
    with Gateway(settings, cache=cache, on_progress=told.append) as gateway:
        gateway.ask([question(p) for p in PASSAGES] + [question("x", purpose="repair")])

    first = next(p for p in told if p.purpose == "extract")
    last = [p for p in told if p.purpose == "extract"][-1]
    assert (first.done, first.total, first.cached, first.eta) == (1, 4, 1, None)
    assert (last.done, last.total, last.prompt_tokens, last.completion_tokens) == (4, 4, 30, 15)
    assert [p.total for p in told if p.purpose == "repair"] == [1, 1]


def test_a_failure_keeps_what_was_answered(endpoint: Start, cache: ReplyCache) -> None:
    """When the endpoint fails midway, the answers before it are in the cache."""

    def script(body: dict[str, Any], number: int) -> Turn:
        return echo(body, number) if number < 3 else Turn({"error": {"message": "broken"}}, 500)

    with (
        opened(endpoint(script), cache, concurrency=1, retries=0) as gateway,
        pytest.raises(WorkError, match="failed with status 500: broken"),
    ):
        gateway.ask([question(p) for p in PASSAGES])

    assert cache.size()[0] == 2


def test_ctrl_c_ends_at_once_and_keeps_what_was_done(endpoint: Start, tmp_path: Path) -> None:
    """SIGINT ends the program while a request still runs; finished answers are in the cache."""
    hanging = threading.Event()
    release = threading.Event()

    def script(body: dict[str, Any], number: int) -> Turn:
        if number == 3:
            hanging.set()
            release.wait(30)
        return echo(body, number)

    fake = endpoint(script)
    program = textwrap.dedent(f"""
        import signal
        import sys
        from pathlib import Path
        from llm.fake_endpoint import question
        # a shell's background jobs inherit an ignored SIGINT
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from sopc_compiler.llm import Gateway, ModelSettings, ReplyCache
        settings = ModelSettings(base_url={fake.base_url!r}, model="m", concurrency=1)
        try:
            with Gateway(settings, cache=ReplyCache(Path({str(tmp_path)!r}))) as gateway:
                gateway.ask([question(p) for p in {PASSAGES!r}])
        except KeyboardInterrupt:
            sys.exit(130)
    """)
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", program], env=environ) as process:
        assert hanging.wait(30)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert process.wait(10) == 130
    release.set()

    assert time.monotonic() - started < 5
    assert ReplyCache(tmp_path).size()[0] == 2
    assert len(fake.bodies) == 3


def test_without_requests_nothing_happens(cache: ReplyCache) -> None:
    """An empty list of questions has an empty list of replies and starts nothing."""
    with Gateway(ModelSettings(), cache=cache) as gateway:
        assert gateway.ask([]) == []
