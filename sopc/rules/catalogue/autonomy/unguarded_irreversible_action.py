"""The rule `unguarded-irreversible-action`, SOP602."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.acts.amount_limit import AmountNames, is_bounded, limits_of
from sopc.rules.acts.asking import unasked_steps
from sopc.rules.acts.lasting_act import Lasting, lasting_acts
from sopc.rules.acts.raised_tier import raised_tier
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP602", "unguarded-irreversible-action", Severity.WARNING, leans_on_organization=True)
def unguarded_irreversible_action(context: CheckContext) -> Iterator[Flaw]:
    """An action that cannot be taken back, and that nobody is asked about.

    ## What it does
    Finds actions of tier 1 that pay, delete, send something outside or change who has access, and
    that have no guardrail, are under no limit of the organization, and can be reached without an
    approval or a person's decision before them. What an action does is told by `reversible: false`,
    by the `effect` of its operation in the organization file, or by its words; a rule that has only
    the words is less sure. Actions without a tier are looked at where the graph or the organization
    file says what they do.

    A message made from a template is left alone: its words were settled before. A decision by the
    amount is enough for a payment. A trigger or a condition that says that it was approved, as "if
    the refund is approved", is enough for anything.

    ## Why it matters
    Most mistakes of a program can be put right afterwards. Money that is paid and data that is
    deleted are gone, and it can happen a hundred times before anybody looks.

    ## Example
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
      operation: issue-refund
      tier: {level: 1, reason: one operation of one system}
      reversible: false
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
      operation: issue-refund
      tier: {level: 1, reason: one operation of one system}
      reversible: false
    ```
    Or tier 2, where somebody approves the step itself, or a guardrail:
    ```yaml
      guardrails:
        - says: refunds over 200 USD go to the support manager
          limit: refund_amount <= 20000
          ask: support-manager
    ```

    ## Fix safety
    The fix sets tier 2. It is safe: the same thing is done, once somebody has approved it.
    """
    acts = [
        act
        for act in lasting_acts(context)
        if not act.action.guardrails and not act.action.reversible
    ]
    names = AmountNames(context.graph) if acts else None
    if names is None:
        return
    unasked = unasked_steps(context.graph)
    undecided = unasked_steps(context.graph, lambda condition: names.in_expression(condition.cel))
    for act in acts:
        step, pays = act.action, act.sort is Lasting.PAYMENT
        if (act.at.procedure.id, step.id) not in (undecided if pays else unasked):
            continue
        if limits_of(context.organization, act):
            continue
        if pays and is_bounded(context.organization, act, names):
            continue
        yield Flaw(
            at=act.shown,
            message=f"nobody approves and no guardrail limits the {act.sort} in step `{step.id}`",
            about=act.at.about("tier"),
            key="unguarded",
            help="let somebody approve it before, set tier 2, or give the step a guardrail",
            notes=act.notes,
            cite=act.at.cite(),
            step=step.id,
            confidence=act.confidence,
            repair=raised_tier(act.at, 2, f"{act.sort.named}, to be approved"),
        )
