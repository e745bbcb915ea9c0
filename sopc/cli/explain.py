"""`sopc explain`: what a rule finds, why it matters, and what to write instead."""

from typing import Annotated

import typer

from sopc.cli import output


def explain(
    name: Annotated[
        str | None, typer.Argument(help="A rule's code or name; all rules if left out.")
    ] = None,
) -> None:
    """Explain a rule of `sopc check`, or list all of them."""
    from sopc.rules import RULES

    if name is None:
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for heading in ("code", "name", "severity", "finds"):
            table.add_column(heading, no_wrap=heading != "finds")
        for rule in RULES:
            table.add_row(rule.code, rule.name, rule.severity.value, rule.explanation.summary)
        output.console().print(table)
        return
    output.result(_page(name))


def _page(name: str) -> str:
    from difflib import get_close_matches

    from sopc.errors import UsageError
    from sopc.rules import RULES, rule_named

    rule = rule_named(name)
    if rule is None:
        names = {each for rule in RULES for each in (rule.code, rule.name)}
        near = get_close_matches(name, sorted(names), n=1)
        raise UsageError(
            f"`{name}` is no rule",
            hint=f"`sopc explain {near[0]}` is the nearest one"
            if near
            else "`sopc explain` lists the rules",
        )
    head = (
        f"# {rule.name} ({rule.code})\n\nSeverity: {rule.severity}. Confidence: {rule.confidence}."
    )
    return f"{head}\n\n{rule.explanation.markdown()}"
