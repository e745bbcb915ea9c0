"""The rule `two-names`, SOP214."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.organization import Template
from sopc.organization.name import folded
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import Listing, roles, systems
from sopc.rules.rule import Flaw, Repair, rule

_ARTICLES = frozenset({"the", "a", "an", "our"})
_SHORT = 3


@rule("SOP214", "two-names", Severity.WARNING)
def two_names(context: CheckContext) -> Iterator[Flaw]:
    """Two names for one thing.

    ## What it does
    Finds roles, and systems, of the graph that are one entry of the organization file, or that
    differ only in upper and lower case, marks, an article or a plural.

    ## Why it matters
    Two names look like two things: work is counted twice or not at all, an approver looks like
    somebody else than the requester, and a system is bound under one name and not the other.

    ## Example
    ```yaml
    roles:
      - id: account-manager
        name: account manager
      - id: account-managers
        name: Account Managers
    ```

    ## Use instead
    ```yaml
    roles:
      - id: account-manager
        name: account manager
    ```

    ## Fix safety
    The fix uses the first entry everywhere and takes the second out. It is unsafe: a role and a
    team may have nearly the same name.
    """
    yield from _of(roles(context))
    yield from _of(systems(context))


def _of(listing: Listing) -> Iterator[Flaw]:
    firsts: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(listing.entries):
        thing = listing.known_by_id.get(entry.id)
        if thing is None and listing.in_organization:
            continue
        if thing is None:
            key, why = ("name", _plain(entry.name)), "named so first"
        elif isinstance(thing, Template):
            key, why = ("template", thing.name), f"the organization's `{thing.name}` too"
        else:
            key, why = ("id", thing.id), f"the organization's `{thing.name}` too"
        first = firsts.setdefault(key, index)
        if first == index:
            continue
        other = listing.entries[first]
        yield Flaw(
            at=listing.place(index, "name"),
            message=f"{listing.kind} `{entry.name}` is `{other.name}` under another name"
            if entry.name != other.name
            else f"{listing.kind} `{entry.name}` is listed twice",
            about=f"{listing.kind}s.{entry.id}.name",
            key=other.id,
            help=f"use `{other.id}` everywhere, and list it once",
            related=((listing.place(first, "name"), why),),
            cite=entry.cite,
            says="first named here",
            confidence=Confidence.MEDIUM if thing is None else None,
            repair=Repair(
                f"use `{other.id}` everywhere", listing.renamed(index, other.id, other.name)
            ),
        )


def _plain(name: str) -> str:
    """Give a name without case, marks, article and plural."""
    words = folded(name).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join((*words[:-1], _singular(words[-1]))) if words else name


def _singular(word: str) -> str:
    if len(word) <= _SHORT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1]
