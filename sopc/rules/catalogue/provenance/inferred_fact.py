"""The rule `inferred-fact`, SOP705."""

from collections.abc import Iterable, Iterator

from sopc.diagnostics import Severity
from sopc.graph import (
    AnswerCitation,
    Cadence,
    Citation,
    Condition,
    Deadline,
    DecisionStep,
    Delay,
    Guardrail,
    ProseCitation,
    Rung,
    Step,
)
from sopc.organization.name import folded
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, GraphPath, rule

Fact = tuple[str, GraphPath, Citation | None, str]
"""What a fact is called, where it stands in its step, what it cites, and its words."""

_Worded = Condition | Deadline | Delay | Cadence | Rung | Guardrail


@rule("SOP705", "inferred-fact", Severity.NOTE)
def inferred_fact(context: CheckContext) -> Iterator[Flaw]:
    """A fact in a step that neither the prose nor an answer states.

    ## What it does
    Finds roles, systems, templates, times, conditions, retries, escalations and guardrails without
    a citation, in steps that have one of their title, in graphs that were compiled from prose. What
    stands word for word in another quote of the step is stated there. The tier, `reversible`, the
    operation and the data are proposals, not facts, and need none.

    ## Why it matters
    A step that is cited looks as if all of it had been said. Who reviews it against the prose does
    not see that somebody added to it, or changed it.

    ## Example
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      role: billing-specialist
      citations:
        title: {line: 3, column: 4, length: 26, quote: Issue the refund in Stripe}
    ```

    ## Use instead
    Say it in the prose and compile it again, or cite who says so:
    ```yaml
      citations:
        role: {answer: who-issues-refunds, by: Ana Pires}
        title: {line: 3, column: 4, length: 26, quote: Issue the refund in Stripe}
    ```

    ## Fix safety
    No fix is offered: a citation says that somebody looked.
    """
    if context.graph.source is None:
        return
    names = {role.id: role.name for role in context.graph.roles}
    names |= {system.id: system.name for system in context.graph.systems}
    for at in context.steps:
        title = at.step.citations.get("title")
        if title is None or isinstance(title, AnswerCitation):
            continue
        quotes = _quotes(at.step.citations.values())
        inferred = [
            (name, (*at.path, *path))
            for name, path, cite, words in _facts(at.step)
            if cite is None and not _said(names.get(words, words), quotes)
        ]
        if not inferred:
            continue
        places = [path for _, path in inferred]
        yield Flaw(
            at=places[0],
            message=f"step `{at.step.id}` does not say where it has its "
            f"{_listed(name for name, _ in inferred)} from",
            about=at.about("citations"),
            key="inferred",
            label="cites nothing",
            help="cite the sentence or the answer that says so",
            related=tuple((path, "cites nothing") for path in places[1:]),
            cite=title,
            step=at.step.id,
        )


def _facts(step: Step) -> Iterator[Fact]:
    for name in ("role", "system", "template"):
        words = getattr(step, name, None)
        if words is not None:
            yield name, (name,), step.citations.get(name), words
    worded: tuple[tuple[str, str, tuple[_Worded, ...]], ...] = (
        ("condition", "when", step.when),
        ("deadline", "deadlines", step.deadlines),
        ("delay", "delays", step.delays),
        ("cadence", "cadences", step.cadences),
        ("escalation", "escalation", step.escalation),
        ("guardrail", "guardrails", step.guardrails),
    )
    for name, field, records in worded:
        cited = step.citations.get(field)
        for index, record in enumerate(records):
            yield name, (field, index), record.cite or cited, record.says
    if step.retry is not None:
        yield "retry", ("retry",), step.retry.cite or step.citations.get("retry"), step.retry.says
    if isinstance(step, DecisionStep):
        for index, branch in enumerate(step.branches):
            path = ("branches", index, "when")
            yield "condition", path, branch.when.cite, branch.when.says


def _quotes(citations: Iterable[Citation]) -> str:
    """Give all that a step's citations quote, as words with spaces around them."""
    quoted = (each.quote for each in citations if isinstance(each, ProseCitation))
    return "".join(f" {folded(quote)} |" for quote in quoted)


def _said(words: str, quotes: str) -> bool:
    return f" {folded(words)} " in quotes


def _listed(names: Iterable[str]) -> str:
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} and {last}" if first else last
