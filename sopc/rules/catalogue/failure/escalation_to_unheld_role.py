"""The rule `escalation-to-unheld-role`, SOP406."""

from collections import defaultdict
from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.organization import Role
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import roles
from sopc.rules.naming.use import rungs
from sopc.rules.rule import Flaw, rule

_SHOWN = 4


@rule("SOP406", "escalation-to-unheld-role", Severity.WARNING)
def escalation_to_unheld_role(context: CheckContext) -> Iterator[Flaw]:
    """An escalation to a role that nobody holds now.

    ## What it does
    Finds roles of escalation ladders for which the organization file lists holders, none of whom
    holds the role today. A role without any holders is one of which it is not said who does, and
    a role outside the organization is not held in it. There is one finding for each role.

    ## Why it matters
    The message goes to nobody. It comes out when the matter is late already, and the one who was
    to save it left months ago.

    ## Example
    ```yaml
    roles:
      - id: finance-manager
        name: finance manager
        holders:
          - {name: Yusuf Demir, to: 2025-12-31}
    ```

    ## Use instead
    ```yaml
    roles:
      - id: finance-manager
        name: finance manager
        holders:
          - {name: Yusuf Demir, to: 2025-12-31}
          - {name: Grace Okafor, from: 2026-01-01}
    ```
    Or turn to another role.

    ## Fix safety
    No fix is offered: who follows is not in the graph.
    """
    if context.organization is None:
        return
    unheld = {
        name: role
        for name, role in roles(context).known_by_id.items()
        if isinstance(role, Role) and _is_unheld(context, role)
    }
    turned_to = defaultdict(list)
    for rung, path, _, _ in rungs(context) if unheld else ():
        if rung.to is not None and rung.to in unheld:
            turned_to[rung.to].append((rung.to_cite or rung.cite, (*path, "to")))
    for name, places in turned_to.items():
        (cite, first), *others = places
        role = unheld[name]
        yield Flaw(
            at=first,
            message=f"nobody holds the role `{role.name}`, which an escalation turns to",
            about=f"roles.{name}.holders",
            label="reaches nobody",
            related=tuple((path, "nor does this") for _, path in others[: _SHOWN - 1]),
            help=f"say in `organization.yaml` who holds `{role.id}` now, or turn to another role",
            notes=tuple(_history(context, role)),
            cite=cite,
        )


def _is_unheld(context: CheckContext, role: Role) -> bool:
    if role.outside or not role.holders:
        return False
    return not any(holder.holds(context.today) for holder in role.holders)


def _history(context: CheckContext, role: Role) -> Iterator[str]:
    """Say who was the last to hold the role, and who will be the next."""
    past = [each for each in role.holders if each.last and each.last < context.today]
    coming = [each for each in role.holders if each.first and each.first > context.today]
    if past:
        last = max(past, key=lambda each: (str(each.last), each.name))
        yield f"`{last.name}` held it until {last.last}"
    if coming:
        following = min(coming, key=lambda each: (str(each.first), each.name))
        yield f"`{following.name}` holds it from {following.first} on"
