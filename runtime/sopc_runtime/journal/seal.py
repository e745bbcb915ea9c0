"""Sealing: sensitive values give way to references, wherever they occur in an entry's data."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

from sopc_runtime.journal.canonical import canonical
from sopc_runtime.journal.redaction import Names

MARK = "‹sealed›"  # noqa: RUF001 # marks that no text has by chance
"""What stands in a text for a sensitive value within it."""

BLOT = "‹secret›"  # noqa: RUF001 # same
"""What stands in a text for a secret; nothing brings that back."""

SHORTEST = 4
"""Shorter values are sealed by name only: they occur in too many texts by chance."""

VALUE = "v"
TEXT = "t"
SEALED = "sealed"
"""The key of references."""

_KEYS = {SEALED, "shown"}

# The parts of events, decisions and tasks that hold values of the run by name.
_HOLDERS = frozenset({"values", "inputs", "rendered", "shown"})


@dataclass(slots=True)
class Seal:
    """Takes sensitive values out of the data of one run's entries.

    Attributes:
        salt: Of the run, so that nobody can find a value by trying references; empty until the
            first value is sealed.
        found: The sensitive values known so far, as text.
        kept: What has to go to the vault: JSON by reference.
    """

    salt: str = ""
    found: set[str] = field(default_factory=set)
    kept: dict[str, str] = field(default_factory=dict)

    def learn(self, data: Any, names: Names) -> None:
        """Note the sensitive values of some data, so that they are known wherever they occur."""
        for value in _named(data, names, names):
            self.found.update(_texts(value))

    def learn_entry(self, data: Mapping[str, Any], names: Names) -> None:
        """Note the sensitive values of an entry: names count where it holds values of the run."""
        for key, value in data.items():
            if key in _HOLDERS:
                self.learn(value, names)
            elif isinstance(value, dict):
                self.learn_entry(value, names)

    def know(self, kept: str) -> None:
        """Note a sensitive value that was sealed earlier, given as JSON."""
        self.found.update(_texts(json.loads(kept)))

    def sealed(self, data: Mapping[str, Any], names: Names) -> dict[str, Any]:
        """Give the data with references instead of sensitive values."""
        pattern = _any_of(frozenset(self.found))
        if _is_reference(data):
            return self._reference(TEXT, data)
        # The outermost keys are the program's own words, so that entries keep their shape.
        return {key: self._member(key, each, names, names, pattern) for key, each in data.items()}

    def sealed_entry(self, data: Mapping[str, Any], names: Names) -> dict[str, Any]:
        """Give the data of an entry with references instead of sensitive values.

        A value of the run may be called `name` or `step` without hiding every name and step.
        """
        if _is_reference(data):
            return self._reference(TEXT, data)
        pattern = _any_of(frozenset(self.found))
        made: dict[str, Any] = {}
        for key, value in data.items():
            if key in _HOLDERS:
                made[key] = self._any(value, names, names, pattern)
            elif isinstance(value, dict):
                made[key] = self.sealed_entry(value, names)
            else:
                made[key] = self._any(value, {}, {}, pattern)
        return made

    def text(self, words: str) -> str:
        """Give a text that cannot hold references with marks instead of sensitive values."""
        pattern = _any_of(frozenset(self.found))
        return words if pattern is None else pattern.sub(MARK, words)

    def _member(
        self, key: str, value: Any, here: Names, anywhere: Names, pattern: re.Pattern[str] | None
    ) -> Any:
        is_named, inner = _inner(key, here, anywhere)
        if is_named and value is not None:
            return self._reference(VALUE, value)
        return self._any(value, inner, anywhere, pattern)

    def _any(
        self, value: Any, here: Names, anywhere: Names, pattern: re.Pattern[str] | None
    ) -> Any:
        if isinstance(value, dict):
            keys_tell = pattern is not None and any(pattern.search(key) for key in value)
            if keys_tell or _is_reference(value):
                return self._reference(TEXT, value)
            return {
                key: self._member(key, each, here, anywhere, pattern) for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._any(each, here, anywhere, pattern) for each in value]
        return value if pattern is None else self._scalar(value, pattern)

    def _scalar(self, value: Any, pattern: re.Pattern[str]) -> Any:
        if value is None or isinstance(value, bool):
            return value
        words = value if isinstance(value, str) else canonical(value)
        if pattern.fullmatch(words):
            return self._reference(VALUE, value)
        if isinstance(value, str) and pattern.search(words):
            return self._reference(TEXT, value) | {"shown": pattern.sub(MARK, words)}
        return value

    def _reference(self, kind: str, value: Any) -> dict[str, str]:
        written = canonical(value)
        self.salt = self.salt or secrets.token_hex(16)
        # Of the salted hash, 96 bits are enough to tell one run's values apart.
        ref = kind + hashlib.sha256(f"{self.salt}{kind}{written}".encode()).hexdigest()[:24]
        self.kept[ref] = written
        return {"sealed": ref}


def fits(ref: str, salt: str, kept: str) -> bool:
    """Tell whether what the vault keeps is what a reference was made for."""
    made = hashlib.sha256(f"{salt}{ref[:1]}{kept}".encode("utf-8", "surrogatepass")).hexdigest()
    return ref[1:] == made[:24]


def unseal(data: Any, value_of: Callable[[str], str]) -> Any:
    """Give data with its values again; `value_of` gives the JSON of a reference."""
    if isinstance(data, dict):
        if _is_reference(data):
            return json.loads(value_of(data["sealed"]))
        return {key: unseal(each, value_of) for key, each in data.items()}
    if isinstance(data, list):
        return [unseal(each, value_of) for each in data]
    return data


def references(data: Any) -> Iterator[str]:
    """Give the references in the data of an entry."""
    if isinstance(data, dict):
        if _is_reference(data):
            yield str(data[SEALED])
            return
        data = list(data.values())
    if isinstance(data, list):
        for each in data:
            yield from references(each)


def shown(data: Any) -> Any:
    """Give sealed data for people to read, with marks instead of references."""
    if isinstance(data, dict):
        if _is_reference(data):
            return data.get("shown", MARK)
        return {key: shown(each) for key, each in data.items()}
    if isinstance(data, list):
        return [shown(each) for each in data]
    return data


def blotted(data: Any, secrets: Iterable[str]) -> Any:
    """Give data without secrets, in texts and in keys."""
    pattern = _any_of(frozenset(each for each in secrets if len(each) >= SHORTEST))
    return data if pattern is None else _blotted(data, pattern)


def _blotted(data: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(data, str):
        return pattern.sub(BLOT, data)
    if isinstance(data, dict):
        return {pattern.sub(BLOT, key): _blotted(each, pattern) for key, each in data.items()}
    if isinstance(data, list):
        return [_blotted(each, pattern) for each in data]
    return data


def _is_reference(value: Mapping[str, Any]) -> bool:
    return "sealed" in value and value.keys() <= _KEYS


def _inner(key: str, here: Names, anywhere: Names) -> tuple[bool, Names]:
    """Tell whether all of a value is sensitive, and else which names within it are."""
    for names in (here, anywhere):
        if key in names:
            inner = names[key]
            return inner is None, inner or {}
    return False, {}


def _named(data: Any, here: Names, anywhere: Names) -> Iterator[Any]:
    if isinstance(data, dict):
        for key, value in data.items():
            is_named, inner = _inner(key, here, anywhere)
            if is_named:
                yield value
            else:
                yield from _named(value, inner, anywhere)
    elif isinstance(data, list):
        for each in data:
            yield from _named(each, here, anywhere)


def _texts(value: Any) -> Iterator[str]:
    """Give the texts that tell of a value: its own, or those of its parts."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value is not None and not isinstance(value, bool):
        words = value if isinstance(value, str) else canonical(value)
        plain = {each for each in (words, words.strip()) if len(each.strip()) >= SHORTEST}
        for each in plain:
            content = each.encode("utf-8", "surrogatepass")
            html = escape(each, quote=False).replace("'", "&#39;").replace('"', "&#34;")
            # As it stands in addresses, and in HTML by Jinja.
            yield from {each, quote(content, safe=""), quote_plus(content), html}


@lru_cache(maxsize=256)
def _any_of(texts: frozenset[str]) -> re.Pattern[str] | None:
    if not texts:
        return None
    longest_first = sorted(texts, key=lambda each: (-len(each), each))
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
