"""What an answer is about: a field of a step, of a trigger, or of the whole procedure."""

import re
from dataclasses import dataclass
from typing import Literal

Subject = Literal["step", "trigger", "procedure"]

NAMES: dict[Subject, tuple[str, ...]] = {
    "step": (
        "title",
        "kind",
        "role",
        "system",
        "operation",
        "binding",
        "inputs",
        "outputs",
        "template",
        "tier",
        "deadline",
        "delay",
        "cadence",
        "retry",
        "escalation",
        "guardrail",
        "for_each",
        "reversible",
        "next",
        "on_reject",
        "remove",
    ),
    "trigger": (
        "system",
        "event",
        "filter",
        "cron",
        "time_zone",
        "by",
        "payload",
        "kind",
        "remove",
    ),
    "procedure": ("title", "owner", "inputs", "trigger", "deadline", "cadence", "escalation"),
}
"""The fields that can be answered; of a step's K-th condition, `when K cel` besides."""

_GRAMMARS = {
    ("step", "outputs"): "fields",
    ("step", "on_reject"): "next",
    ("trigger", "payload"): "fields",
    ("trigger", "kind"): "trigger kind",
    ("procedure", "inputs"): "fields",
}

FIELD_PATTERN = (
    rf"^(step [1-9][0-9]* ({'|'.join(NAMES['step'])}|when [1-9][0-9]* cel)"
    rf"|trigger [1-9][0-9]* ({'|'.join(NAMES['trigger'])})"
    rf"|procedure ({'|'.join(NAMES['procedure'])}))$"
)


@dataclass(frozen=True)
class AnswerField:
    """A field's words, taken apart.

    Attributes:
        subject: What it belongs to.
        anchor: The subject's words in its passage: `step 1`, `trigger 2`, `procedure`.
        name: The field's name, `when` for a condition's expression.
        index: For `when`, which condition, from 1.
    """

    subject: Subject
    anchor: str
    name: str
    index: int | None = None

    @property
    def grammar(self) -> str:
        """What the value is written as: mostly the name; one word may mean two things."""
        return grammar(self.subject, self.name)


def grammar(subject: Subject, name: str) -> str:
    """Say what the values of a field are written as."""
    return _GRAMMARS.get((subject, name), name)


def answer_field(words: str) -> AnswerField:
    """Take the words of a field apart, as `step 1 system`.

    Raises:
        ValueError: there is no such field; the message lists those there are.
    """
    first, *rest = parts = words.split() or [""]
    if not re.match(FIELD_PATTERN, " ".join(parts)):
        raise ValueError(_expected(" ".join(parts)))
    if first == "procedure":
        return AnswerField("procedure", first, rest[0])
    subject: Subject = "step" if first == "step" else "trigger"
    index = int(rest[2]) if rest[1] == "when" else None
    return AnswerField(subject, f"{subject} {rest[0]}", rest[1], index)


def _expected(words: str) -> str:
    first = words.partition(" ")[0]
    for subject, names in NAMES.items():
        if first == subject:
            number = "" if subject == "procedure" else " 1"
            extra = ", `when 1 cel`" if subject == "step" else ""
            listed = ", ".join(f"`{name}`" for name in names)
            return f"`{words}` is no field; write `{subject}{number}` and one of {listed}{extra}"
    return f"`{words}` is no field; write for example `step 1 system` or `trigger 1 event`"
