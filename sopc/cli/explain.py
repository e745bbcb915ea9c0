"""`sopc explain`: what a rule finds, why it matters, and what to write instead."""

from typing import Annotated

import typer

from sopc.cli import output


def explain(
    name: Annotated[str, typer.Argument(help="A rule's code or name.", metavar="RULE")],
) -> None:
    """Explain a rule of `sopc check`: what it finds, why it matters, what to write instead."""
    output.result(_page(name))


def _page(name: str) -> str:
    from difflib import get_close_matches

    from sopc.errors import UsageError
    from sopc.rules import RULES, rule_named

    rule = rule_named(name)
    if rule is None:
        if any(each.code.lower().startswith(name.strip().lower()) for each in RULES):
            raise UsageError(
                f"`{name}` is more than one rule", hint=f"`sopc rules {name}` lists them"
            )
        names = {each for rule in RULES for each in (rule.code, rule.name)}
        near = get_close_matches(name, sorted(names), n=1)
        raise UsageError(
            f"`{name}` is no rule",
            hint=f"`sopc explain {near[0]}` is the nearest one"
            if near
            else "`sopc rules` lists the rules",
        )
    head = (
        f"# {rule.name} ({rule.code})\n\nSeverity: {rule.severity}. Confidence: {rule.confidence}."
    )
    return f"{head}\n\n{rule.explanation.markdown()}"
