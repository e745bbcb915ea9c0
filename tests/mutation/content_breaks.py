"""Breaks of autonomy, provenance and data: families 6 to 8."""

import copy
from collections.abc import Iterator

from mutation.breaks import Break, at, breaks, expressions, having, step_at, steps
from mutation.precise import Data


@breaks("judgment-words")
def ask_for_judgment(data: Data) -> Iterator[Break]:
    alone = {"level": 1, "reason": "one operation of one system"}
    for place, step in steps(data, "action"):
        broken = having(data, place, tier=alone, vague=[{"says": "as appropriate"}])
        yield Break(step["id"], broken, (step["id"],), "as appropriate")


@breaks("uncited-step")
def drop_citation(data: Data) -> Iterator[Break]:
    for place, step in steps(data):
        if "source" in data and "title" in step.get("citations", {}):
            broken = copy.deepcopy(data)
            del at(broken, place)["citations"]["title"]
            yield Break(step["id"], broken, (step["id"],))


@breaks("unlocated-quote")
def change_a_quote(data: Data) -> Iterator[Break]:
    for place, step in steps(data):
        cite = step.get("citations", {}).get("title", {})
        if "quote" in cite:
            quote = f"{cite['quote']} twice"
            broken = having(data, (*place, "citations", "title"), quote=quote)
            yield Break(step["id"], broken, (step["id"],))


@breaks("fuzzy-citation")
def blur_a_quote(data: Data) -> Iterator[Break]:
    for place, step in steps(data):
        if "quote" in step.get("citations", {}).get("title", {}):
            broken = having(data, (*place, "citations", "title"), match="fuzzy")
            yield Break(step["id"], broken, (step["id"],))


@breaks("invalid-expression")
def cut_an_expression_off(data: Data) -> Iterator[Break]:
    for place, key, cel in expressions(data):
        broken = having(data, place, **{key: f"{cel} +"})
        yield Break(f"{place} {key}", broken, step_at(data, place), "ends too early")
