"""Telling people which of their answers no longer apply, and what to do about each."""

import re
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from sopc.cli import output

if TYPE_CHECKING:
    from sopc_compiler.answers import AnswersReport, StaleAnswer

_SHOWN = 80
_MARKS = re.compile(r"[*_`]")


def tell_answers(report: "AnswersReport", path: Path | None) -> None:
    """Warn of answers whose passage is gone, once a passage, and of those without effect."""
    by_passage: dict[str, list[StaleAnswer]] = defaultdict(list)
    for stale in report.stale:
        by_passage[stale.answer.passage].append(stale)
    for passage in by_passage.values():
        _tell_stale(passage, path)
    for unused in report.unused:
        answer = f"answer `{unused.answer.id}`, `{unused.answer.field}`"
        output.warn(f"{path}: {answer}, has no effect: {unused.reason}")


def _tell_stale(stale: "list[StaleAnswer]", path: Path | None) -> None:
    first = stale[0]
    ids = ", ".join(f"`{one.answer.id}`" for one in stale)
    several = len(stale) > 1
    text = f"answer{'s' if several else ''} {ids} {'are' if several else 'is'} about changed words"
    hint = "answer again with `sopc ask`, or remove " + ("them" if several else "it")
    if first.nearest and first.nearest_hash:
        now = _difference(first.answer.words or "", first.nearest)
        hint = f'if still right, set `passage` to "{first.nearest_hash}": {now}'
    elif first.answer.words:
        text += f": “{shorten(first.answer.words, _SHOWN, placeholder=' …')}”"
    output.warn(f"{path}: {text}", hint=hint)


def _difference(old: str, new: str) -> str:
    """Say which words became which, or what stands there now where too much differs."""
    before, after = (_MARKS.sub("", text).split() for text in (old, new))
    changes = [
        f"“{' '.join(before[a:b])}” became “{' '.join(after[c:d])}”"
        for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    told = ", ".join(changes)
    if told and len(told) <= _SHOWN:
        return told
    return f"it reads “{shorten(new, _SHOWN, placeholder=' …')}” now"
