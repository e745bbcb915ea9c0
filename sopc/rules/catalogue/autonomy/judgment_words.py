"""The rule `judgment-words`, SOP601."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import Tier
from sopc.rules.acts.raised_tier import raised_tier
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP601", "judgment-words", Severity.WARNING)
def judgment_words(context: CheckContext) -> Iterator[Flaw]:
    """A step that would run alone and asks for judgment.

    ## What it does
    Finds words such as "appropriate", "as needed" or "use discretion" in steps of tier 1.

    ## Why it matters
    A program has no discretion: it would do the thing always, or never. What such a word means has
    to be said, or left to a person.

    ## Example
    ```yaml
    - id: add-late-fee
      kind: action
      title: Add late fees as appropriate
      tier: {level: 1, reason: one operation of one system}
      vague:
        - says: as appropriate
    ```

    ## Use instead
    ```yaml
    - id: add-late-fee
      kind: action
      title: Add a late fee of 2% from the 30th day
      tier: {level: 1, reason: one operation of one system}
    ```
    Or leave it to a person: tier 2, where somebody approves, or tier 3.

    ## Fix safety
    What the word stands for is not in the prose. The fix sets tier 2. It is safe: whoever approves
    the step says what the word means in the case at hand.
    """
    for at in context.steps:
        tier = at.step.tier
        if tier is None or tier.level is not Tier.AUTONOMOUS:
            continue
        for index, word in enumerate(at.step.vague):
            yield Flaw(
                at=(*at.path, "vague", index, "says"),
                message=f"step `{at.step.id}` would run alone, but `{word.says}` asks for judgment",
                about=at.about("vague"),
                key=word.says,
                help="say what it means in numbers or names, or let a person approve the step",
                cite=word.cite or at.cite(),
                step=at.step.id,
                repair=raised_tier(at, Tier.PREPARED, "its words leave a judgment to the reader"),
            )
