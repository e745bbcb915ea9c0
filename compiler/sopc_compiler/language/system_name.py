"""Names of systems: the tools, forms, inboxes, channels and templates that work is done in."""

import re
from collections.abc import Sequence

from sopc_compiler.language.role_name import HEADS as ROLE_HEADS
from sopc_compiler.language.word import Word

_HEADS = frozenset(
    """
    app application board calendar calendars channel channels dashboard database doc docs document
    drive form forms hotline inbox intranet ledger list mailbox macro mailing page platform portal
    questionnaire queue register registry repository sharepoint sheet site software spreadsheet
    spreadsheets survey system template templates ticket tool tracker website wiki worksheet
    workspace checklist log helpdesk playbook playbooks crm erp
    """.split()
)
"""Nouns that head the name of a system where a modifier names which."""

_PRODUCTS = frozenset(
    """
    airbase airtable ariba asana aws azure bamboohr basecamp bitbucket box calendly canva clickup
    concur confluence coupa datadog discord docusign dropbox excel expensify figma freshdesk github
    gitlab gmail greenhouse gusto harvest hubspot intercom jenkins jira lattice linear linkedin
    looker mailchimp miro monday netsuite notion okta onedrive oracle outlook pagerduty paypal
    pipedrive powerbi quickbooks ramp rippling sage salesforce sap sentry servicenow sharepoint
    shopify slack smartsheet snowflake splunk square stripe tableau teams toggl trello twilio
    typeform workday xero zapier zendesk zoho zoom lever ashby deel webex whatsapp telegram signal
    """.split()
)
"""Well-known products that need no hint in the sentence."""

_SUITES = frozenset(
    """
    google microsoft ms office adobe atlassian apple amazon zoho
    """.split()
)
_SUITE_PARTS = frozenset(
    """
    drive docs sheets calendar forms groups meet workspace slides teams outlook excel word planner
    365 sign doc sheet form chat classroom analytics vault admin
    """.split()
)
_HANDLE = re.compile(
    r"^(?:#[\w-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|[a-z][\w-]*\.(?:io|com|org|net|app|gov|ai)\b)$"
)
_CAMEL = re.compile(r"^[a-z]{1,3}[A-Z]\w+$")
_FORM_NUMBER = re.compile(r"^(?:[A-Z]{1,3}-?\d{1,4}[A-Z]{0,4}|[A-Z]\d[A-Z]{2,4})$")
_EVERYDAY_PRODUCTS = frozenset(
    """
    teams square box linear monday sage ramp harvest signal oracle lever excel
    """.split()
)
"""Products whose names are everyday words: they count behind "in", "via" and the like alone."""
_SHORTEST_FORM = 3
"""A shorter form number, as "S2", may be a grade."""
_NAMED_KINDS = frozenset(
    """
    template form macro dashboard queue envelope channel inbox board calendar
    """.split()
)
_LONGEST = 6
_LINKERS = frozenset(
    """
    in into via through using on from with to use open within inside
    """.split()
)
_NO_MODIFIER = frozenset(
    """
    the a an your our their this that these those each every all any some no relevant appropriate
    other following new same completed signed single separate above below existing updated final
    first its right correct official original usual complete necessary required and or printed
    detailed available approved important critical blank filled
    """.split()
)
_NO_NAMES = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday q1 q2 q3 q4 pdf us usd english eod cob ooo
    """.split()
)
"""Capitalised words that name no system behind "in" or "on"."""


def system_spans(
    words: Sequence[Word], codes: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Find the system names of a sentence, as places in its passage, determiners left out.

    Args:
        words: The sentence's words.
        codes: Places that the document marks as literal names, as backticks do. One behind a
            system's noun ("template `welcome-v3`") is a name by itself; none is part of another.
    """
    found = [
        span
        for index in range(len(words))
        if (span := _span_at(words, index)) and not any(_meet(span, code) for code in codes)
    ]
    found += [code for code in codes if _is_named(words, code)]
    kept: list[tuple[int, int]] = []
    for span in sorted(found, key=lambda each: each[0] - each[1]):
        if not any(_meet(span, other) for other in kept):
            kept.append(span)
    return sorted(kept)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_named(words: Sequence[Word], code: tuple[int, int]) -> bool:
    """Tell whether a literal name stands behind a noun for a kind of system, or is a handle."""
    inside = [word for word in words if code[0] <= word.start < code[1]]
    if len(inside) == 1 and _HANDLE.match(inside[0].text):
        return True
    before = [word for word in words if word.end <= code[0]][-1:]
    return bool(before) and before[0].lower in _NAMED_KINDS


