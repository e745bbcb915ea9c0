"""The rule `fuzzy-citation`, SOP704."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import Match
from sopc.rules.context import CheckContext
from sopc.rules.prose.prose_text import is_said, prose_lines, shortened
from sopc.rules.rule import Flaw, rule


@rule("SOP704", "fuzzy-citation", Severity.NOTE)
def fuzzy_citation(context: CheckContext) -> Iterator[Flaw]:
    """A fact whose quote is only nearly what the prose says.

    ## What it does
    Finds citations whose match is `fuzzy`: the model did not quote word for word, and the program
    took the stretch of prose that is most like what it said. Where the prose does not even say
    that, `unlocated-quote` tells it.

    ## Why it matters
    Mostly it is the right place. Where it is not, the fact is about something else; so these are
    the ones to read first.

    ## Example
    ```yaml
    citations:
      title: {line: 9, column: 4, length: 20, match: fuzzy, quote: send an invoice copy}
    ```

    ## Use instead
    Read the sentence, and confirm or correct the fact in the answers file.

    ## Fix safety
    No fix is offered: only a reader can tell.
    """
    lines = prose_lines(context.prose)
    for place in context.distinct_cited:
        if place.citation.match is not Match.FUZZY or not is_said(place.citation, lines):
            continue
        yield Flaw(
            at=(*place.path, "quote"),
            message=f"`{shortened(place.citation.quote)}` is only nearly what the model quoted",
            about=f"steps.{place.step}.citations" if place.step else "citations",
            key=place.citation.quote,
            help="read the sentence, and confirm or correct the fact in the answers file",
            cite=place.citation,
            says="found here",
            step=place.step,
        )
