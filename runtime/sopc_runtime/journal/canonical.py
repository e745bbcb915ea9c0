"""How entries are written for hashing: one form of JSON, and the two hashes made with it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

CLEAR = ("run", "seq", "at", "kind", "step", "actor", "graph", "cause", "digest")
"""The parts of an entry that its hash covers; `data` and `salt` it covers through `digest`."""

SALT_LENGTH = 32
"""How many signs the salt of an entry has."""


# Made once: making one takes as long as writing an entry with it.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical(value: Any) -> str:
    """Write a value as JSON in the only way: sorted keys, no blanks, ASCII."""
    return _ENCODER.encode(value)


def instant(at: datetime) -> str:
    """Write an instant as entries are hashed and exported with it: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(salt: str, data: str) -> str:
    """Give the SHA-256 of the salt and the canonical data, in hexadecimal."""
    return _sha256(salt + data)


def hash_of(previous: str, entry: Mapping[str, Any]) -> str:
    """Give the SHA-256 of the hash before (empty for the first entry) and the clear parts."""
    clear = {name: entry[name] for name in CLEAR}
    clear["at"] = instant(entry["at"])
    return _sha256(previous + canonical(clear))


def _sha256(text: str) -> str:
    # Whoever edits the database can put anything there, lone surrogates too.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
