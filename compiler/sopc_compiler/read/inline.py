"""Finds the place of each word of a Markdown paragraph, which its parser does not tell."""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token

from sopc_compiler.read.html import is_note_mark
from sopc_compiler.read.trace import Trace

_BREAK = re.compile(r"[ ]*\\?\n[ \t]*")
_LINE_TAG = re.compile(r"<br\b", re.IGNORECASE)
_STRONG_TAG = re.compile(r"<(/?)(?:strong|b)\b", re.IGNORECASE)

_Rule = Callable[[StateInline, bool], bool]


def record_link_ends(parser: MarkdownIt) -> None:
    """Have the parser note where each link and image ends, as `meta["end"]` of its last token."""

    def noting(rule: _Rule) -> _Rule:
        def run(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
            found = rule(state, silent)
            if found and not silent:
                state.tokens[-1].meta["end"] = state.pos
            return found

        return run

    parser.inline.ruler.at("link", noting(link))
    parser.inline.ruler.at("image", noting(image))


def shown(content: Trace, tokens: Sequence[Token]) -> tuple[Trace, bool]:
    r"""Trace the words that a reader sees of a paragraph.

    Args:
        content: The text that the tokens were parsed from.
        tokens: The parser's inline tokens, in order.

    Returns:
        The words, "\n" where the writer broke a line, and whether all of them are bold.
    """
    walk = _Walk(content)
    for token in tokens:
        walk.step(token)
    return Trace.join(walk.parts), walk.bold and not walk.thin


class _Walk:
    """A cursor that goes through the source beside the tokens made from it."""

    def __init__(self, content: Trace) -> None:
        self.content = content
        self.at = 0
        self.parts = list[Trace]()
        self.bold = False
        self.thin = False
        self._depth = 0
        self._muted = False

    def step(self, token: Token) -> None:  # noqa: C901, PLR0912 - one case a kind of token
        """Take what one token shows of the source, and go behind it."""
        match token.type:
            case "text":
                self._keep(self._find(token.content), len(token.content))
            case "text_special":
                start = self._find(token.markup)
                self._show(start, start + len(token.markup), token.content)
            case "softbreak" | "hardbreak":
                if found := _BREAK.search(self.content.text, self.at):
                    self._show(found.start(), found.end(), "\n")
            case "code_inline":
                self._code(token)
            case "image":
                self._image(token)
            case "html_inline":
                self._tag(token.content)
            case "link_open" if token.markup == "autolink":
                self.at = self._find("<") + 1
            case "link_close" if token.markup == "autolink":
                self.at = self._find(">") + 1
            case "link_open":
                self.at = self._find("[") + 1
            case "link_close":
                self.at = token.meta["end"]
            case "footnote_ref":
                self.at = self._find("]") + 1
            case _:
                self.at = self._find(token.markup) + len(token.markup)
                if token.type.startswith("strong_"):
                    self._depth += token.nesting

    def _find(self, text: str) -> int:
        found = self.content.text.find(text, self.at)
        return self.at if found < 0 else found

    def _keep(self, start: int, length: int) -> None:
        self._add(self.content.cut(start, start + length))
        self.at = start + length

    def _show(self, start: int, end: int, text: str) -> None:
        self._add(self.content.replace(start, end, text))
        self.at = end

    def _add(self, part: Trace) -> None:
        if self._muted:
            return
        self.parts.append(part)
        if part.text.strip():
            self.bold = self.bold or self._depth > 0
            self.thin = self.thin or (self._depth == 0 and part.text.strip() != ":")

    def _code(self, token: Token) -> None:
        start = self._find(token.markup) + len(token.markup)
        source = self.content.text.replace("\n", " ")
        if source[start : start + len(token.content) + len(token.markup)] != (
            token.content + token.markup
        ):
            start += 1  # one blank at each end belongs to the marks
        self._keep(start, len(token.content))
        self.at = self._find(token.markup) + len(token.markup)

    def _image(self, token: Token) -> None:
        start = self._find("![") + 2
        inner = self.content.cut(start, start + len(token.content))
        self._add(shown(inner, token.children or [])[0])
        self.at = token.meta["end"]

    def _tag(self, tag: str) -> None:
        start = self._find(tag)
        if _LINE_TAG.match(tag):
            self._show(start, start + len(tag), "\n")
        elif strong := _STRONG_TAG.match(tag):
            self._depth += -1 if strong[1] else 1
        else:
            self._muted = is_note_mark(self.content.text, start)
        self.at = start + len(tag)
