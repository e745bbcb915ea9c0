"""Reads Markdown (GitHub's tables and strikethrough, footnotes, front matter)."""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from sopc_compiler.read.front_matter import scalars
from sopc_compiler.read.html import segment_html
from sopc_compiler.read.inline import record_link_ends, shown
from sopc_compiler.read.lines import SourceLines
from sopc_compiler.read.outline import Outline
from sopc_compiler.read.trace import Trace

_CHECKBOX = re.compile(r"\[[ xX]\]\s+")
_NESTING = 60


def segment_markdown(source: Trace, outline: Outline) -> dict[str, str]:
    """Add the passages of a Markdown text to an outline.

    Returns:
        The scalars of its front matter.
    """
    return _Blocks(source.text, outline).run()


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("gfm-like", {"linkify": False, "maxNesting": _NESTING})
    parser.use(front_matter_plugin).use(footnote_plugin)
    # Escapes keep tokens of their own, and footnotes the place where they are written.
    parser.disable(["text_join", "linkify", "footnote_inline", "footnote_tail"])
    record_link_ends(parser)
    return parser


class _Blocks:
    """One walk over the parser's block tokens."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text = text.replace("\0", "\ufffd")  # as the parser does
        self.lines = SourceLines(self.text)
        self.outline = outline

    def run(self) -> dict[str, str]:  # noqa: C901, PLR0912 - one case a kind of token
        """Take the tokens one after another."""
        tokens = _parser().parse(self.text)
        metadata, rows, html = dict[str, str](), list[list[Token]](), list[Trace]()
        for before, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
            if html and token.type != "html_block":  # blank lines part one element's blocks
                segment_html(Trace.join(html), self.outline)
                html = []
            match token.type:
                case "front_matter":
                    metadata = scalars(token.content)
                case "bullet_list_open" | "ordered_list_open":
                    self.outline.open_list()
                case "list_item_open":
                    self.outline.open_item(token.info + token.markup)
                case "blockquote_open":
                    self.outline.open_quote()
                case "bullet_list_close" | "ordered_list_close":
                    self.outline.close()
                case "list_item_close" | "blockquote_close":
                    self.outline.close()
                case "inline" if before.type == "heading_open":
                    self.outline.heading(self._words(token)[0], int(before.tag[1:]))
                case "inline" if before.type == "paragraph_open":
                    words, bold = self._words(token)
                    box = _CHECKBOX.match(words.text)
                    self.outline.paragraph(words.cut(box.end()) if box else words, bold=bold)
                case "fence" | "code_block":
                    self.outline.code(self._align(token, skip=token.type == "fence"))
                case "html_block":
                    html.append(self._align(token))
                case "tr_open":
                    rows.append([])
                case "inline" if before.type in {"th_open", "td_open"}:
                    rows[-1].append(token)
                case "table_close":
                    header, *body = [self._cells(row) for row in rows]
                    self.outline.table(header, body)
                    rows = []
        segment_html(Trace.join(html), self.outline)
        return metadata

    def _align(self, token: Token, *, skip: int = 0) -> Trace:
        first, last = token.map or (0, 0)
        return self.lines.align(token.content, first + skip, last)

    def _words(self, token: Token) -> tuple[Trace, bool]:
        return shown(self._align(token), token.children or [])

    def _cells(self, row: Sequence[Token]) -> list[Trace]:
        number = (row[0].map or (0, 0))[0]
        cells = self.lines.cells([cell.content for cell in row], number)
        return [shown(text, cell.children or [])[0] for text, cell in zip(cells, row, strict=True)]
