"""All rules of `sopc check`, by code."""

from collections.abc import Sequence

from sopc.errors import UsageError
from sopc.rules.catalogue.action_without_system import action_without_system
from sopc.rules.catalogue.endless_loop import endless_loop
from sopc.rules.catalogue.escalation_to_nobody import escalation_to_nobody
from sopc.rules.catalogue.fuzzy_citation import fuzzy_citation
from sopc.rules.catalogue.incomplete_decision import incomplete_decision
from sopc.rules.catalogue.invalid_expression import invalid_expression
from sopc.rules.catalogue.judgment_words import judgment_words
from sopc.rules.catalogue.missing_deadline import missing_deadline
from sopc.rules.catalogue.missing_trigger import missing_trigger
from sopc.rules.catalogue.no_escalation_path import no_escalation_path
from sopc.rules.catalogue.schedule_without_time_zone import schedule_without_time_zone
from sopc.rules.catalogue.stale_graph import stale_graph
from sopc.rules.catalogue.uncited_step import uncited_step
from sopc.rules.catalogue.uncovered_prose import uncovered_prose
from sopc.rules.catalogue.unknown_procedure import unknown_procedure
from sopc.rules.catalogue.unknown_role import unknown_role
from sopc.rules.catalogue.unknown_step import unknown_step
from sopc.rules.catalogue.unknown_system import unknown_system
from sopc.rules.catalogue.unlimited_retry import unlimited_retry
from sopc.rules.catalogue.unlocated_quote import unlocated_quote
from sopc.rules.catalogue.unmapped_trigger import unmapped_trigger
from sopc.rules.catalogue.unreachable_step import unreachable_step
from sopc.rules.catalogue.unreadable_source import unreadable_source
from sopc.rules.catalogue.vague_time import vague_time
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    stale_graph,
    unreadable_source,
    missing_trigger,
    unmapped_trigger,
    schedule_without_time_zone,
    action_without_system,
    unknown_system,
    unknown_role,
    unknown_step,
    unknown_procedure,
    missing_deadline,
    vague_time,
    no_escalation_path,
    escalation_to_nobody,
    unlimited_retry,
    unreachable_step,
    endless_loop,
    incomplete_decision,
    judgment_words,
    uncited_step,
    unlocated_quote,
    uncovered_prose,
    fuzzy_citation,
    invalid_expression,
)
"""The catalogue. The hundreds digit is the family: 0 file and configuration, 1 triggers, 2 systems,
roles and references, 3 time, 4 failure and escalation, 5 flow and decisions, 6 autonomy and
approvals, 7 provenance and coverage, 8 data and expressions."""


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
            hint="`sopc explain` lists the rules",
        )
    return fitting


def _begins(code: str, wanted: str) -> bool:
    return wanted.startswith("sop") and code.lower().startswith(wanted)
