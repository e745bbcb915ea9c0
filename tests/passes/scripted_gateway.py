"""A gateway that answers by a script, and short ways from prose to what the passes make of it."""

from collections.abc import Callable, Mapping, Sequence

from sopc.organization import Organization
from sopc_compiler.answers import Answers
from sopc_compiler.compilation import Compilation, compile_document
from sopc_compiler.fact import Facts
from sopc_compiler.llm import Gateway, ModelSettings, Reply, Request
from sopc_compiler.passes.parse import ParsedPassage, parse
from sopc_compiler.passes.propose import propose
from sopc_compiler.read.document import Document
from sopc_compiler.read.reader import read_text

Quotes = Mapping[str, Sequence[str]]
Script = Callable[[str, Request], Quotes | Reply]
NOTHING: Quotes = {"do": (), "people": (), "tools": ()}


def silent(_passage: str, _request: Request) -> Quotes:
    """Quote nothing from any passage."""
    return NOTHING


def reply(quotes: Quotes) -> Reply:
    """Make a whole answer of quotes; what is not named is empty."""
    data = {name: list(quotes.get(name, ())) for name in NOTHING}
    return Reply(data, str(data), 0, 0, cached=False, finish="stop")


def cut_off() -> Reply:
    """Make an answer that reached the most tokens."""
    return Reply(None, '{"do": ["', 0, 0, cached=False, finish="length")


def passage_of(request: Request) -> str:
    """Give the passage that a request asks about; of one that binds, the whole question."""
    if request.purpose == "bind":
        return request.messages[-1].content
    asked = next(m for m in reversed(request.messages) if m.content.startswith("Section:"))
    return asked.content.partition("\nPassage: ")[2]


class ScriptedGateway(Gateway):
    """Answers each request by a script, and keeps the requests of each call."""

    def __init__(self, script: Script = silent) -> None:
        self.settings = ModelSettings(model="scripted")
        self.calls: list[list[Request]] = []
        self._script = script

    def ask(self, requests: Sequence[Request]) -> list[Reply]:
        """Answer by the script."""
        self.calls.append(list(requests))
        answers = [self._script(passage_of(request), request) for request in requests]
        return [each if isinstance(each, Reply) else reply(each) for each in answers]


def document_of(prose: str) -> Document:
    """Read Markdown."""
    return read_text(prose, name="desk.md")


def facts_of(prose: str) -> tuple[Document, list[ParsedPassage], Facts]:
    """Parse and link Markdown by rules alone."""
    document = document_of(prose)
    parsed = parse(document)
    return document, parsed, propose(parsed)


def compiled(
    prose: str,
    script: Script = silent,
    organization: Organization | None = None,
    answers: Answers | None = None,
) -> Compilation:
    """Compile Markdown with a scripted model."""
    return compile_document(
        document_of(prose),
        gateway=ScriptedGateway(script),
        organization=organization,
        answers=answers,
        source_path="desk.md",
        graph_id="desk",
    )
