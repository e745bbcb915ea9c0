"""The rule `unknown-role`, SOP203."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.nearest import meant
from sopc.rules.rule import Flaw, rule
from sopc.rules.use import role_uses


@rule("SOP203", "unknown-role", Severity.ERROR)
def unknown_role(context: CheckContext) -> Iterator[Flaw]:
    """A role that nobody knows.

    ## What it does
    Finds ids that are not in the graph's list of roles and, where there is an organization file
    that lists roles, roles of the graph that it knows by no id, name or alias.

    ## Why it matters
    Work and escalations that go to an unknown role reach nobody.

    ## Example
    ```yaml
    roles:
      - id: acount-manager
        name: acount manager
    ```

    ## Use instead
    ```yaml
    roles:
      - id: account-manager
        name: account manager
    ```
    Or, if the role is right and new, add it to `organization.yaml`.

    ## Fix safety
    No fix is offered: the nearest known name is a guess.
    """
    known = {role.id for role in context.graph.roles}
    for use in role_uses(context):
        if use.id not in known:
            yield Flaw(
                at=use.path,
                message=f"role `{use.id}` is not among the graph's roles",
                about=use.about,
                key=use.id,
                help=meant(use.id, known, kind="role"),
                cite=use.cite,
                step=use.step,
            )
    organization = context.organization
    if organization is None or not organization.roles:
        return
    for index, role in enumerate(context.graph.roles):
        if organization.role(role.name) or organization.role(role.id):
            continue
        near = organization.nearest_role(role.name)
        yield Flaw(
            at=("roles", index, "name"),
            message=f"`{organization.name}` has no role `{role.name}`",
            about=f"roles.{role.id}.name",
            help=f"write `{near}`, or add the role to the organization file"
            if near
            else "add the role to the organization file",
            cite=role.cite,
            says="first named here",
        )
