"""How names of one thing are told from names of another."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

_ALIKE = 0.6
_NEARLY = 0.8
_REMEMBERED = 100_000


class Named(Protocol):
    """An entry that people call by a name and by others; some have an id as well."""

    @property
    def name(self) -> str:
        """What it is called first of all."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """What else it is called."""


EntryT = TypeVar("EntryT", bound=Named)


def names(entry: Named) -> tuple[str, ...]:
    """Give everything that an entry is called: its id if it has one, its name, its aliases."""
    identity = getattr(entry, "id", None)
    return (*((identity,) if identity else ()), entry.name, *entry.aliases)


def folded(name: str) -> str:
    """Give a name as it is compared: without case and the marks between words."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.findall(r"[\w+#]+", plain)) or plain.strip()


def nearest(name: str, entries: Iterable[Named]) -> str | None:
    """Give the name of the entry that is called most like a name; None if none is nearly so."""
    called = {folded(each): entry.name for entry in entries for each in names(entry)}
    near = difflib.get_close_matches(folded(name), called, n=1, cutoff=_ALIKE)
    return called[near[0]] if near else None


def alike(one: str, other: str) -> bool:
    """Tell whether two names may be one: slips of the pen, plurals, words run together, initials.

    Names with other numbers are of other things, as are names with one quite other word.
    """
    first, second = _words(one), _words(other)
    if "".join(first) == "".join(second) or _initials(first, second) or _initials(second, first):
        return True
    return len(first) == len(second) and all(
        here == there or _nearly(here, there) for here, there in zip(first, second, strict=True)
    )


@lru_cache(maxsize=_REMEMBERED)
def _words(name: str) -> tuple[str, ...]:
    return tuple(folded(name).removeprefix("the ").split())


def _initials(short: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return (
        len(short) == 1 < len(words) == len(short[0])
        and "".join(word[0] for word in words) == short[0]
    )


@lru_cache(maxsize=_REMEMBERED)
def _nearly(one: str, other: str) -> bool:
    if any(character.isdigit() for character in one + other):
        return False
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= _NEARLY and matcher.ratio() >= _NEARLY


class NameIndex(Generic[EntryT]):
    """Finds entries by whatever they are called, however many there are."""

    def __init__(self, entries: tuple[EntryT, ...]) -> None:
        self.entries = entries
        self._found: dict[str, EntryT] = {}
        for entry in entries:
            for name in names(entry):
                self._found.setdefault(folded(name), entry)

    def find(self, name: str) -> EntryT | None:
        """Find an entry by its id, name or alias, upper and lower case alike."""
        return self._found.get(folded(name))
