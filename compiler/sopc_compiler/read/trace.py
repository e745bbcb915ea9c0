"""A text that remembers, for each character, the stretch of source it came from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

# What separates words but is not shown as such; no-break and other wide spaces stay as written.
_BLANKS = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Trace:
    """Characters and their source spans; both sequences rise and are as long as the text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def verbatim(cls, text: str, offset: int = 0) -> "Trace":
        """Trace a text that stands in the source as it is, beginning at `offset`."""
        end = offset + len(text)
        return cls(text, range(offset, end), range(offset + 1, end + 1))

    @classmethod
    def join(cls, parts: Iterable["Trace"]) -> "Trace":
        """Put traces behind one another."""
        kept = [part for part in parts if part.text]
        return cls(
            "".join(part.text for part in kept),
            list(chain.from_iterable(part.starts for part in kept)),
            list(chain.from_iterable(part.ends for part in kept)),
        )

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int | None = None) -> "Trace":
        """Take the characters from `start` up to `end`."""
        return Trace(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def replace(self, start: int, end: int, text: str) -> "Trace":
        """Give `text` as what a reader sees instead of the characters from `start` to `end`."""
        if start >= end:
            return Trace("", (), ())
        count = len(text)
        return Trace(text, [self.starts[start]] * count, [self.ends[end - 1]] * count)

    def strip(self) -> "Trace":
        """Drop blanks of any kind at both ends."""
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, len(self.text.rstrip()) if left < len(self.text) else left)

    def tidy(self) -> "Trace":
        """Join lines: every run of blanks becomes one space that stands for all of the run."""
        parts, at = list[Trace](), 0
        whole = self.strip()
        for run in _BLANKS.finditer(whole.text):
            if run.group() == " ":
                continue
            parts += [whole.cut(at, run.start()), whole.replace(run.start(), run.end(), " ")]
            at = run.end()
        if not parts:
            return whole
        return Trace.join([*parts, whole.cut(at)])

    def lines(self) -> list["Trace"]:
        r"""Cut at "\n", which stays with the line it ends."""
        cuts = [0, *(match.end() for match in re.finditer("\n", self.text)), len(self.text)]
        return [self.cut(a, b) for a, b in pairwise(cuts) if a < b]
