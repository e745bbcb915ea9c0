"""The rule `unlocated-quote`, SOP702."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.prose.prose_text import is_said, prose_lines, shortened
from sopc.rules.rule import Flaw, rule


@rule("SOP702", "unlocated-quote", Severity.ERROR)
def unlocated_quote(context: CheckContext) -> Iterator[Flaw]:
    """A quote that is not in the prose where the graph says it is.

    ## What it does
    Finds citations whose match is `none`, and compares every other quote with the prose at its
    place, line breaks aside. Prose that changed is not compared: that is `stale-graph`.

    ## Why it matters
    A quote is the proof that the prose says so. One that is not there proves nothing, and the fact
    it stands for may be an invention.

    ## Example
    ```yaml
    citations:
      title: {line: 3, column: 1, length: 19, match: exact, quote: Send a gift basket}
    ```

    ## Use instead
    Compile the prose again; the compiler writes no quote that it did not find.

    ## Fix safety
    No fix is offered: removing the citation would only hide the fact behind it.
    """
    lines = prose_lines(context.prose)
    for place in context.distinct_cited:
        citation = place.citation
        if is_said(citation, lines):
            continue
        at = (citation.line, citation.column, citation.length)
        found = lines.slice(*at) if lines is not None else None
        yield Flaw(
            at=(*place.path, "quote"),
            message=f"the prose does not say `{shortened(citation.quote)}` "
            f"at line {citation.line}, column {citation.column}",
            about=f"steps.{place.step}.citations" if place.step else "citations",
            key=citation.quote,
            help="compile the prose again, or correct the fact that this stands for",
            cite=citation if found else None,
            says="the prose says this instead",
            step=place.step,
        )
