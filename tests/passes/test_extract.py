"""Extraction keeps what stands in its passage, and asks again once for what does not."""

from collections.abc import Sequence

from passes.scripted_gateway import (
    NOTHING,
    Quotes,
    Script,
    ScriptedGateway,
    cut_off,
    document_of,
    silent,
)
from sopc.graph import Match
from sopc_compiler.llm import Reply, Request
from sopc_compiler.passes.extract import Extracted, Quote, extract, prompt_hashes
from sopc_compiler.passes.parse import parse
from sopc_compiler.prompt import load_prompt

PROSE = (
    "# Refunds\n\n## Late parcels\n\nThe shift lead must do these:\n\n"
    "- Open the order in Shopify\n- Call the carrier and call the buyer\n"
)
OPEN = "Open the order in Shopify"


def extracted(script: Script, prose: str = PROSE) -> tuple[dict[str, Extracted], ScriptedGateway]:
    """Extract with a scripted model; what was quoted by the passage's words."""
    document = document_of(prose)
    gateway = ScriptedGateway(script)
    found = extract(document, parse(document), gateway)
    return {document.passages[index].text: value for index, value in found.items()}, gateway


def texts(quotes: Sequence[Quote], passage: str) -> list[str]:
    """The words at the places of quotes."""
    return [passage[quote.span.start : quote.span.end] for quote in quotes]


def test_quotes_are_placed_in_their_passage() -> None:
    """Each quote comes back as its place in the passage, and how it was found."""

    def script(passage: str, _request: Request) -> Quotes:
        return {"do": ["open the Order"], "tools": ["Shopify"]} if passage == OPEN else NOTHING

    found, gateway = extracted(script)
    assert texts(found[OPEN].acts, OPEN) == ["Open the order"]
    assert found[OPEN].acts[0].match is Match.PARTIAL
    assert texts(found[OPEN].tools, OPEN) == ["Shopify"]
    assert found[OPEN].people == ()
    assert [len(call) for call in gateway.calls] == [3, 0]


def test_headings_and_scraps_are_not_asked_about() -> None:
    """A request is made for each passage that may instruct, with its headings and lead."""
    _, gateway = extracted(silent, "# Refunds\n\nOK then.\n\n" + PROSE)
    asked = [request.messages[-1].content for request in gateway.calls[0]]
    assert len(asked) == 3
    assert asked[1] == (
        f"Section: Refunds > Late parcels\nLead: The shift lead must do these:\nPassage: {OPEN}"
    )


def test_an_invented_quote_is_asked_again_once() -> None:
    """What does not stand there is named in a second request, and its answer is added."""

    def script(passage: str, request: Request) -> Quotes:
        if passage != OPEN:
            return NOTHING
        if request.purpose == "extract":
            return {"do": ["Open the order", "Email the buyer"]}
        return {"do": ["Open the order"], "tools": ["Shopify"]}

    found, gateway = extracted(script)
    (again,) = gateway.calls[1]
    assert len(gateway.calls) == 2
    assert again.purpose == "extract again"
    assert '"Email the buyer"' in again.messages[-1].content
    assert '"Open the order"' not in again.messages[-1].content
    assert texts(found[OPEN].acts, OPEN) == ["Open the order"]
    assert texts(found[OPEN].tools, OPEN) == ["Shopify"]


def test_a_quote_invented_twice_is_left_out() -> None:
    """A model that insists is not asked a third time and leaves nothing behind."""

    def script(passage: str, _request: Request) -> Quotes:
        return {"do": ["Email the buyer"], "people": ["Bob"]} if passage == OPEN else NOTHING

    found, gateway = extracted(script)
    assert [len(call) for call in gateway.calls] == [3, 1]
    assert found[OPEN] == Extracted()


def test_quotes_from_headings_and_lead_are_not_asked_again() -> None:
    """What stands in what was shown is no invention, but belongs to another passage."""

    def script(passage: str, _request: Request) -> Quotes:
        shown = {"people": ["shift lead"], "tools": ["Late parcels"]}
        return shown if passage == OPEN else NOTHING

    found, gateway = extracted(script)
    assert gateway.calls[1] == []
    assert found[OPEN] == Extracted()


def test_a_cut_off_answer_counts_as_not_asked() -> None:
    """A passage without a whole answer is absent, so that its rules' facts stand."""

    def script(passage: str, _request: Request) -> Quotes | Reply:
        return cut_off() if passage == OPEN else NOTHING

    found, gateway = extracted(script)
    assert OPEN not in found
    assert len(found) == 2
    assert gateway.calls[1] == []


def test_a_cut_off_second_answer_keeps_the_first() -> None:
    """What was found at first stays when the second answer is of no use."""

    def script(passage: str, request: Request) -> Quotes | Reply:
        if passage != OPEN:
            return NOTHING
        return cut_off() if request.purpose == "extract again" else {"do": [OPEN, "Sell it all"]}

    found, _ = extracted(script)
    assert texts(found[OPEN].acts, OPEN) == [OPEN]


def test_repeated_mentions_are_quoted_one_by_one() -> None:
    """Two quotes that share words take two places."""
    passage = "Call the carrier and call the buyer"

    def script(asked: str, _request: Request) -> Quotes:
        return {"do": ["Call the", "call the"]} if asked == passage else NOTHING

    found, _ = extracted(script)
    assert texts(found[passage].acts, passage) == ["Call the", "call the"]


def test_the_graph_can_name_its_prompts() -> None:
    """The hash recorded is that of the prompt in use."""
    assert prompt_hashes() == {"extract": load_prompt("extract").hash}
