"""The organization file: roles, systems, templates, working time, and what holds by default."""

from sopc.organization.calendar import BusinessHours, Calendar, Holidays, is_time_zone
from sopc.organization.file import find_organization, load_organization, loads_organization
from sopc.organization.organization import Escalation, Limit, Organization, organization_schema
from sopc.organization.person import Holder, Role
from sopc.organization.system import Binding, Operation, System, Template

__all__ = [
    "Binding",
    "BusinessHours",
    "Calendar",
    "Escalation",
    "Holder",
    "Holidays",
    "Limit",
    "Operation",
    "Organization",
    "Role",
    "System",
    "Template",
    "find_organization",
    "is_time_zone",
    "load_organization",
    "loads_organization",
    "organization_schema",
]
