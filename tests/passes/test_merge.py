"""Merge keeps what rules and model hold together, and of the rest what shows enough."""

import pytest

from passes.scripted_gateway import Quotes, document_of
from sopc.graph import Match
from sopc_compiler.fact import Span
from sopc_compiler.passes.extract import Extracted, Quote
from sopc_compiler.passes.merge import merge
from sopc_compiler.passes.parse import ParsedPassage, parse


def merged(prose: str, quotes: Quotes) -> ParsedPassage:
    """Merge what rules see in a sole paragraph with quotes of it."""
    document = document_of(prose)
    (item,) = parse(document)

    def placed(name: str) -> tuple[Quote, ...]:
        starts = [(item.text.index(quote), quote) for quote in quotes.get(name, ())]
        return tuple(Quote(Span(0, s, s + len(quote)), Match.EXACT) for s, quote in starts)

    extracted = Extracted(placed("do"), placed("people"), placed("tools"))
    (result,) = merge([item], {0: extracted})
    return result


def acts(item: ParsedPassage) -> list[tuple[str, str]]:
    """The words and forms of a passage's acts."""
    return [(item.text[act.start : act.end], act.form) for act in item.acts]


def test_an_imperative_that_the_model_did_not_quote_is_dropped() -> None:
    """The form of an order alone does not make a step."""
    prose = "Send the invoice. Close the case."
    assert acts(merged(prose, {"do": ["Close the case"]})) == [("Close the case", "imperative")]


def test_what_to_do_in_a_case_stays() -> None:
    """An order right behind its condition is a step even where the model passed over it."""
    prose = "Collect the keys. If the badge is missing, charge the visitor."
    assert acts(merged(prose, {"do": ["Collect the keys"]})) == [
        ("Collect the keys", "imperative"),
        ("charge the visitor", "imperative"),
    ]


def test_a_quote_behind_a_negation_keeps_it() -> None:
    """What is forbidden does not become its contrary."""
    prose = "Do not share the key."
    assert acts(merged(prose, {"do": ["share the key"]})) == [
        ("Do not share the key", "imperative")
    ]


def test_an_obligation_stays_whatever_the_model_quoted() -> None:
    """What must be done by its grammar is a step."""
    prose = "The manager must approve the refund."
    assert acts(merged(prose, {})) == [("approve the refund", "modal")]


def test_a_plausible_act_of_the_model_is_added() -> None:
    """A quote that is put as an instruction becomes an act that rules had not seen."""
    prose = "Each week the shop closes early and it is necessary to sweep the floor."
    assert acts(merged(prose, {})) == []
    added = merged(prose, {"do": ["sweep the floor"]})
    assert acts(added) == [("sweep the floor", "quoted")]
    assert added.acts[0].verb == "sweep"


@pytest.mark.parametrize(
    ("prose", "quote"),
    [
        ("The budget for last year was small.", "budget for last year"),
        ("If they send the form late, it is lost.", "send the form late"),
        ("The shop is a place to sweep the floor.", "sweep the floor"),
        ("Who will send the form to us?", "send the form"),
        ("The floor was clean.", "clean"),
    ],
)
def test_an_implausible_act_of_the_model_is_refused(prose: str, quote: str) -> None:
    """Nouns, conditions, purposes, questions and single words are no steps."""
    before = {words for words, _ in acts(merged(prose, {}))}
    after = {words for words, _ in acts(merged(prose, {"do": [quote]}))}
    assert after == before


def test_names_of_the_model_are_added_where_they_can_be_names() -> None:
    """A role's noun makes a person; an amount or a clause makes none."""
    prose = "The chief gardener and nine dollars went by boat."
    item = merged(prose, {"people": ["chief gardener", "nine dollars"]})
    assert "nine dollars" not in [item.text[start:end] for start, end in item.roles]
    assert item.seen == frozenset({(4, 18), (23, 35)})


def test_a_passage_that_was_not_asked_about_stays_as_it_is() -> None:
    """Without an answer the rules' facts stand, and the passage counts as not seen."""
    (item,) = parse(document_of("Send the invoice."))
    (kept,) = merge([item], {})
    assert kept is item
    assert kept.seen is None
    assert acts(kept) == [("Send the invoice", "imperative")]
