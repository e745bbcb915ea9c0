"""What the baseline takes from one answer for a whole document."""

from types import SimpleNamespace

import pytest
from baseline import one_request

from sopc_compiler.read.reader import read_text

DOCUMENT = read_text(
    "# Mail\n\nThe clerk sends the mail in Gmail.\nThe clerk sends the mail again.\n",
    name="mail.md",
)


class _Said:
    """Stands for a gateway whose model wrote this; keeps what it was asked."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.asked: list[object] = []

    def ask(self, requests: list[object]) -> list[SimpleNamespace]:
        self.asked += requests
        return [SimpleNamespace(raw=self.raw)]


def _facts(raw: str) -> list[tuple[str, int, str]]:
    found = one_request(DOCUMENT, _Said(raw))  # type: ignore[arg-type] # only `ask` is used
    return [(fact["type"], fact["line"], fact["quote"]) for fact in found]


def test_one_request_shows_the_whole_document() -> None:
    """The document's whole text is asked about at once."""
    said = _Said("{}")
    assert one_request(DOCUMENT, said) == []  # type: ignore[arg-type] # only `ask` is used
    (request,) = said.asked
    assert DOCUMENT.text.strip() in request.messages[-1].content  # type: ignore[attr-defined]


def test_an_answer_that_was_cut_off_counts_as_far_as_it_goes() -> None:
    """Whole quotes before the cut are kept; the one that was cut in two is not."""
    raw = '{"action": ["sends the mail in Gmail"], "role": ["The clerk"], "system": ["Gma'
    assert _facts(raw) == [("action", 3, "sends the mail in Gmail"), ("role", 3, "The clerk")]


def test_a_second_mention_is_another_fact() -> None:
    """The same quote twice is looked for in two places."""
    assert _facts('{"action": ["sends the mail", "sends the mail"]}') == [
        ("action", 3, "sends the mail"),
        ("action", 4, "sends the mail"),
    ]


@pytest.mark.parametrize(
    "raw", ["", "no facts here", "[]", '{"action": null}', '{"action": [7, "burns the mail"]}']
)
def test_what_is_no_quote_is_no_fact(raw: str) -> None:
    """Other answers than quotes that stand in the document give nothing."""
    assert _facts(raw) == []
