"""What an action does that cannot simply be taken back: it pays, deletes, sends, changes access."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from sopc.diagnostics import Confidence
from sopc.graph import ActionStep, Tier
from sopc.organization import System
from sopc.organization.operation import Effect
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.rule import GraphPath


class Lasting(StrEnum):
    """The sorts of lasting acts, in the words that they are told in."""

    PAYMENT = "payment"
    DELETION = "deletion"
    MESSAGE = "message"
    ACCESS = "change of access"
    OTHER = "irreversible act"

    @property
    def named(self) -> str:
        """The sort with its article."""
        return f"{'an' if self is Lasting.OTHER else 'a'} {self}"


@dataclass(frozen=True, slots=True)
class LastingAct:
    """A lasting act of an action that would run alone.

    Attributes:
        at: The step.
        action: The same step.
        system: The id that the organization file gives its system; None if it does not know it.
        sort: What it does.
        shown: Where that can be seen.
        confidence: High where the graph or the organization file says so, less where words do.
        notes: Who says so, where it is not the graph.
    """

    at: StepPlace
    action: ActionStep
    system: str | None
    sort: Lasting
    shown: GraphPath
    confidence: Confidence
    notes: tuple[str, ...] = ()


_EFFECTS: Mapping[Effect, tuple[Lasting, str]] = {
    "pay": (Lasting.PAYMENT, "pays"),
    "delete": (Lasting.DELETION, "deletes"),
    "send": (Lasting.MESSAGE, "sends something outside"),
    "access": (Lasting.ACCESS, "changes who has access"),
}

# Each pattern is of the title's beginning, the verb in its base form.
_AFTER = (
    r"(?=$|[,.;:(]|\s(?:again|after|as|at|back|before|by|for|from|if|in|"
    r"into|of|on|once|over|through|to|under|until|up|using|via|when|with|within|and|or)\b)"
)
_MONEY = (
    r"(?:refunds?|payments?|payouts?|funds|money|fees?|balance|deposit|advance|salar(?:y|ies)|wages|"
    r"[$€£]\s?\d+|\d[\d.,]*\s?(?:usd|eur|gbp|dollars|euros|pounds)|(?:credit|debit|their|the)\s+card|"
    rf"(?:wire|bank)\s+transfers?){_AFTER}"
)
_MANNER = re.compile(
    r"^"
    r"(?:(?:then|next|finally|also|immediately|promptly|quickly|automatically|manually|permanently|"
    r"securely),? )+"
)
_MOVE = "transfer|wire|charge|issue|send|make|process|release|initiate|execute"
_NO_PAYMENT = r"attention|heed|respects?|close|special|particular|(?:a|the) visit"
_ACCOUNT = r"(?:accounts?|logins?|users?)"
_ACCESS = r"(?:access|permissions?|privileges|(?:admin\w*|user|edit\w*) rights)\b"
_WORDS: tuple[tuple[Lasting, Confidence, re.Pattern[str]], ...] = tuple(
    (sort, confidence, re.compile(pattern))
    for sort, confidence, pattern in (
        (Lasting.PAYMENT, Confidence.MEDIUM, rf"pay (?!{_NO_PAYMENT})|(?:refund|reimburse) "),
        (
            Lasting.PAYMENT,
            Confidence.MEDIUM,
            rf"(?:{_MOVE}) (?:[\w'-]+ ){{0,4}}?{_MONEY}",
        ),
        (Lasting.DELETION, Confidence.MEDIUM, r"(?:delete|erase|destroy|purge) "),
        (
            Lasting.PAYMENT,
            Confidence.MEDIUM,
            rf"(?:process|run|make) (?:[\w'-]+ ){{0,3}}?payroll{_AFTER}",
        ),
        (
            Lasting.ACCESS,
            Confidence.LOW,
            rf"(?:grant|give|revoke|remove|withdraw) (?:[\w'-]+ ){{0,5}}?{_ACCESS}",
        ),
        (
            Lasting.ACCESS,
            Confidence.LOW,
            rf"(?:deactivate|disable|suspend) (?:[\w'-]+ ){{0,5}}?{_ACCOUNT}{_AFTER}",
        ),
    )
)


def runs_alone(action: ActionStep) -> bool:
    """Tell whether an action is meant to run without a person."""
    return action.tier is not None and action.tier.level is Tier.AUTONOMOUS


def lasting_acts(context: CheckContext) -> list[LastingAct]:
    """Give the lasting acts that would run alone, in the order of the file.

    What the graph says goes before what the organization file says, and that before words. Payments
    that can be taken back are given too.
    """
    return list(_found(context))


def _found(context: CheckContext) -> Iterator[LastingAct]:
    called = {system.id: system.name for system in context.graph.systems}
    for at in context.steps:
        action = at.step
        if not isinstance(action, ActionStep) or not (action.tier is None or runs_alone(action)):
            continue
        system = _system(context, action.system, called)
        operation = system.operation(action.operation) if system and action.operation else None
        effect = None if operation is None else operation.effect
        acts = partial(LastingAct, at, action, system.id if system else None)
        known = _EFFECTS.get(effect) if effect else None
        worded = _by_words(action.title) if effect is None else None
        sort = known[0] if known else worded[0] if worded else None
        if action.reversible is False:
            yield acts(sort or Lasting.OTHER, (*at.path, "reversible"), Confidence.HIGH)
        elif sort is None or (action.reversible and sort is not Lasting.PAYMENT):
            continue
        elif known is not None and system is not None and operation is not None:
            # Somebody settled the words of a template when it was written.
            if not (effect == "send" and action.template):
                says = f"the organization file says that `{operation.name}` of `{system.name}`"
                notes = (f"{says} {known[1]}",)
                yield acts(known[0], (*at.path, "operation"), Confidence.HIGH, notes)
        elif worded is not None and runs_alone(action):
            yield acts(worded[0], at.title, worded[1])


def _system(context: CheckContext, named: str | None, called: Mapping[str, str]) -> System | None:
    organization = context.organization
    if organization is None or named is None:
        return None
    return organization.system(called.get(named, named)) or organization.system(named)


def _by_words(title: str) -> tuple[Lasting, Confidence] | None:
    verb, _, rest = _MANNER.sub("", title.lower(), count=1).partition(" ")
    for form in dict.fromkeys((verb, verb.removesuffix("s"), verb.removesuffix("es"))):
        for sort, confidence, pattern in _WORDS:
            if pattern.match(f"{form} {rest}"):
                return sort, confidence
    return None
