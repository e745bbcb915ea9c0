"""Ids that the graph does not list, and names that the organization file does not know."""

from collections.abc import Callable, Iterator

from sopc.graph import RoleUse, SystemUse
from sopc.graph.edit import Put
from sopc.rules.naming.listing import Listing
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair


def unlisted_ids(listing: Listing) -> Iterator[Flaw]:
    """Find uses of ids that are not in the graph's list."""
    ids = {entry.id for entry in listing.entries}
    known = Known(ids, kind=listing.kind)
    for use in listing.uses:
        if use.id in ids:
            continue
        near = known.nearest(use.id)
        yield Flaw(
            at=use.path,
            message=f"{listing.kind} `{use.id}` is not among the graph's {listing.kind}s",
            about=use.about,
            key=use.id,
            help=known.meant(use.id),
            cite=use.cite,
            step=use.step,
            repair=Repair(f"write `{near}`", (Put(use.path, near),)) if near else None,
        )


def unknown_names(
    listing: Listing, spared: Callable[[RoleUse | SystemUse], bool] = lambda _: False
) -> Iterator[Flaw]:
    """Find entries that the organization file does not know, but those that are spared."""
    organization, kind = listing.context.organization, listing.kind
    if organization is None or not listing.in_organization:
        return
    for index, entry in enumerate(listing.entries):
        if listing.known(entry) or spared(entry):
            continue
        near = listing.nearest(entry.name)
        yield Flaw(
            at=listing.place(index, "name"),
            message=f"`{organization.name}` has no {kind} `{entry.name}`",
            about=f"{kind}s.{entry.id}.name",
            help=f"write `{near.name}`, or add the {kind} to the organization file"
            if near
            else f"add the {kind} to the organization file",
            cite=entry.cite,
            says="first named here",
            repair=Repair(f"write `{near.name}`", listing.changed_to(index, near))
            if near
            else None,
        )
