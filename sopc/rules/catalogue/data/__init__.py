"""Family 8: values and expressions."""

from sopc.rules.catalogue.data.clear_secret import clear_secret
from sopc.rules.catalogue.data.conflicting_types import conflicting_types
from sopc.rules.catalogue.data.invalid_expression import invalid_expression
from sopc.rules.catalogue.data.uncertain_value import uncertain_value
from sopc.rules.catalogue.data.unit_mismatch import unit_mismatch
from sopc.rules.catalogue.data.unknown_name import unknown_name
from sopc.rules.catalogue.data.unused_value import unused_value
from sopc.rules.catalogue.data.use_before_production import use_before_production
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    invalid_expression,
    unknown_name,
    use_before_production,
    uncertain_value,
    unit_mismatch,
    unused_value,
    clear_secret,
    conflicting_types,
)
