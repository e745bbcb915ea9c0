"""The rule `unknown-role`, SOP203."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import roles
from sopc.rules.naming.person_name import PersonNames
from sopc.rules.naming.unknown_name import unknown_names, unlisted_ids
from sopc.rules.rule import Flaw, rule


@rule("SOP203", "unknown-role", Severity.ERROR)
def unknown_role(context: CheckContext) -> Iterator[Flaw]:
    """A role that nobody knows.

    ## What it does
    Finds ids that are not in the graph's list of roles and, where there is an organization file
    that lists roles, roles of the graph that it knows by no id, name or alias. A person's name is
    the matter of `person-as-role` and `departed-person`.

    ## Why it matters
    Work and escalations that go to an unknown role reach nobody.

    ## Example
    ```yaml
    roles:
      - id: acount-manager
        name: acount manager
    ```

    ## Use instead
    ```yaml
    roles:
      - id: account-manager
        name: account manager
    ```
    Or, if the role is right and new, add it to `organization.yaml`.

    ## Fix safety
    The fix writes the nearest known role, wherever the unknown one is used. It is unsafe, because
    the nearest name is a guess.
    """
    listing = roles(context)
    yield from unlisted_ids(listing)
    yield from unknown_names(listing, spared=PersonNames(listing).is_person)
