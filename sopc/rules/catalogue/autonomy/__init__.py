"""Family 6: what may run without a person."""

from sopc.rules.catalogue.autonomy.judgment_words import judgment_words
from sopc.rules.catalogue.autonomy.money_without_limit import money_without_limit
from sopc.rules.catalogue.autonomy.rejection_ignored import rejection_ignored
from sopc.rules.catalogue.autonomy.self_approval import self_approval
from sopc.rules.catalogue.autonomy.tier_too_low import tier_too_low
from sopc.rules.catalogue.autonomy.unguarded_irreversible_action import (
    unguarded_irreversible_action,
)
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    judgment_words,
    unguarded_irreversible_action,
    self_approval,
    money_without_limit,
    tier_too_low,
    rejection_ignored,
)
