"""Acts: which words instruct, in which form, and how far their object reaches."""

import pytest

from sopc_compiler.language.act import acts
from sopc_compiler.language.word import words


def _read(text: str, *blocked: str, duties: bool = False) -> list[tuple[str, str, str]]:
    """Give each act's words, form and subject, with some phrases blocked."""
    places = [(text.index(phrase), text.index(phrase) + len(phrase)) for phrase in blocked]
    return [
        (
            text[act.start : act.end],
            act.form,
            "" if act.subject is None else text[slice(*act.subject)],
        )
        for act in acts(words(text), places, duties=duties)
    ]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Send the form to the client.", "Send the form to the client"),
        ("Please send the form.", "send the form"),
        ("Then close the case.", "close the case"),
        ("Do not share the password.", "Do not share the password"),
        ("Never share the password.", "Never share the password"),
        ("Open the ticket.", "Open the ticket"),
        ("Log your hours", "Log your hours"),
        ("Email the client.", "Email the client"),
        ("cc the lead", "cc the lead"),
        ("Ensure that the door is locked.", "Ensure that the door is locked"),
        ("Notify the lead that the server is down.", "Notify the lead that the server is down"),
        ("Schedule kickoff call.", "Schedule kickoff call"),
        ("Check the form (send it back).", "Check the form"),
        ("To cancel, call the desk.", "call the desk"),
        ("(Optional) Send the form.", "Send the form"),
    ],
)
def test_imperatives(text: str, act: str) -> None:
    """An imperative begins at its verb and ends with its object."""
    assert _read(text) == [(act, "imperative", "")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Send the form and call the client.", ["Send the form", "call the client"]),
        ("Collect the badge, then close the account.", ["Collect the badge", "close the account"]),
        ("Assign it to the lead or close it.", ["Assign it to the lead", "close it"]),
        ("Check and approve the request.", ["Check and approve the request"]),
        ("Print and sign the form.", ["Print and sign the form"]),
        ("Send forms and files to the client.", ["Send forms and files to the client"]),
    ],
)
def test_joined_verbs(text: str, found: list[str]) -> None:
    """Two verbs with an object each are two acts; two verbs that share one object are one."""
    assert [act for act, _, _ in _read(text)] == found


def test_shared_object_of_a_verb_like_noun() -> None:
    """ "Review and approve" a thing is one act, on that thing."""
    (act,) = acts(words("Review and approve the invoice."), [])
    assert (act.verb, act.end) == ("approve", len("Review and approve the invoice"))


@pytest.mark.parametrize(
    ("text", "act", "subject"),
    [
        ("The manager must approve the request.", "approve the request", "The manager"),
        ("The manager may approve the request.", "approve the request", "The manager"),
        ("You need to sign the form.", "sign the form", "You"),
        ("You are expected to log your hours.", "log your hours", "You"),
        ("The lead has to sign the form.", "sign the form", "The lead"),
        ("The lead is responsible for updating the log.", "updating the log", "The lead"),
        ("We will send the report.", "send the report", "We"),
        ("Controller to send an email.", "send an email", "Controller"),
    ],
)
def test_obligations(text: str, act: str, subject: str) -> None:
    """What somebody must, needs to or will do is an act with its subject."""
    assert _read(text) == [(act, "modal", subject)]


@pytest.mark.parametrize(
    "text",
    [
        "The invoice must be approved by the controller",
        "Drafts must be reviewed",
        "Contracts are handled by the legal team",
        "The report will be sent to the finance manager",
    ],
)
def test_passives(text: str) -> None:
    """A thing that must be handled, or is handled by a role, is an act from the thing on."""
    assert _read(f"{text}.") == [(text, "passive", "")]


@pytest.mark.parametrize(
    ("text", "act", "subject"),
    [
        ("Accounting pays the vendor.", "pays the vendor", "Accounting"),
        ("The recruiter schedules the interview.", "schedules the interview", "The recruiter"),
        ("The new hire signs the form.", "signs the form", "The new hire"),
        ("The team lead reviews and approves the request.",
         "reviews and approves the request", "The team lead"),
        ("HubSpot alerts the owner.", "alerts the owner", "HubSpot"),
        ("Zendesk creates a ticket.", "creates a ticket", "Zendesk"),
    ],
)  # fmt: skip
def test_present_tense(text: str, act: str, subject: str) -> None:
    """What a role or a system does in the present tense is its duty."""
    assert _read(text) == [(act, "present", subject)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Maintaining the log.", ["Maintaining the log"]),
        ("Maintaining the log and updating the board",
         ["Maintaining the log", "updating the board"]),
    ],
)  # fmt: skip
def test_gerund_duties(text: str, found: list[str]) -> None:
    """A gerund instructs in a list of duties, and there alone."""
    assert _read(text, duties=True) == [(act, "gerund", "") for act in found]
    assert _read(text) == []


def test_participle() -> None:
    """ "Required to" at the beginning obliges whoever is spoken of before."""
    found = _read("Required to sign the form.")
    assert found == [("Required to sign the form", "participle", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Project name",
        "Market research report",
        "Order form",
        "Order number",
        "Budget owner",
        "Test results",
        "Finance manager",
        "Name and address",
        "The report is ready.",
        "The order form lists the prices.",
    ],
)
def test_nouns_like_verbs(text: str) -> None:
    """A noun that could be a verb opens no act where what follows shows a noun phrase."""
    assert _read(text) == []


@pytest.mark.parametrize("text", ["Report the loss.", "Order the parts.", "Test the build."])
def test_verbs_like_nouns(text: str) -> None:
    """The same words instruct where a determiner follows."""
    assert _read(text) == [(text.rstrip("."), "imperative", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Keep in mind that prices change.",
        "Note that fees apply.",
        "You can work from home.",
        "The lead has a form.",
        "We would like to thank you.",
        "HubSpot stores the data.",
        "The policy means that staff own the risk.",
        "Invoices are sent.",
        "Contracts are handled by email.",
        "The report will be nice.",
        "It should be fine.",
        "This must be done.",
        "Is the form signed?",
        "What is the name?",
        "SEND the form",
        "The lead is not expected to weigh all parcels.",
        "You do not need to sign the form.",
        "Staff are not required to file a report.",
        "",
    ],
)
def test_no_acts(text: str) -> None:
    """Remarks, permissions, descriptions and questions instruct nobody."""
    assert _read(text) == []


@pytest.mark.parametrize(
    ("text", "blocked", "act"),
    [
        ("If the form is missing, ask the client.", "If the form is missing", "ask the client"),
        ("Send the form within 2 days to the client.", "within 2 days", "Send the form"),
        ("Once a week check the log.", "Once a week", "check the log"),
    ],
)
def test_blocked_places(text: str, blocked: str, act: str) -> None:
    """No act starts within a condition or a time, and an object ends where one begins."""
    assert _read(text, blocked) == [(act, "imperative", "")]


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Drafts must be reviewed.", "review"),
        ("Accounting pays the vendor.", "pay"),
        ("The report will be sent to the finance manager.", "send"),
    ],
)
def test_base_verb(text: str, verb: str) -> None:
    """An act gives its verb in the base form, whatever form the words have."""
    assert [act.verb for act in acts(words(text), [])] == [verb]


def test_an_order_behind_its_case() -> None:
    """A verb that looks like a noun instructs where it follows a condition."""
    text = "When a visitor signs in, print a badge."
    assert _read(text, "When a visitor signs in") == [("print a badge", "imperative", "")]
