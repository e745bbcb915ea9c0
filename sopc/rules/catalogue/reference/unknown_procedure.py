"""The rule `unknown-procedure`, SOP205."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import CallStep
from sopc.graph.edit import Put
from sopc.rules.context import CheckContext
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule


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
    The fix writes the nearest id of a procedure of the file. It is unsafe, because that is a guess.
    None is offered where no procedure is called nearly so.
    """
    ids = {procedure.id for procedure in context.graph.procedures}
    known = Known(ids, kind="procedure")
    for at in context.steps:
        step = at.step
        if not isinstance(step, CallStep) or step.file is not None or step.procedure in ids:
            continue
        named = step.procedure
        if named is None:
            yield Flaw(
                at=at.title,
                message=f"call `{step.id}` does not say which procedure runs",
                about=at.about("procedure"),
                help="name a `procedure` of this file, or the `file` of another one",
                cite=at.cite(),
                step=step.id,
            )
            continue
        near = known.nearest(named)
        if near == at.procedure.id:
            near = None  # it would call itself
        path = (*at.path, "procedure")
        yield Flaw(
            at=path,
            message=f"call `{step.id}` leads to `{named}`, which is no procedure of this file",
            about=at.about("procedure"),
            help=known.meant(named)
            if near or len(ids) > 1
            else "name the `file` of the procedure that it stands in",
            cite=at.cite("procedure"),
            step=step.id,
            repair=Repair(f"write `{near}`", (Put(path, near),)) if near else None,
        )
