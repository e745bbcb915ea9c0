"""The organization file: roles, systems, templates, working time, and what holds by default."""

from sopc.organization.calendar import BusinessHours, Calendar, Holidays, is_time_zone
from sopc.organization.elapsed import Elapsed, elapsed
from sopc.organization.file import (
    LoadedOrganization,
    find_organization,
    load_organization,
    loads_organization,
    read_organization,
)
from sopc.organization.http_request import HttpRequest
from sopc.organization.limit import Escalation, Limit
from sopc.organization.operation import Effect, Operation
from sopc.organization.organization import Organization, organization_schema
from sopc.organization.person import Holder, Person, Role, Tenure
from sopc.organization.system import Binding, System, Template
from sopc.organization.working_time import WorkingTime, working_time

__all__ = [
    "Binding",
    "BusinessHours",
    "Calendar",
    "Effect",
    "Elapsed",
    "Escalation",
    "Holder",
    "Holidays",
    "HttpRequest",
    "Limit",
    "LoadedOrganization",
    "Operation",
    "Organization",
    "Person",
    "Role",
    "System",
    "Template",
    "Tenure",
    "WorkingTime",
    "elapsed",
    "find_organization",
    "is_time_zone",
    "load_organization",
    "loads_organization",
    "organization_schema",
    "read_organization",
    "working_time",
]
