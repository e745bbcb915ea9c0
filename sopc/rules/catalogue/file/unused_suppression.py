"""The rule `unused-suppression`, SOP006."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import Suppression
from sopc.graph.edit import Drop, Put
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, GraphRule, Repair, suppression_rule
from sopc.rules.suppressing import Suppressing, holds, scope_key


@suppression_rule("SOP006", "unused-suppression", Severity.WARNING)
def unused_suppression(suppressing: Suppressing) -> Iterator[Flaw]:
    """A suppression that suppresses nothing.

    ## What it does
    Finds entries of `suppressions` that no finding was accepted by: of a rule that does not exist,
    of a step that is no longer so, or past their last day. Entries of rules that did not look,
    because of `--select` or `--ignore`, are left alone.

    ## Why it matters
    It looks as if something were known and accepted. When the mistake comes back, in another
    meaning, it is silently accepted again.

    ## Example
    ```yaml
    suppressions:
      - rule: missing-deadline
        step: file-the-contract     # has a deadline by now
        reason: filed when there is time
    ```

    ## Use instead
    Remove the entry.

    ## Fix safety
    Removing the entry is safe: it had no effect. Where the rule's name is nearly that of another,
    the fix writes that one instead. It is unsafe, because that is a guess.
    """
    for index, suppression in enumerate(suppressing.graph.suppressions):
        rule = suppressing.rule(suppression)
        if index in suppressing.used or (rule is not None and rule not in suppressing.ran):
            continue
        path = ("suppressions", index)
        near: str | None = None
        fact, advice = f"no finding of `{suppression.rule}` {_scope(suppression)}", None
        if rule is None:
            fact = f"there is no rule `{suppression.rule}`"
            known = Known((each.name for each in suppressing.known), kind="rule")
            advice, near = known.meant(suppression.rule), known.nearest(suppression.rule)
        elif not isinstance(rule, GraphRule):
            fact = f"`{rule.name}` cannot be suppressed"
        elif not holds(suppression, suppressing.today):
            fact = f"it ran out on {suppression.until}"
        yield Flaw(
            at=(*path, "rule"),
            message=f"this suppression suppresses nothing: {fact}",
            about="suppressions",
            key=scope_key(suppression),
            help=advice or "remove it",
            step=suppression.step,
            repair=Repair(f"write `{near}`", (Put((*path, "rule"), near),))
            if near
            else Repair("remove the suppression", (Drop(path),), safe=True),
        )


def _scope(suppression: Suppression) -> str:
    parts = [
        f"about {kind} `{name}`"
        for kind, name in (("step", suppression.step), ("procedure", suppression.procedure))
        if name
    ]
    if suppression.fingerprint:
        parts.append(f"with the fingerprint `{suppression.fingerprint}`")
    return " ".join(parts) or "in this file"
