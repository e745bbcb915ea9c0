"""Whom words of the prose address: somebody who reads them, or nobody at all."""

import re

_PASSIVE = re.compile(
    r"\b(?:is|are|be|been|being|was|were)\s+(?:(?:also|then|always|first|only|\w+ly)\s+)*"
    r"(?:\w{2,}ed|\w+(?:wn|nt|pt|ught|ung|ld)|made|done|given|taken|written|put|set|paid|read|cut)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whose|what|how|if|when|where|until)\b", re.IGNORECASE
)
"""Behind these a passive is no order: "send the offer that was agreed"."""

_AGENT = re.compile(r"\bby\s+(?!\d|(?:the\s+)?(?:end|start|close|noon|midnight)\b)", re.IGNORECASE)

_EVENT = re.compile(
    r"(?:when(?:ever)?|once|as soon as|after|upon|(?:every|each) time)\s+(?P<subject>\w+)",
    re.IGNORECASE,
)
_PERSONS = frozenset({"i", "you", "he", "she", "they", "we", "it", "this", "that", "these"})


def is_unaddressed(title: str) -> bool:
    """Tell whether an act is told in the passive voice, without anybody who does it.

    "Clients must be notified" asks nobody; "Notify the clients" asks whoever reads it.
    """
    passive = _PASSIVE.search(title)
    if passive is None or _AGENT.search(title):
        return False
    return _SUBORDINATE.search(title, 0, passive.start()) is None


def is_noticed(clause: str) -> bool:
    """Tell whether a trigger is a case that those who work on it notice themselves.

    "If the customer does not answer" and "when you need a day off" start with the person who does
    the work. "When a new client is onboarded" starts with something that somebody has to see.
    """
    event = _EVENT.match(clause.strip())
    return event is None or event["subject"].lower() in _PERSONS


def is_progress(clause: str) -> bool:
    """Tell whether a trigger is that earlier work is done: "once the order has been checked"."""
    return re.match(r"(?:once|after)\s", clause.strip(), re.IGNORECASE) is not None
