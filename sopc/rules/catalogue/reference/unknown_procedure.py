"""The rule `unknown-procedure`, SOP205."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import CallStep
from sopc.rules.context import CheckContext
from sopc.rules.nearest import meant
from sopc.rules.rule import Flaw, rule


@rule("SOP205", "unknown-procedure", Severity.ERROR)
def unknown_procedure(context: CheckContext) -> Iterator[Flaw]:
    """A call of a procedure that does not exist.

    ## What it does
    Finds `call` steps that name neither a `file` nor a procedure of the same file.

    ## Why it matters
    A run that gets there cannot go on.

    ## Example
    ```yaml
    - id: offboard
      kind: call
      title: Follow the offboarding procedure
    ```

    ## Use instead
    ```yaml
    - id: offboard
      kind: call
      title: Follow the offboarding procedure
      file: offboarding.sop.yaml
    ```

    ## Fix safety
    No fix is offered: which procedure is meant is for the people who own it.
    """
    known = {procedure.id for procedure in context.graph.procedures}
    for at in context.steps:
        step = at.step
        if not isinstance(step, CallStep) or step.file is not None or step.procedure in known:
            continue
        named = step.procedure
        yield Flaw(
            at=(*at.path, "procedure") if named else at.title,
            message=f"call `{step.id}` leads to `{named}`, which is no procedure of this file"
            if named
            else f"call `{step.id}` does not say which procedure runs",
            about=at.about("procedure"),
            help=meant(named, known, kind="procedure")
            if named
            else "name a `procedure` of this file, or the `file` of another one",
            cite=at.cite(),
            step=step.id,
        )
