"""Replies on disk: found by content, readable, and safe against damage."""

import json
from dataclasses import replace

import pytest

from llm.fake_endpoint import SCHEMA, question
from sopc_compiler.llm import Message, Reply, ReplyCache, Request

REPLY = Reply({"actor": "Zoë"}, '{"actor": "Zoë"}', 10, 5, cached=False, finish="stop")
KEY = question().key(model="m", temperature=0, seed=7)


def test_a_reply_comes_back_as_cached(cache: ReplyCache) -> None:
    """What was put is found again, marked as cached, in a file that people can read."""
    cache.put(KEY, question(), REPLY, model="m")

    assert cache.get(KEY) == replace(REPLY, cached=True)
    (file,) = cache.folder.rglob("*.*")
    assert file.parent.name == KEY[:2]
    text = file.read_text(encoding="utf-8")
    assert "Zoë" in text
    assert {"model": "m", "purpose": "extract"}.items() <= json.loads(text).items()


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"format": 99}', "\x00\x01"])
def test_a_damaged_reply_is_absent_and_written_anew(cache: ReplyCache, damage: str) -> None:
    """A damaged file counts as no reply, and the next put repairs it."""
    cache.put(KEY, question(), REPLY, model="m")
    next(cache.folder.rglob("*.json")).write_text(damage)
    assert cache.get(KEY) is None

    cache.put(KEY, question(), REPLY, model="m")
    assert cache.get(KEY) is not None


def test_clearing_counts_and_empties(cache: ReplyCache) -> None:
    """`clear` deletes every reply and says how many there were."""
    for number in range(3):
        cache.put(f"{number}{KEY[1:]}", question(), REPLY, model="m")
    assert cache.size()[0] == 3
    assert cache.size()[1] > 0

    assert cache.clear() == 3
    assert cache.size() == (0, 0)


def test_all_that_changes_an_answer_changes_its_address() -> None:
    """Model, words, schema (its order too), length and sampling are part of the address."""
    turned = {**SCHEMA, "properties": {"b": {}, "a": {}}}
    requests: list[Request] = [
        question(),
        question("Other."),
        question(messages=(Message("user", "Name who acts."), Message("user", "x"))),
        question(schema=turned),
        question(schema={**turned, "properties": {"a": {}, "b": {}}}),
        question(max_tokens=61),
    ]
    keys = {request.key(model="m", temperature=0, seed=7) for request in requests}
    keys.add(question().key(model="n", temperature=0, seed=7))
    keys.add(question().key(model="m", temperature=1, seed=7))
    keys.add(question().key(model="m", temperature=0, seed=8))

    assert len(keys) == len(requests) + 3
    assert question(purpose="x", schema_name="y").key(model="m", temperature=0, seed=7) == KEY
