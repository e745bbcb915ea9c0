"""Names of systems: the tools, forms, inboxes, channels and templates that work is done in."""

import re
from collections.abc import Sequence

from sopc_compiler.language.word import Word

_HEADS = frozenset(
    """
    app application board calendar calendars channel channels dashboard database doc docs document
    drive form forms hotline inbox intranet ledger list mailbox macro mailing page platform portal
    questionnaire queue register registry repository sharepoint sheet site software spreadsheet
    spreadsheets survey system template templates ticket tool tracker tracker website wiki worksheet
    workspace checklist log helpdesk folder playbook playbooks crm erp
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""Nouns that head the name of a system where a modifier names which."""

_PRODUCTS = frozenset(
    """
    airbase airtable ariba asana aws azure bamboohr basecamp bitbucket box calendly canva clickup
    concur confluence coupa datadog discord docusign dropbox excel expensify figma freshdesk github
    gitlab gmail greenhouse gusto harvest hubspot intercom jenkins jira lattice linear linkedin looker
    mailchimp miro monday netsuite notion okta onedrive oracle outlook pagerduty paypal pipedrive
    powerbi quickbooks ramp rippling sage salesforce sap sentry servicenow sharepoint shopify slack
    smartsheet snowflake splunk square stripe tableau teams toggl trello twilio typeform workday xero
    zapier zendesk zoho zoom quickbooks lever ashby deel webex whatsapp telegram signal
    """.split()  # noqa: SIM905
)
"""Well-known products that need no hint in the sentence."""

_SUITES = {"google", "microsoft", "ms", "office", "adobe", "atlassian", "apple", "amazon", "zoho"}
_SUITE_PARTS = {"drive", "docs", "sheets", "calendar", "forms", "groups", "meet", "workspace", "slides",
                "teams", "outlook", "excel", "word", "planner", "365", "sign", "doc", "sheet", "form",
                "chat", "classroom", "analytics", "vault", "admin"}  # fmt: skip
_HANDLE = re.compile(
    r"^(?:#[\w-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|[a-z][\w-]*\.(?:io|com|org|net|app|gov|ai)\b)$"
)
_FORM_NUMBER = re.compile(r"^(?:[A-Z]{1,3}-?\d{1,4}[A-Z]{0,4}|[A-Z]\d[A-Z]{2,4})$")
_LINKERS = {
    "in",
    "into",
    "via",
    "through",
    "using",
    "on",
    "from",
    "with",
    "to",
    "use",
    "open",
    "within",
    "inside",
}
_NO_MODIFIER = {"the", "a", "an", "your", "our", "their", "this", "that", "these", "those", "each", "every", "all",
                "any", "some", "no", "relevant", "appropriate", "other", "following", "new", "same", "completed",
                "signed", "single", "separate", "above", "below", "existing", "updated", "final", "first", "its",
                "right", "correct", "official", "original", "usual", "complete", "necessary", "required", "and",
                "or", "printed", "detailed", "available", "approved", "important", "critical", "blank", "filled"}  # fmt: skip


def system_spans(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Find the system names of a sentence, as places in its passage, determiners left out."""
    spans: list[tuple[int, int]] = []
    for index, word in enumerate(words):
        span = _span_at(words, index)
        if span is None:
            continue
        if spans and span[0] < spans[-1][1]:
            if span[1] - span[0] <= spans[-1][1] - spans[-1][0] or word.end <= spans[-1][1]:
                continue
            spans.pop()
        spans.append(span)
    return spans


def _span_at(words: Sequence[Word], index: int) -> tuple[int, int] | None:
    word = words[index]
    if _HANDLE.match(word.text):
        end = word.end - (len(word.text) - len(word.text.rstrip(".,;:")))
        return word.start, end
    if _FORM_NUMBER.match(word.text) and any(c.isdigit() for c in word.text) and len(word.text) > 1:
        form = index > 0 and words[index - 1].lower in {"form", "sf", "tab"}
        return (words[index - 1] if form else word).start, word.end
    if word.lower in _SUITES and index + 1 < len(words) and words[index + 1].lower in _SUITE_PARTS:
        last = index + 1
        return word.start, words[last].end
    if word.lower in _PRODUCTS and word.text[0].isupper():
        if word.lower in {
            "teams",
            "square",
            "box",
            "linear",
            "monday",
            "sage",
            "ramp",
            "harvest",
            "signal",
            "oracle",
            "lever",
            "excel",
        } and not (index > 0 and words[index - 1].lower in _LINKERS):
            return None
        return word.start, word.end
    if word.lower in _HEADS:
        return _headed(words, index)
    return _linked(words, index)


def _headed(words: Sequence[Word], head: int) -> tuple[int, int] | None:
    """Take a name that ends in a system's noun: "AR Dashboard", "team calendar"."""
    following = words[head + 1] if head + 1 < len(words) else None
    if following is not None and following.lower in _HEADS:
        return None
    first = head
    named = False
    while first > 0 and head - first < 6:  # noqa: PLR2004 - names are short
        word = words[first - 1]
        lower = word.lower
        if not word.text[0].isalnum() or lower in _NO_MODIFIER:
            break
        capital = word.text[0].isupper() and not (first - 1 == 0 and word.tag.startswith("V"))
        handle = bool(_HANDLE.match(word.text))
        if (
            not capital
            and not handle
            and word.tag[:2] not in {"NN", "JJ", "FW"}
            and "-" not in lower
        ):
            break
        if first - 1 == 0 and word.tag.startswith("VB"):
            break
        named = named or capital or handle
        first -= 1
    if first == head and not words[head].text[0].isupper():
        return None
    if first == head or (not named and head - first < 1):
        return None
    return words[first].start, words[head].end


def _linked(words: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Take capitalised words behind "in", "via" or the like that no role's noun ends."""
    from sopc_compiler.language.role_name import HEADS

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
    if words[last].lower.removesuffix("s") in HEADS or words[last].lower in HEADS:
        return None
    if words[last].lower in _MONTHS_AND_DAYS or words[index].lower in _MONTHS_AND_DAYS:
        return None
    return word.start, words[last].end


_MONTHS_AND_DAYS = {
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "q1", "q2", "q3", "q4", "pdf", "us", "usd", "english", "eod", "cob", "ooo",
}  # fmt: skip


def is_plain(name: str) -> bool:
    """Tell whether nothing in a name itself shows a system: neither product, handle, form nor head."""
    parts = name.split()
    last = parts[-1].lower().strip(".,;:()")
    return not (
        _HANDLE.match(parts[-1])
        or last in _HEADS
        or any(part.lower() in _PRODUCTS | _SUITES for part in parts)
        or _FORM_NUMBER.match(parts[-1])
    )


def names_system(name: str) -> bool:
    """Tell whether words can name a system: short, and with a system's noun, a handle or a capital."""
    parts = name.split()
    if not 0 < len(parts) <= 6:  # noqa: PLR2004 - names are short
        return False
    return not is_plain(name) and len(parts) > 1 or bool(_HANDLE.match(name)) or any(c.isupper() for c in name[1:])
