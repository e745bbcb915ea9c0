"""The rule `self-approval`, SOP603."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Procedure, RequestTrigger
from sopc.organization.name import folded
from sopc.rules.acts.approval_subject import prepared_by
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.rule import Flaw, GraphPath, rule


@rule("SOP603", "self-approval", Severity.WARNING, Confidence.MEDIUM)
def self_approval(context: CheckContext) -> Iterator[Flaw]:
    """An approval by whoever asked for it or prepared it.

    ## What it does
    Finds approvals whose role is the only one that prepared what is approved, or, where no step
    prepares it, the role whose request starts the procedure. With an organization file, two roles
    that one and the same person alone holds today count as one. Which steps prepared it is told by
    the data that the approval takes, or by its words, so the rule is not sure of it; still less
    where several people hold the role, because one of them may approve for another.

    ## Why it matters
    An approval is a second pair of eyes. Where the first pair approves its own work, mistakes pass,
    and nothing shows that nobody looked.

    ## Example
    ```yaml
    - id: enter-refund
      kind: action
      title: Enter the refund in Stripe
      role: billing-specialist
      system: stripe
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: billing-specialist
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
    ```

    ## Fix safety
    No fix is offered: who may approve is for the people who own the procedure.
    """
    people = _People(context)
    for procedure, path in context.procedures():
        for index, approval, prepared in prepared_by(procedure):
            if approval.role is None:
                continue
            asking = [
                (procedure.steps[each].role, (*path, "steps", each, "role")) for each in prepared
            ] or list(_requests(procedure, path))
            roles = {role for role, _ in asking}
            if len(roles) != 1 or None in roles:
                continue
            role, related = asking[0]
            does = "prepares what it approves" if prepared else "asks for it"
            at = StepPlace(procedure, approval, (*path, "steps", index))
            if role == approval.role:
                yield _by_role(at, does, related, people.count(approval.role))
            elif role is not None and (person := people.same(role, approval.role)) is not None:
                yield _by_person(at, does, related, person)


def _by_role(at: StepPlace, does: str, related: GraphPath, count: int) -> Flaw:
    role = str(at.step.role)
    several = count > 1
    return Flaw(
        at=(*at.path, "role"),
        message=f"approval `{at.step.id}` goes to the role that {does}, `{role}`",
        about=at.about("role"),
        key="same role",
        help="let somebody else approve it, whose role did not prepare or ask for it",
        notes=(f"{count} people hold the role; one of them may approve for another",)
        if several
        else (),
        related=((related, does),),
        cite=at.cite("role"),
        step=at.step.id,
        confidence=Confidence.LOW if several else None,
    )


def _by_person(at: StepPlace, does: str, related: GraphPath, person: str) -> Flaw:
    return Flaw(
        at=(*at.path, "role"),
        message=f"approval `{at.step.id}` goes to {person}, who also {does}",
        about=at.about("role"),
        key="same person",
        help="let another person approve it, or give one of the roles to somebody else",
        notes=(f"{person} alone holds both roles today",),
        related=((related, does),),
        cite=at.cite("role"),
        step=at.step.id,
    )


def _requests(procedure: Procedure, path: GraphPath) -> Iterator[tuple[str | None, GraphPath]]:
    for index, trigger in enumerate(procedure.triggers):
        if isinstance(trigger, RequestTrigger) and trigger.by is not None:
            yield trigger.by, (*path, "triggers", index, "by")


class _People:
    """Who holds the graph's roles on the day."""

    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self._called = {role.id: role.name for role in context.graph.roles}

    def count(self, role: str) -> int:
        """Count the people in a role; 0 where that is not known."""
        return len(self._names(role))

    def same(self, role: str, other: str) -> str | None:
        """Give the one person who is alone in both roles; None if there is none."""
        names, others = self._names(role), self._names(other)
        if len(names) != 1 or names.keys() != others.keys():
            return None
        return next(iter(names.values()))

    def _names(self, role: str) -> dict[str, str]:
        organization, day = self._context.organization, self._context.today
        if organization is None:
            return {}
        holders = organization.holders(self._called.get(role, role), day)
        holders = holders or organization.holders(role, day)
        return {folded(holder.name): holder.name for holder in holders}