def _span_at(words: Sequence[Word], index: int) -> tuple[int, int] | None:
    word = words[index]
    if _HANDLE.match(word.text):
        return word.start, word.start + len(word.text.rstrip(".,;:"))
    if _FORM_NUMBER.match(word.text) and any(c.isdigit() for c in word.text):
        form = index > 0 and words[index - 1].lower in {"form", "sf", "tab"}
        return (words[index - 1] if form else word).start, word.end
    if _CAMEL.match(word.text):
        return word.start, word.end
    following = words[index + 1].lower if index + 1 < len(words) else ""
    if word.lower in _SUITES and following in _SUITE_PARTS:
        return word.start, words[index + 1].end
    if word.lower in _PRODUCTS and word.text[0].isupper():
        before = words[index - 1].lower if index else ""
        everyday = word.lower in _EVERYDAY_PRODUCTS and before not in _LINKERS
        return None if everyday else (word.start, word.end)
    return _headed(words, index) if word.lower in _HEADS else _linked(words, index)


def _headed(words: Sequence[Word], head: int) -> tuple[int, int] | None:
    """Take a name that ends in a system's noun: "AR Dashboard", "team calendar"."""
    if head + 1 < len(words) and words[head + 1].lower in _HEADS:
        return None
    first = head
    while first > 0 and head - first < _LONGEST and _modifies(words, first - 1):
        first -= 1
    products = [word for word in words[first:head] if word.lower in _PRODUCTS | _SUITES]
    rest = [word for word in words[first:head] if word not in products]
    if first == head or (
        products and all(word.tag == "JJ" and "-" not in word.text for word in rest)
    ):
        return None  # no name, or a product that counts by itself
    return words[first].start, words[head].end


def _modifies(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word can be part of a system's name before its noun."""
    word = words[index]
    if not word.text[0].isalnum() or word.lower in _NO_MODIFIER:
        return False
    if index == 0 and word.tag.startswith(("VB", "IN")):
        return False
    return word.text[0].isupper() or word.tag[:2] in {"NN", "JJ", "FW"} or "-" in word.lower


def _linked(words: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Take capitalised words behind "in", "via" or the like that no role's noun ends."""
    word = words[index]
    if (
        index == 0
        or not word.text[0].isupper()
        or word.tag not in {"NN", "NNP", "NNS", "JJ", "NNPS", "VB", "VBZ"}
    ):
        return None
    before = words[index - 1].lower
    if before in {"the", "our", "your", "a"} and index > 1:
        before = words[index - 2].lower
    if before not in {"in", "into", "via", "through", "using", "within", "inside", "on"}:
        return None
    last = index
    while last + 1 < len(words) and words[last + 1].text[0].isupper():
        last += 1
    if words[last].lower.removesuffix("s") in ROLE_HEADS or words[last].lower in ROLE_HEADS:
        return None
    if words[last].lower.endswith(("'s", "-")):
        return None
    if words[last].lower in _NO_NAMES or words[index].lower in _NO_NAMES:
        return None
    return word.start, words[last].end


def is_certain_system(name: str) -> bool:
    """Tell whether a name shows by itself that it is a system: a product or a handle."""
    parts = name.split()
    product = any(part.lower() in _PRODUCTS | _SUITES for part in parts)
    return product or any(_HANDLE.match(part) or _CAMEL.match(part) for part in parts)


def is_titled(name: str) -> bool:
    """Tell whether a name is put like a title and ends in a system's noun: "AR Dashboard"."""
    parts = name.split()
    return len(parts) > 1 and parts[-1].lower() in _HEADS and all(p[0].isupper() for p in parts)


def is_plain(name: str) -> bool:
    """Tell whether nothing in a name shows a system: no product, handle, form or head."""
    parts = name.split()
    last = parts[-1].lower().strip(".,;:()")
    return not (
        _HANDLE.match(parts[-1])
        or last in _HEADS
        or any(part.lower() in _PRODUCTS | _SUITES for part in parts)
        or (_FORM_NUMBER.match(parts[-1]) and len(parts[-1]) >= _SHORTEST_FORM)
    )


def names_system(name: str, before: Sequence[str]) -> bool:
    """Tell whether words can name a system: by a system's noun, or by capitals behind "in".

    `before` are the two words before them, in lower case.
    """
    parts = name.split()
    if not 0 < len(parts) <= _LONGEST:
        return False
    if not is_plain(name):
        return len(parts) > 1 or is_certain_system(name)
    linked = [word for word in before if word not in {"the", "our", "your", "a"}][-1:]
    return (
        name[0].isupper()
        and not name.isupper()
        and bool(linked)
        and linked[0] in _LINKERS - {"to", "from"}
    )
