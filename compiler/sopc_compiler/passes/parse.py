"""Parse: what language rules see in each passage, before anything is judged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sopc_compiler.language.act import Act, acts
from sopc_compiler.language.condition_clause import (
    ConditionClause,
    case_label,
    condition_clauses,
)
from sopc_compiler.language.role_name import role_spans
from sopc_compiler.language.system_name import system_spans
from sopc_compiler.language.time_expression import TimeExpression, time_expressions
from sopc_compiler.language.word import Word, words
from sopc_compiler.read.document import Document, Passage
from sopc_compiler.read.sentence import sentences

_INFORMS = re.compile(
    r"^[\d.\s]*(?:purpose|background|scope|definitions?|introduction|overview|history|references"
    r"|revision history|related (?:documents|pages)|about)\b(?!.*\bprocedure\b)",
    re.IGNORECASE,
)
_INFORMING_LABEL = re.compile(r"^[^:.]{0,40}\b(?:purpose|background|definition)s?:", re.IGNORECASE)
_DUTIES = re.compile(r"\b(?:responsib\w+|dut(?:y|ies)|accountable|tasked|tasks)\b", re.IGNORECASE)
_MARKED_LINKS = ("[*", "[_", "[`")
_LINK_TARGET = re.compile(r"[*_`]{0,2}\]\(([^)\s]+)")
_CASES_FOLLOW = re.compile(r"\b(?:if|when|unless|examples?\b.*|cases?)\s*[:,]?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedPassage:
    """A passage and what rules found in it, all places being characters of its text.

    `informs` marks prose that explains rather than instructs by its heading or label;
    `lists_cases` a list item whose lead-in ends in "if:"; `label` a leading label that may name a
    case; `seen` the places of the people and tools that the model quoted, None where it was not
    asked; `links` the places of linked words with their targets; `instructs`
    whether it seems to tell somebody to do something, whatever becomes of that.
    """

    passage: Passage
    sentences: tuple[tuple[int, int], ...]
    words: tuple[Word, ...]
    conditions: tuple[ConditionClause, ...]
    times: tuple[TimeExpression, ...]
    acts: tuple[Act, ...]
    roles: tuple[tuple[int, int], ...]
    systems: tuple[tuple[int, int], ...]
    informs: bool
    lists_cases: bool
    label: tuple[int, int] | None
    seen: frozenset[tuple[int, int]] | None = None
    links: tuple[tuple[int, int, str], ...] = ()
    instructs: bool = False

    @property
    def text(self) -> str:
        """The passage's words."""
        return self.passage.text

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Give the sentence in which a character stands."""
        for start, end in self.sentences:
            if start <= place < end:
                return start, end
        return 0, len(self.text)


def parse(document: Document) -> list[ParsedPassage]:
    """Parse every passage of a document, in its order."""
    return [_parsed(document, passage) for passage in document.passages]


def _parsed(document: Document, passage: Passage) -> ParsedPassage:
    text = passage.text
    if passage.kind == "code":
        return ParsedPassage(passage, (), (), (), (), (), (), (), True, False, None)
    lead = "" if passage.parent is None else document.passages[passage.parent].text
    spans = _sentences(passage)
    tokens = words(text)
    codes = _codes(document, passage)
    times = time_expressions(text)
    conditions = [
        clause
        for clause in condition_clauses(text, spans)
        if not any(time.start <= clause.start < time.end for time in times)
    ]
    lists_cases = passage.kind == "item" and bool(_CASES_FOLLOW.search(lead))
    informs = _informs(document, passage)
    found: list[Act] = []
    if passage.kind != "heading" and not informs and not lists_cases:
        blocked = [(c.start, c.end) for c in conditions] + [
            (t.start, t.end) for t in times if not _adjective(t, tokens)
        ]
        for start, end in spans:
            if not text[start:end].rstrip(" \"”'").endswith("?"):
                sentence = [word for word in tokens if start <= word.start < end]
                found += acts(sentence, blocked, duties=bool(_DUTIES.search(lead)))
    return ParsedPassage(
        passage,
        tuple(spans),
        tokens,
        tuple(conditions),
        tuple(times),
        tuple(found),
        tuple(role_spans(tokens, codes)),
        tuple(system_spans(tokens, codes)),
        informs,
        lists_cases,
        case_label(text) if passage.kind == "item" else None,
        links=tuple(_links(document, passage)),
        instructs=bool(found),
    )


def _sentences(passage: Passage) -> list[tuple[int, int]]:
    if not passage.cells:
        return sentences(passage.text)
    return [
        (cell.start + start, cell.start + end)
        for cell in passage.cells
        for start, end in sentences(passage.text[cell.start : cell.end])
    ]


def _codes(document: Document, passage: Passage) -> list[tuple[int, int]]:
    """Give the places that the source sets in backticks: literal names."""
    source = document.text
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for place, (start, end) in enumerate(zip(passage.starts, passage.ends, strict=True)):
        closed = bool(found) and found[-1][1] == place and passage.ends[place - 1] == start - 1
        if opened is None and not closed and source[start - 1 : start] == "`":
            opened = place
        if opened is not None and source[end : end + 1] == "`":
            found.append((opened, place + 1))
            opened = None
    return found


def _links(document: Document, passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Give the places of a Markdown passage's links, each with what it points to."""
    opened: int | None = None
    for place, (start, end) in enumerate(zip(passage.starts, passage.ends, strict=True)):
        if (
            document.text[start - 1 : start] == "["
            or document.text[start - 2 : start] in _MARKED_LINKS
        ):
            opened = place
        target = _LINK_TARGET.match(document.text, end)
        if opened is not None and target:
            yield opened, place + 1, target[1]
            opened = None


def _informs(document: Document, passage: Passage) -> bool:
    if passage.kind == "row":
        return False
    if _INFORMING_LABEL.match(passage.text):
        return True
    return bool(passage.headings) and bool(
        _INFORMS.match(document.passages[passage.headings[-1]].text)
    )


def _adjective(time: TimeExpression, tokens: tuple[Word, ...]) -> bool:
    """Tell whether a time expression is part of a noun phrase, as in "regular updates"."""
    inside = [word for word in tokens if time.start <= word.start < time.end]
    after = next((word for word in tokens if word.start >= time.end), None)
    return len(inside) == 1 and after is not None and after.tag.startswith(("NN", "JJ"))
