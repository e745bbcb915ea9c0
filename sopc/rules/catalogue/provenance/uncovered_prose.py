"""The rule `uncovered-prose`, SOP703."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import SourcePassage
from sopc.rules.context import CheckContext
from sopc.rules.prose.coverage import coverage, uncovered
from sopc.rules.prose.prose_text import ProseLines, prose_lines
from sopc.rules.rule import Flaw, rule

_WORDS = 8


@rule("SOP703", "uncovered-prose", Severity.WARNING, Confidence.MEDIUM)
def uncovered_prose(context: CheckContext) -> Iterator[Flaw]:
    """Prose that tells somebody to do something, and no step of the graph does it.

    ## What it does
    Finds passages that instruct and that no step, trigger, bound or escalation cites, and that no
    answer took out of the graph. Says once how much of the instructing prose is covered, as
    coverage is told for code. A passage counts as covered if anything in it is cited.

    ## Why it matters
    What the graph leaves out will not happen, and nobody will miss it until it matters.

    ## Example
    ```yaml
    passages:
      - {line: 14, column: 1, length: 52, kind: item, hash: 0a1b2c3d4e5f, instructs: true}
    ```
    where no citation of a step has a place in line 14.

    ## Use instead
    Write the passage as an instruction, one act a sentence, and compile again; or add the step to
    the graph and cite the passage. If it asks for nothing, write it so in the prose, or take out
    what it became with an answer, `step 1 remove`.

    ## Fix safety
    No fix is offered: whether a sentence asks for something is a reader's judgment.
    """
    missing = uncovered(context)
    if not missing:
        return
    lines = prose_lines(context.prose)
    covered = coverage(context)
    note = (
        f"{covered.cited} of {covered.instructing} passages that instruct are covered "
        f"({covered.percent}%)"
    )
    for number, (index, passage) in enumerate(missing):
        yield Flaw(
            at=("passages", index),
            message=f"no step covers {_named(passage, lines)}",
            about="passages",
            key=passage.hash,
            help="word it as one plain instruction and compile again, or add a step that cites it",
            notes=(note,) if number == 0 else (),
            cite=passage,
            says="this passage instructs",
        )


def _named(passage: SourcePassage, lines: ProseLines | None) -> str:
    text = lines and lines.slice(passage.line, passage.column, passage.length)
    words = text.split() if text else []
    if not words:
        return f"line {passage.line} of the prose"
    dots = "…" if len(words) > _WORDS else ""
    return f"`{' '.join(words[:_WORDS])}{dots}`"
