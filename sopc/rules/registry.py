"""All rules of `sopc check`, by code."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sopc.errors import UsageError
from sopc.rules.catalogue import (
    autonomy,
    data,
    failure,
    file,
    flow,
    provenance,
    reference,
    time,
    trigger,
)
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *file.RULES,
    *trigger.RULES,
    *reference.RULES,
    *time.RULES,
    *failure.RULES,
    *flow.RULES,
    *autonomy.RULES,
    *provenance.RULES,
    *data.RULES,
)
"""The catalogue, by code."""

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "0": "File and configuration",
        "1": "Triggers",
        "2": "Systems, roles and references",
        "3": "Time",
        "4": "Failure and escalation",
        "5": "Flow and decisions",
        "6": "Autonomy and approvals",
        "7": "Provenance and coverage",
        "8": "Data and expressions",
    }
)
"""What a code's hundreds digit says."""


def rule_named(name: str) -> Rule | None:
    """Find a rule by its code or its name, upper and lower case alike."""
    wanted = name.strip().lower()
    return next((rule for rule in RULES if wanted in {rule.code.lower(), rule.name}), None)


def chosen(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Give the rules that are selected, all if nothing is, without those that are ignored.

    Both take codes, names, and beginnings of codes (`SOP3` is all about time).

    Raises:
        UsageError: A selector fits no rule.
    """
    selected = {rule.code for selector in select for rule in _fitting(selector)}
    ignored = {rule.code for selector in ignore for rule in _fitting(selector)}
    return tuple(
        rule for rule in RULES if rule.code not in ignored and (not select or rule.code in selected)
    )


def _fitting(selector: str) -> list[Rule]:
    wanted = selector.strip().lower()
    fitting = [
        rule for rule in RULES if wanted and (rule.name == wanted or _begins(rule.code, wanted))
    ]
    if not fitting:
        raise UsageError(
            f"`{selector}` is no rule, nor the beginning of a code",
            hint="`sopc rules` lists the rules",
        )
    return fitting


def _begins(code: str, wanted: str) -> bool:
    return wanted.startswith("sop") and code.lower().startswith(wanted)
