"""The rule `money-without-limit`, SOP604."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.acts.amount_limit import AmountNames, is_bounded, limits_of
from sopc.rules.acts.asking import unasked_steps
from sopc.rules.acts.lasting_act import Lasting, lasting_acts
from sopc.rules.acts.raised_tier import raised_tier
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP604", "money-without-limit", Severity.WARNING, leans_on_organization=True)
def money_without_limit(context: CheckContext) -> Iterator[Flaw]:
    """A payment that runs alone, and whose amount nothing bounds.

    ## What it does
    Finds payments of tier 1 with no approval and no decision by the amount before them, whose
    guardrails, conditions and limits of the organization bound no amount: they are in words alone,
    or speak of something else. Where there is no guardrail at all and the payment cannot be taken
    back, `unguarded-irreversible-action` says so.

    ## Why it matters
    A program does not wonder at an amount. A slip of a comma, or a bill that is a forgery, is paid
    as it stands.

    ## Example
    ```yaml
    guardrails:
      - says: only small refunds are paid without asking
        ask: support-manager
    ```

    ## Use instead
    ```yaml
    guardrails:
      - says: refunds up to 200 USD are paid without asking
        limit: refund_amount <= 20000
        ask: support-manager
    ```
    Or a limit in the organization file, with `most` and the operations that it is for.

    ## Fix safety
    The fix sets tier 2. It is safe: the same amount is paid, once somebody has approved it.
    """
    payments = [act for act in lasting_acts(context) if act.sort is Lasting.PAYMENT]
    names = AmountNames(context.graph) if payments else None
    if names is None:
        return
    undecided = unasked_steps(context.graph, lambda condition: names.in_expression(condition.cel))
    for act in payments:
        step = act.action
        guarded = bool(step.guardrails or limits_of(context.organization, act))
        if (act.at.procedure.id, step.id) not in undecided or not (guarded or step.reversible):
            continue
        if is_bounded(context.organization, act, names):
            continue
        amount = names.money[0] if names.money else "amount"
        yield Flaw(
            at=(*act.at.path, "guardrails", 0) if step.guardrails else act.shown,
            message=f"nothing that a program can check bounds what step `{step.id}` pays",
            about=act.at.about("guardrails"),
            key="amount",
            help=f"give it a guardrail with a limit in minor units, as `{amount} <= 20000`",
            notes=act.notes,
            cite=(step.guardrails[0].cite if step.guardrails else None) or act.at.cite(),
            step=step.id,
            confidence=act.confidence,
            repair=raised_tier(act.at, 2, "a payment without a limit, to be approved"),
        )
