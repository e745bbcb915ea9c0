"""Sealing takes sensitive values out of any data, and gives them back."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sopc_runtime.journal.seal import MARK, SHORTEST, VALUE, Seal, blotted, fits, shown, unseal

SALT = "00ff"
NAMES = {"email": None, "customer": {"iban": None}}

texts = st.text(max_size=12)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
keys = st.sampled_from(["email", "customer", "iban", "sealed", "shown", "to"]) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
data = st.dictionaries(keys, values, max_size=4)


def sealed(*given: dict[str, Any]) -> tuple[Seal, list[Any]]:
    seal = Seal(SALT)
    for each in given:
        seal.learn(each, NAMES)
    return seal, [seal.sealed(each, NAMES) for each in given]


@given(data)
def test_what_is_sealed_comes_back(given: dict[str, Any]) -> None:
    """Whatever the data looks like, references of its own making among it."""
    seal, [made] = sealed(given)
    assert unseal(made, seal.kept.__getitem__) == given
    assert all(fits(ref, SALT, kept) for ref, kept in seal.kept.items())


@given(data)
def test_a_sealed_entry_comes_back(given: dict[str, Any]) -> None:
    """As it stands in an event, a decision and a task."""
    entry = given | {"values": given, "task": {"shown": {"inputs": given}, "email": "e"}}
    seal = Seal(SALT)
    seal.learn_entry(entry, NAMES)
    made = seal.sealed_entry(entry, NAMES)
    assert unseal(made, seal.kept.__getitem__) == entry
    assert made["task"]["email"] == "e"


def test_a_value_called_as_a_part_of_the_program_hides_nothing_else() -> None:
    """Only what the run's own `name` and `step` hold is sealed, wherever it occurs."""
    names = {"name": None, "step": None}
    entry = {
        "step": "greet",
        "task": {
            "step": "greet",
            "title": "Greet Maria",
            "fields": [{"name": "reply", "sensitive": True}],
            "shown": {"inputs": {"name": "Maria", "reply": "greet"}, "values": {"step": "none"}},
        },
    }
    seal = Seal(SALT)
    seal.learn_entry(entry, names)
    made = seal.sealed_entry(entry, names)
    assert seal.found == {"Maria", "none"}
    assert (made["step"], made["task"]["step"]) == ("greet", "greet")
    assert made["task"]["fields"] == entry["task"]["fields"]
    assert made["task"]["title"]["shown"] == f"Greet {MARK}"
    assert made["task"]["shown"]["inputs"]["name"].keys() == {"sealed"}
    assert made["task"]["shown"]["values"]["step"].keys() == {"sealed"}


long_enough = st.text("αβγΔ €", min_size=SHORTEST).filter(lambda one: len(one.strip()) >= SHORTEST)


@given(long_enough, data)
def test_a_sensitive_text_occurs_nowhere_outside_the_vault(value: str, given: Any) -> None:
    """Not as a value, within another text, as a key, nor under another name later."""
    entry = {
        "values": {"email": value, "to": value, "text": f"Dear {value}!", "in": {value: 1}},
        "more": given,
    }
    seal, [made] = sealed(entry)
    assert value not in json.dumps(made, ensure_ascii=False)
    assert unseal(made, seal.kept.__getitem__) == entry
    later = Seal(SALT)
    for ref, kept in seal.kept.items():
        if ref.startswith(VALUE):
            later.know(kept)
    made = later.sealed({"note": f"{value} again"}, {})
    assert value not in json.dumps(made, ensure_ascii=False)


def test_a_text_shows_where_it_was_sealed() -> None:
    """People see the rest of it."""
    seal, [made] = sealed({"email": "ana@example.org", "text": "To ANA@example.org: hello"})
    assert made["text"]["shown"] == f"To {MARK}: hello"
    assert shown(made) == {"email": MARK, "text": f"To {MARK}: hello"}
    assert json.loads(seal.kept[made["text"]["sealed"]]) == "To ANA@example.org: hello"


def test_numbers_are_sealed_too() -> None:
    """By name, and where the same number or its digits occur again."""
    _, [made] = sealed({"email": 52000, "pay": 52000, "text": "pays 52000", "other": 520})
    assert made["pay"] == made["email"]
    assert made["text"]["shown"] == f"pays {MARK}"
    assert made["other"] == 520


def test_names_within_an_object_are_sealed_there_only() -> None:
    """`iban` is sensitive within a customer, wherever the customer is, also in lists."""
    _, [made] = sealed({"customer": [{"iban": "1", "city": "Porto"}], "iban": "2"})
    assert made["customer"][0]["iban"].keys() == {"sealed"}
    assert made["customer"][0]["city"] == "Porto"
    assert made["iban"] == "2"


def test_the_same_value_has_the_same_reference_in_a_run_and_another_in_another() -> None:
    """So that references tell nothing across runs."""
    one, other = Seal("aa"), Seal("bb")
    first = one.sealed({"email": "x"}, NAMES)
    assert first == one.sealed({"email": "x"}, NAMES)
    assert first != other.sealed({"email": "x"}, NAMES)


def test_a_value_that_is_missing_is_shown_as_missing() -> None:
    """That there is none is no secret."""
    assert sealed({"email": None})[1] == [{"email": None}]


def test_short_secrets_blot_nothing_out() -> None:
    """A port number of a binding stands in too many texts."""
    assert blotted({"a": ["25 things"]}, ["25"]) == {"a": ["25 things"]}
    assert blotted({"k-abcd": ["x abcd"]}, ["abcd"]) == {"k-‹secret›": ["x ‹secret›"]}


def test_values_are_sealed_as_addresses_and_html_have_them() -> None:
    """Requests hold them percent-encoded, and templates escape them."""
    given = {
        "inputs": {"email": "ana@example.org", "customer": {"iban": "O'Neil & Sons"}},
        "rendered": {
            "url": "https://crm.example/contacts/ana%40example.org?who=O%27Neil+%26+Sons",
            "html": "<p>Dear O&#39;Neil &amp; Sons",
        },
    }
    seal = Seal(SALT)
    seal.learn_entry(given, NAMES)
    assert shown(seal.sealed_entry(given, NAMES))["rendered"] == {
        "url": f"https://crm.example/contacts/{MARK}?who={MARK}",
        "html": f"<p>Dear {MARK}",
    }
