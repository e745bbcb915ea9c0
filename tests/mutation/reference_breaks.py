"""Breaks of systems, roles and other names: family 2."""

from collections.abc import Iterator
from datetime import date

from mutation.breaks import (
    Break,
    appended,
    breaks,
    having,
    misspelt,
    records,
    step_at,
    steps,
    triggers,
    without,
)
from mutation.precise import Data
from sopc.organization import Organization


@breaks("action-without-system")
def drop_system(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        yield Break(step["id"], without(data, place, "system"), (step["id"],))


@breaks("unknown-system")
def misspell_system(data: Data, organization: Organization) -> Iterator[Break]:
    for key in ("system", "via"):
        for place, record in records(data["procedures"], ("procedures",)):
            if isinstance(record.get(key), str) and place[-1] != "citations":
                name = misspelt(record[key])
                broken = having(data, place, **{key: name})
                yield Break(f"{place} {key}", broken, step_at(data, place), name)


@breaks("unknown-role")
def misspell_role(data: Data, organization: Organization) -> Iterator[Break]:
    for key in ("role", "to", "by", "ask"):
        for place, record in records(data["procedures"], ("procedures",)):
            if key == "by" and record.get("kind") != "request":
                continue  # elsewhere it is a day, or who gave an answer
            if isinstance(record.get(key), str) and place[-1] != "citations":
                name = misspelt(record[key])
                broken = having(data, place, **{key: name})
                yield Break(f"{place} {key}", broken, step_at(data, place), name)


@breaks("unknown-step")
def misspell_next(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        if step["kind"] != "decision":
            name = misspelt(step["id"])
            yield Break(step["id"], having(data, place, next=name), (step["id"],), name)
        for number in range(len(step.get("branches", ()))):
            branch = (*place, "branches", number)
            name = misspelt("end")
            yield Break(f"{branch}", having(data, branch, then=name), (step["id"],), name)


@breaks("unknown-procedure")
def misspell_procedure(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "call"):
        name = misspelt(step["procedure"])
        yield Break(step["id"], having(data, place, procedure=name), (step["id"],), name)


@breaks("unknown-template")
def misspell_template(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        if "template" in step and organization.templates:
            name = misspelt(step["template"])
            yield Break(step["id"], having(data, place, template=name), (step["id"],), name)


@breaks("unknown-time-zone")
def misspell_time_zone(data: Data, organization: Organization) -> Iterator[Break]:
    for place, trigger in triggers(data, "schedule"):
        broken = having(data, place, time_zone="America/Chicagoo")
        yield Break(trigger["id"], broken, (), "America/Chicagoo")


@breaks("person-as-role")
def name_a_person(data: Data, organization: Organization) -> Iterator[Break]:
    for index, role in enumerate(data["roles"]):
        known = organization.role(role["name"])
        if known is not None and known.holders:
            name = known.holders[-1].name
            broken = having(data, ("roles", index), id="somebody", name=name)
            yield Break(role["id"], broken, (), name)


@breaks("departed-person")
def name_somebody_who_left(data: Data, organization: Organization) -> Iterator[Break]:
    for index, role in enumerate(data["roles"]):
        known = organization.role(role["name"])
        if known is None or not known.holders:
            continue
        gone = known.holders[0].model_copy(update={"name": "Ines Falk", "last": date(2024, 5, 31)})
        held = known.model_copy(update={"holders": (*known.holders, gone)})
        others = tuple(held if each is known else each for each in organization.roles)
        changed = organization.model_validate(
            organization.model_copy(update={"roles": others}).model_dump(by_alias=True)
        )
        broken = having(data, ("roles", index), id="ines-falk", name="Ines Falk")
        yield Break(role["id"], broken, (), "Ines Falk", changed)


@breaks("retired-system")
def retire_a_system(data: Data, organization: Organization) -> Iterator[Break]:
    for system in data["systems"]:
        known = organization.system(system["name"])
        if known is None:
            continue
        retired = known.model_copy(update={"last": date(2025, 12, 31)})
        others = tuple(retired if each is known else each for each in organization.systems)
        changed = organization.model_copy(update={"systems": others})
        yield Break(system["id"], data, (), system["name"], changed)


@breaks("unbound-system")
def unbind_a_system(data: Data, organization: Organization) -> Iterator[Break]:
    if sum(each.binding is not None for each in organization.systems) < 2:
        return
    for system in data["systems"]:
        known = organization.system(system["name"])
        if known is not None and known.binding is not None:
            unbound = known.model_copy(update={"binding": None})
            others = tuple(unbound if each is known else each for each in organization.systems)
            changed = organization.model_copy(update={"systems": others})
            yield Break(system["id"], data, (), system["name"], changed)


@breaks("unknown-operation")
def misspell_operation(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        system = organization.system(step.get("system", ""))
        if "operation" in step and system is not None and system.operations:
            name = misspelt(step["operation"])
            yield Break(step["id"], having(data, place, operation=name), (step["id"],), name)


@breaks("wrong-inputs")
def misspell_input(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        for number, argument in enumerate(step.get("inputs", ())):
            name = misspelt(argument["name"])
            broken = having(data, (*place, "inputs", number), name=name)
            yield Break(f"{step['id']} {name}", broken, (step["id"],), name)


@breaks("two-names")
def name_twice(data: Data, organization: Organization) -> Iterator[Break]:
    for what in ("roles", "systems"):
        for entry in data[what]:
            name = entry["name"].upper().replace(" ", "-")
            again = {"id": f"{entry['id']}-too", "name": name}
            yield Break(entry["id"], appended(data, (what,), again), (), name)
