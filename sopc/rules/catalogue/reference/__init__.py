"""Family 2: systems, roles and other things that are named."""

from sopc.rules.catalogue.reference.action_without_system import action_without_system
from sopc.rules.catalogue.reference.unknown_procedure import unknown_procedure
from sopc.rules.catalogue.reference.unknown_role import unknown_role
from sopc.rules.catalogue.reference.unknown_step import unknown_step
from sopc.rules.catalogue.reference.unknown_system import unknown_system
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    action_without_system,
    unknown_system,
    unknown_role,
    unknown_step,
    unknown_procedure,
)
