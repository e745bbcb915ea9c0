"""Breaks of citations and coverage: family 7."""

import copy
import re
from collections.abc import Iterator

from mutation.breaks import Break, appended, at, breaks, having, records, steps
from mutation.precise import Data
from sopc.organization import Organization


@breaks("uncited-step")
def drop_citation(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        if "source" in data and "title" in step.get("citations", {}):
            broken = copy.deepcopy(data)
            del at(broken, place)["citations"]["title"]
            yield Break(step["id"], broken, (step["id"],))


@breaks("unlocated-quote")
def change_a_quote(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        cite = step.get("citations", {}).get("title", {})
        if "quote" in cite:
            quote = f"{cite['quote']} twice"
            broken = having(data, (*place, "citations", "title"), quote=quote)
            yield Break(step["id"], broken, (step["id"],))


@breaks("fuzzy-citation")
def blur_a_quote(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        if "quote" in step.get("citations", {}).get("title", {}):
            broken = having(data, (*place, "citations", "title"), match="fuzzy")
            yield Break(step["id"], broken, (step["id"],))


@breaks("uncovered-prose")
def leave_a_passage_out(data: Data, organization: Organization) -> Iterator[Break]:
    passages = data.get("passages", ())
    starts = sorted(each["line"] for each in passages)
    for passage in passages:
        first = passage["line"]
        last = next((line for line in starts if line > first), first + 1000)
        if not passage.get("instructs") or sum(line == first for line in starts) > 1:
            continue
        broken = copy.deepcopy(data)
        for _, record in records(broken["procedures"]):
            for key in [key for key, each in record.items() if _cites(each, first, last)]:
                del record[key]
        yield Break(f"line {first}", broken)


def _cites(value: object, first: int, last: int) -> bool:
    return isinstance(value, dict) and "quote" in value and first <= value["line"] < last


@breaks("inferred-fact")
def state_what_nobody_said(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        citations = step.get("citations", {})
        # A step that is an answer as a whole needs no words of the prose for its parts.
        prose = "quote" in citations.get("title", {})
        if "source" in data and "role" in citations and prose:
            broken = copy.deepcopy(data)
            del at(broken, place)["citations"]["role"]
            yield Break(step["id"], broken, (step["id"],))


@breaks("contradicting-citations")
def say_it_differently_elsewhere(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "approval"):
        if "handles" in step or "when" in step:
            continue
        for number, bound in enumerate(step.get("deadlines", ())):
            if "within" not in bound or "when" in bound or "quote" not in bound.get("cite", {}):
                continue
            other = copy.deepcopy(bound)
            other |= {"says": "within 77", "within": re.sub(r"\d+", "77", bound["within"])}
            other["cite"] |= {"line": bound["cite"]["line"] + 1, "quote": "within 77"}
            broken = appended(data, (*place, "deadlines"), other)
            yield Break(f"{step['id']} {number}", broken, (step["id"],))
