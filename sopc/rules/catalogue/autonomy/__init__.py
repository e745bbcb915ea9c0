"""Family 6: what may run without a person."""

from sopc.rules.catalogue.autonomy.judgment_words import judgment_words
from sopc.rules.catalogue.autonomy.self_approval import self_approval
from sopc.rules.catalogue.autonomy.unguarded_irreversible_action import (
    unguarded_irreversible_action,
)
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (judgment_words, unguarded_irreversible_action, self_approval)
