"""What is shown where the pointer rests: rules, the prose of a field, the steps of a sentence."""

import re
from collections.abc import Iterator

from lsprotocol.types import Position, Range

from sopc.graph import AnswerCitation, Citation, Step
from sopc.language_server.citing import citation_at, citing_steps, path_at
from sopc.language_server.desk import Desk
from sopc.render.wording import Wording
from sopc.rules import rule_named

_MARK = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")
_BACKQUOTES = re.compile("`+")
_RULE = "\n\n---\n\n"


def hover(desk: Desk, position: Position) -> str:
    """Give Markdown about a place, "" where there is nothing to say."""
    return _RULE.join([*_rules(desk, position), *_cited(desk, position)])


def _rules(desk: Desk, position: Position) -> Iterator[str]:
    codes = dict.fromkeys(each.finding.code for each in desk.told(Range(position, position)))
    for code in codes:
        rule = rule_named(code)
        if rule is not None:
            yield f"**{rule.name}** ({rule.code}): {rule.explanation.markdown().strip()}"


def _cited(desk: Desk, position: Position) -> Iterator[str]:
    loaded = desk.view.loaded
    if loaded is None:
        return
    offset = desk.offset(position)
    if desk.is_graph:
        citation = citation_at(loaded, path_at(loaded.spans.root, offset))
        if citation is not None:
            yield _words(desk, citation)
    elif desk.is_prose:
        positions = desk.positions()
        wording = Wording(loaded.graph)
        steps = citing_steps(loaded, positions, offset) if positions else ()
        for _, step in steps:
            yield _step(step, wording)


def _words(desk: Desk, citation: Citation) -> str:
    """Give the passage that is cited, or the quote alone where the prose has changed."""
    if isinstance(citation, AnswerCitation):
        by = f" by {_plain(citation.by)}" if citation.by else ""
        return f"answered{by}, `{citation.answer}` in the answers file"
    head = f"line {citation.line} of the prose"
    text, positions = desk.view.prose_text, None
    if text is not None and desk.view.prose is not None:
        positions = desk.positions(desk.view.prose)
    if text is None or positions is None or desk.view.loaded is None:
        return f"{head}, as it was when the graph was compiled:\n\n{_verbatim(citation.quote)}"
    start, end = positions.stretch(citation.line, citation.column, citation.length)
    for passage in desk.view.loaded.graph.passages:
        begin, stop = positions.stretch(passage.line, passage.column, passage.length)
        if begin <= start and end <= stop:
            start, end = begin, stop
            break
    return f"{head}:\n\n{_verbatim(text[start:end])}"


def _step(step: Step, wording: Wording) -> str:
    about = [*wording.who_and_where(step), *wording.bounds(step)]
    lines = [f"**{_plain(step.title)}** (step `{step.id}`)", *(f"- {_plain(one)}" for one in about)]
    return "\n".join([lines[0], "", *lines[1:]]).rstrip()


def _plain(text: str) -> str:
    """Give words that Markdown would otherwise take for marks, links or pictures."""
    return _MARK.sub(r"\\\1", " ".join(text.split()))


def _verbatim(text: str) -> str:
    """Give words as they stand: prose is not ours, so no Markdown in it may take effect."""
    longest = max((len(run) for run in _BACKQUOTES.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.strip()}\n{fence}"
