"""What an approval is about, and which steps prepared it, as far as titles and data tell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sopc.graph import ActionStep, ApprovalStep, HumanTaskStep, Procedure
from sopc.graph.expression_tree import names_in

_WORD = re.compile(r"[^\W_][\w'-]*")
_APPROVES = re.compile(r"(?:approv|authori[sz]|sign|confirm|accept|agree|reject|releas)\w*")
_LOOKS = re.compile(
    r"(?:review|check|read|verif|inspect|examin|receiv|open|compar|assess|evaluat|validat|audit|"
    r"proofread|look|wait|get|collect|file|sav|stor|archiv|send|forward|shar|submit)\w*"
)
"""Verbs of work on a thing that somebody else may have made."""

_BEFORE = frozenset(
    """
    or and not off on to rejects reject declines decline the a an any every each all its their this
    that these those his her your our
    """.split()  # noqa: SIM905  # read best as words
)
_BEHIND = frozenset(
    """
    in into by with without to for over on onto from of at before after within as via using under
    against through whatever if when unless and or whether until between per about again
    """.split()  # noqa: SIM905
)
_PRONOUNS = frozenset({"it", "them", "this", "that", "these", "those"})


@dataclass(slots=True)
class _Seen:
    """The places of the steps behind us, by what they give and what they are about."""

    by_output: dict[str, int] = field(default_factory=dict)
    by_subject: dict[str, dict[str | None, int]] = field(default_factory=dict)
    last: int | None = None


def prepared_by(procedure: Procedure) -> Iterator[tuple[int, ApprovalStep, tuple[int, ...]]]:
    """Give each approval, its place among the steps, and the places of those that prepared it.

    Those are the steps before it whose outputs it takes; else the first of each role that makes
    something of the same name; else, where the approval only says "it", the one right before it.
    """
    seen = _Seen()
    for index, step in enumerate(procedure.steps):
        if isinstance(step, ApprovalStep):
            yield index, step, _prepared(step, seen)
        elif isinstance(step, ActionStep | HumanTaskStep):
            words = _words(step.title)
            seen.last = None
            for output in step.outputs:
                seen.by_output[output.name] = index
            if words and _LOOKS.fullmatch(words[0]) is None:
                seen.last = index
                subject = _subject(words[1:])
                if subject is not None and subject not in _PRONOUNS:
                    seen.by_subject.setdefault(subject, {}).setdefault(step.role, index)


def _prepared(approval: ApprovalStep, seen: _Seen) -> tuple[int, ...]:
    names = {name for each in approval.inputs if each.cel for name in names_in(each.cel)}
    linked = {seen.by_output[name] for name in names & seen.by_output.keys()}
    if linked:
        return tuple(sorted(linked))
    words = _words(approval.title)
    verb = next((at for at, word in enumerate(words) if _APPROVES.fullmatch(word)), None)
    if verb is None:
        return ()
    subject = _subject(words[verb + 1 :])
    if subject is None or subject in _PRONOUNS:
        return () if seen.last is None else (seen.last,)
    return tuple(seen.by_subject.get(subject, {}).values())


def _words(title: str) -> list[str]:
    return _WORD.findall(title.lower())


def _subject(words: list[str]) -> str | None:
    """Give the last noun of the object that follows a verb, in the singular; None if none does."""
    begin = next((at for at, word in enumerate(words) if word not in _BEFORE), len(words))
    held = words[begin:]
    end = next((at for at, word in enumerate(held) if word in _BEHIND), len(held))
    if end:
        noun = held[end - 1]
        return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
    return "it" if any(word in _PRONOUNS for word in words[:begin]) else None
