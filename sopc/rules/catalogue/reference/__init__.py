"""Family 2: systems, roles and other things that are named."""

from sopc.rules.catalogue.reference.action_without_system import action_without_system
from sopc.rules.catalogue.reference.departed_person import departed_person
from sopc.rules.catalogue.reference.person_as_role import person_as_role
from sopc.rules.catalogue.reference.retired_system import retired_system
from sopc.rules.catalogue.reference.two_names import two_names
from sopc.rules.catalogue.reference.unbound_system import unbound_system
from sopc.rules.catalogue.reference.unknown_operation import unknown_operation
from sopc.rules.catalogue.reference.unknown_procedure import unknown_procedure
from sopc.rules.catalogue.reference.unknown_role import unknown_role
from sopc.rules.catalogue.reference.unknown_step import unknown_step
from sopc.rules.catalogue.reference.unknown_system import unknown_system
from sopc.rules.catalogue.reference.unknown_template import unknown_template
from sopc.rules.catalogue.reference.unknown_time_zone import unknown_time_zone
from sopc.rules.catalogue.reference.wrong_inputs import wrong_inputs
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    action_without_system,
    unknown_system,
    unknown_role,
    unknown_step,
    unknown_procedure,
    unknown_template,
    unknown_time_zone,
    person_as_role,
    departed_person,
    retired_system,
    unbound_system,
    unknown_operation,
    wrong_inputs,
    two_names,
)
