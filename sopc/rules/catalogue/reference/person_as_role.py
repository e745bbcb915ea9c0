"""The rule `person-as-role`, SOP208."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import roles
from sopc.rules.naming.person_name import NamedPerson, PersonNames, is_titled
from sopc.rules.rule import Flaw, Repair, rule


@rule("SOP208", "person-as-role", Severity.WARNING)
def person_as_role(context: CheckContext) -> Iterator[Flaw]:
    """A person's name where a role belongs.

    ## What it does
    Finds roles of the graph that the organization file does not know as roles and that are called
    after somebody who holds one, or that begin with the title of a person, as `Dr. Chen`. A first
    or last name alone counts where only one person has it.

    ## Why it matters
    People are away, change their work and leave, and the work that is theirs by name then waits
    for nobody. A role has somebody else who holds it.

    ## Example
    ```yaml
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
    Who holds the role stands in `organization.yaml`.

    ## Fix safety
    The fix writes the role that the person holds, wherever the name is used. It is unsafe: the
    person may have been meant in another capacity. None is offered where the person holds several
    roles, or none.
    """
    listing = roles(context)
    people = PersonNames(listing)
    for index, entry in enumerate(listing.entries):
        named = people.named(entry)
        if named is not None and named.person.left(context.today):
            continue
        if named is None and not (is_titled(entry.name) and people.is_person(entry)):
            continue
        held = named.person.roles(context.today) if named else ()
        yield Flaw(
            at=listing.place(index, "name"),
            message=f"`{entry.name}` is a person, where a role belongs",
            about=f"roles.{entry.id}.name",
            help=f"write the role that the person holds, `{held[0].name}`"
            if len(held) == 1
            else "write the role in which the person does this",
            notes=_notes(named, tuple(role.name for role in held)),
            cite=entry.cite,
            says="first named here",
            confidence=None if named and named.whole else Confidence.MEDIUM,
            repair=Repair(f"write `{held[0].name}`", listing.changed_to(index, held[0]))
            if len(held) == 1
            else None,
        )


def _notes(named: NamedPerson | None, held: tuple[str, ...]) -> tuple[str, ...]:
    if named is None or not held:
        return ()
    return (f"{named.person.name} holds " + ", ".join(f"`{name}`" for name in held),)
