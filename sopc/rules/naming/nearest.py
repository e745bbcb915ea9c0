"""The known name that was probably meant."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

_WORD = re.compile(r"[^\W_]+")
_MOST_CHOICES = 12
_FEW = 20
_COMMON = 200
_RUN = 3
_LOOKED_AT = 5
_ALIKE = 0.6


class Known:
    """The names that there are, where one is looked for that is not among them.

    Looking is fast however many there are: of many, those are compared that share the rarest runs
    of letters with the name.
    """

    def __init__(self, names: Iterable[str], *, kind: str) -> None:
        self._choices = sorted(set(names))
        self._kind = kind
        self._nearest: dict[str, str | None] = {}

    def nearest(self, name: str) -> str | None:
        """Give the known name that looks most like a name; None if none is nearly so."""
        if name not in self._nearest:
            similar = difflib.get_close_matches(name, self._similar(name), n=_LOOKED_AT)
            near = (each for each in similar if _differ_little(name, each))
            self._nearest[name] = next(near, None)
        return self._nearest[name]

    def meant(self, name: str) -> str:
        """Say what to write instead of an unknown name, or what there is to choose from."""
        near, kind = self.nearest(name), self._kind
        if near is not None:
            return f"the nearest known {kind} is `{near}`"
        if not self._choices:
            return f"the graph has no {kind}s yet; list `{name}` first"
        if len(self._choices) > _MOST_CHOICES:
            return f"none of the {len(self._choices)} known {kind}s is called nearly so"
        return f"the known {kind}s are " + ", ".join(f"`{choice}`" for choice in self._choices)

    def _similar(self, name: str) -> list[str]:
        if len(self._choices) <= _FEW:
            return self._choices
        shared: Counter[str] = Counter()
        for run in _runs(name):
            having = self._having.get(run, ())
            if len(having) <= _COMMON:
                shared.update(having)
        return [choice for choice, _ in shared.most_common(_FEW)]

    @cached_property
    def _having(self) -> dict[str, list[str]]:
        having: dict[str, list[str]] = defaultdict(list)
        for choice in self._choices:
            for run in _runs(choice):
                having[run].append(choice)
        return having


def meant(name: str, known: Iterable[str], *, kind: str) -> str:
    """Say what to write instead of an unknown name, or what there is to choose from."""
    return Known(known, kind=kind).meant(name)


def _differ_little(name: str, other: str) -> bool:
    """Tell whether what two names do not share is alike: `hr manager` is no `support manager`."""
    words, others = _WORD.findall(name.lower()), _WORD.findall(other.lower())
    own = " ".join(word for word in words if word not in others)
    its = " ".join(word for word in others if word not in words)
    if not own or not its or len(own) == len(name):
        return True
    return difflib.SequenceMatcher(None, own, its).ratio() >= _ALIKE


def _runs(name: str) -> list[str]:
    """Give the runs of letters of a name, each once, its beginning and its end marked."""
    marked = f" {name} "
    return list(dict.fromkeys(marked[at : at + _RUN] for at in range(len(marked) - _RUN + 1)))
