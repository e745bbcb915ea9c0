"""The rule `unknown-template`, SOP206."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ActionStep, ApprovalStep, HumanTaskStep
from sopc.graph.edit import Put
from sopc.organization import Organization
from sopc.organization.name import Named, folded, names
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule

_SHOWN = 8


@rule("SOP206", "unknown-template", Severity.WARNING)
def unknown_template(context: CheckContext) -> Iterator[Flaw]:
    """A template that nobody knows.

    ## What it does
    Finds steps with a `template` that the organization file knows by no name or alias, where it
    lists templates. A form or a document that it lists among the systems is known too, and so is
    one whose name the graph shortens. Every unknown name is told once, at its first step.

    ## Why it matters
    A message from a template that does not exist is not sent, or somebody makes up its text.

    ## Example
    ```yaml
    - id: send-welcome-email
      kind: action
      title: Send template welcom-1 in Gmail
      system: gmail
      template: welcom-1
    ```

    ## Use instead
    ```yaml
      template: welcome-1
    ```
    Or, if the template is right and new, add it to `organization.yaml`.

    ## Fix safety
    The fix writes the nearest known template in all these steps. It is unsafe, because the nearest
    name is a guess.
    """
    organization = context.organization
    if organization is None or not organization.templates:
        return
    beginnings = _beginnings(organization)
    called_so = {folded(name): each.name for each in organization.templates for name in names(each)}
    known = Known(called_so, kind="template")
    uses: dict[str, list[tuple[StepPlace, str]]] = {}
    for at in context.steps:
        if isinstance(at.step, ActionStep | HumanTaskStep | ApprovalStep) and at.step.template:
            uses.setdefault(folded(at.step.template), []).append((at, at.step.template))
    for called, places in uses.items():
        at, name = places[0]
        if called in beginnings:
            continue
        near = called_so.get(known.nearest(called) or "")
        changes = tuple(Put((*each.path, "template"), near) for each, _ in places) if near else ()
        yield Flaw(
            at=(*at.path, "template"),
            message=f"`{organization.name}` has no template `{name}`",
            about=at.about("template"),
            key=called,
            help=f"write `{near}`, or add the template to the organization file"
            if near
            else "add the template to the organization file",
            related=tuple(
                ((*each.path, "template"), "used here too") for each, _ in places[1:_SHOWN]
            ),
            cite=at.cite("template"),
            step=at.step.id,
            repair=Repair(f"write `{near}`", changes) if near else None,
        )


def _beginnings(organization: Organization) -> frozenset[str]:
    """Give all names of templates and systems, whole and cut off after any word."""
    entries: tuple[Named, ...] = (*organization.templates, *organization.systems)
    words = [folded(name).split() for entry in entries for name in names(entry)]
    return frozenset(" ".join(each[:count]) for each in words for count in range(1, len(each) + 1))
