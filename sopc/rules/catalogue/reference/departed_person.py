"""The rule `departed-person`, SOP209."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Citation, RequestTrigger, RoleUse, SystemUse
from sopc.graph.edit import Put
from sopc.organization import Organization, Person, Role
from sopc.organization.name import folded
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import Listing, roles
from sopc.rules.naming.name_finder import NameFinder
from sopc.rules.naming.person_name import PersonNames
from sopc.rules.naming.use import rungs
from sopc.rules.rule import Flaw, GraphPath, Repair, rule

_SHOWN = 8

Words = tuple[GraphPath, str, str, Citation | None, str | None]
"""Words of the graph: their place, themselves, the field, the sentence behind them, the step."""


@rule("SOP209", "departed-person", Severity.ERROR)
def departed_person(context: CheckContext) -> Iterator[Flaw]:
    """Somebody who has left.

    ## What it does
    Finds people whose last role has ended by the organization file's dates: as a role, as the
    procedure's owner, and by their whole name in the titles of steps and in the words of triggers,
    escalations and guardrails that name no role. Everybody is told of once, where the graph names
    them first. A name that stands in words alone is a warning.

    ## Why it matters
    What goes to somebody who has left reaches nobody, and nobody notices until it is late.

    ## Example
    ```yaml
    # organization.yaml: {name: Grace Okafor, to: 2026-01-31}
    roles:
      - id: grace-okafor
        name: Grace Okafor
    ```

    ## Use instead
    ```yaml
    roles:
      - id: finance-manager
        name: finance manager
    ```

    ## Fix safety
    The fix writes the role that the person held last, where it was one. It is unsafe: the work may
    have gone to another role. Words of the prose are left for people to change.
    """
    organization = context.organization
    if organization is None:
        return
    departed = _departed(organization, context)
    if not departed:
        return
    told: set[str] = set()
    for flaw, person in (*_as_roles(context), *_as_owner(context, departed)):
        if folded(person.name) not in told:
            told.add(folded(person.name))
            yield flaw
    yield from _in_words(context, departed, told)


def _departed(organization: Organization, context: CheckContext) -> dict[str, Person]:
    found = {}
    for role in organization.roles:
        for holder in role.holders:
            name = folded(holder.name)
            if name in found or holder.last is None or holder.last >= context.today:
                continue
            person = organization.person(holder.name)
            if person is not None and person.left(context.today):
                found[name] = person
    return found


def _as_roles(context: CheckContext) -> Iterator[tuple[Flaw, Person]]:
    listing = roles(context)
    people = PersonNames(listing)
    for index, entry in enumerate(listing.entries):
        named = people.named(entry)
        if named is None or not named.person.left(context.today):
            continue
        held = _held_last(named.person)
        flaw = Flaw(
            at=listing.place(index, "name"),
            message=_message(named.person),
            about=f"roles.{entry.id}.name",
            key=folded(named.person.name),
            help=_help(context, held),
            related=_uses(listing, entry),
            cite=entry.cite,
            says="first named here",
            confidence=None if named.whole else Confidence.MEDIUM,
            repair=Repair(f"write `{held.name}`", listing.changed_to(index, held))
            if held
            else None,
        )
        yield flaw, named.person


def _as_owner(context: CheckContext, departed: dict[str, Person]) -> Iterator[tuple[Flaw, Person]]:
    person = departed.get(folded(context.graph.owner or ""))
    if person is None:
        return
    held = _held_last(person)
    flaw = Flaw(
        at=("owner",),
        message=_message(person),
        about="owner",
        key=folded(person.name),
        help=_help(context, held),
        repair=Repair(f"write `{held.name}`", (Put(("owner",), held.name),)) if held else None,
    )
    yield flaw, person


def _in_words(context: CheckContext, departed: dict[str, Person], told: set[str]) -> Iterator[Flaw]:
    """Find whole names of two words or more: single ones are words as well."""
    sought = NameFinder(name for name in departed if " " in name and name not in told)
    found: dict[str, list[Words]] = {}
    for words in _words(context):
        for name in sought.names_in(words[1]):
            found.setdefault(name, []).append(words)
    for name, places in found.items():
        path, _, about, cite, step = places[0]
        person = departed[name]
        yield Flaw(
            at=path,
            message=_message(person),
            about=about,
            key=name,
            help=_help(context, _held_last(person)),
            related=tuple((each[0], "named here too") for each in places[1:_SHOWN]),
            cite=cite,
            step=step,
            severity=Severity.WARNING,
        )


def _words(context: CheckContext) -> Iterator[Words]:
    """Give the words that people read, where no role says who is meant."""
    for at in context.triggers:
        if not isinstance(at.trigger, RequestTrigger) or at.trigger.by is None:
            yield (*at.path, "says"), at.trigger.says, at.about("says"), at.trigger.cite, None
    for place in context.steps:
        yield place.title, place.step.title, place.about("title"), place.cite(), place.step.id
        for index, guardrail in enumerate(place.step.guardrails):
            if guardrail.ask is None:
                path = (*place.path, "guardrails", index, "says")
                about = place.about("guardrails")
                yield path, guardrail.says, about, guardrail.cite, place.step.id
    for rung, path, about, step in rungs(context):
        if rung.to is None:
            yield (*path, "says"), rung.says, about, rung.cite, step


def _held_last(person: Person) -> Role | None:
    """Give the role that a person held to the last day, if it was one."""
    held = {
        tenure.role.id: tenure.role
        for tenure in person.tenures
        if tenure.holder.last == person.last_day
    }
    return next(iter(held.values())) if len(held) == 1 else None


def _message(person: Person) -> str:
    return f"`{person.name}` has left: the last day in a role was {person.last_day}"


def _help(context: CheckContext, held: Role | None) -> str:
    if held is None or context.organization is None:
        return "write the role that does this now"
    now = [holder.name for holder in context.organization.holders(held.id, context.today)]
    held_by = f", which {' and '.join(now)} now {'holds' if len(now) == 1 else 'hold'}"
    return f"write the role, `{held.name}`{held_by if now else ''}"


def _uses(listing: Listing, entry: RoleUse | SystemUse) -> tuple[tuple[GraphPath, str], ...]:
    return tuple((use.path, "used here") for use in listing.uses_of.get(entry.id, ())[:_SHOWN])
