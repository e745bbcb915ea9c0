"""Breaks of values and expressions: family 8."""

from collections.abc import Iterator

from mutation.breaks import (
    Break,
    appended,
    at,
    breaks,
    expressions,
    having,
    step_at,
    steps,
    with_amount,
)
from mutation.precise import Data
from sopc.organization import Organization


@breaks("invalid-expression")
def cut_an_expression_off(data: Data, organization: Organization) -> Iterator[Break]:
    for place, key, cel in expressions(data):
        broken = having(data, place, **{key: f"{cel} +"})
        yield Break(f"{place} {key}", broken, step_at(data, place), "ends too early")


@breaks("unknown-name")
def misspell_a_name(data: Data, organization: Organization) -> Iterator[Break]:
    when = [{"says": "if it is over $500", "cel": "an_amuont > 50000"}]
    for place, step in steps(data):
        broken = with_amount(having(data, place, when=when))
        yield Break(step["id"], broken, (step["id"],), "an_amuont")


@breaks("unit-mismatch")
def compare_cents_with_dollars(data: Data, organization: Organization) -> Iterator[Break]:
    when = [{"says": "if it is over $500", "cel": "an_amount > 500"}]
    for place, step in steps(data):
        yield Break(step["id"], with_amount(having(data, place, when=when)), (step["id"],))


_FOUND = [{"name": "found", "type": "integer"}]
_IF_FOUND = [{"says": "if something was found", "cel": "found > 0"}]


@breaks("use-before-production")
def ask_before_it_is_known(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        follows = after and "next" not in step and "loop" not in after[0]
        if follows and after[0]["kind"] == "action":
            later = (*place[:-1], int(place[3]) + 1)
            broken = having(having(data, place, when=_IF_FOUND), later, outputs=_FOUND)
            yield Break(step["id"], broken, (step["id"],))


@breaks("uncertain-value")
def ask_for_what_may_not_be(data: Data, organization: Organization) -> Iterator[Break]:
    in_words = [{"says": "if there is time", "cel": "an_amount > 0"}]
    for place, step in steps(data, "action"):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        if after and "next" not in step and after[0]["kind"] != "decision":
            later = (*place[:-1], int(place[3]) + 1)
            broken = having(with_amount(data), place, outputs=_FOUND, when=in_words)
            broken = having(broken, later, when=_IF_FOUND)
            yield Break(step["id"], broken, (after[0]["id"],))


@breaks("unused-value")
def give_what_nobody_asks_for(data: Data, organization: Organization) -> Iterator[Break]:
    unused = {"name": "unused", "type": "string"}
    for place, step in steps(data, "action"):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        if after and "next" not in step and after[0]["kind"] != "decision":
            broken = having(data, place, outputs=[*_FOUND, unused])
            broken = having(broken, (*place[:-1], int(place[3]) + 1), when=_IF_FOUND)
            for each in at(broken, place[:-1]):
                each.pop("template", None)  # a template may use any value
            yield Break(step["id"], broken, (step["id"],), "unused")


@breaks("clear-secret")
def write_a_secret_down(data: Data, organization: Organization) -> Iterator[Break]:
    secret = {"name": "api_key", "value": "sk-live-51Hx8Qm2vT9bYwZr"}
    for place, step in steps(data, "action"):
        broken = appended(data, (*place, "inputs"), secret)
        yield Break(step["id"], broken, (step["id"],), "api_key")


@breaks("conflicting-types")
def give_one_name_two_types(data: Data, organization: Organization) -> Iterator[Break]:
    other = {"name": "an_amount", "type": "string"}
    for place, step in steps(data, "action"):
        broken = appended(with_amount(data), (*place, "outputs"), other)
        yield Break(step["id"], broken, (step["id"],), "an_amount")
