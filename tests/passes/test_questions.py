"""Each gap of a graph is asked about once, in a field that an answer can fill."""

from collections import Counter

from passes.scripted_gateway import compiled, document_of
from sopc.graph import Question
from sopc.organization import Organization, loads_organization
from sopc_compiler.answers.field import answer_field
from sopc_compiler.read.document import passage_hash

VAGUE = """# Desk

## Parcels

When a parcel is damaged:

1. The refund must be approved promptly.
2. The manager must send the mail to the client.
3. The manager must regularly check the list.

## Reports

The report starts every Monday.

1. The manager must post the report.

## Keys

Keys are handed over at the tenant's request.

1. The manager must open the door in Asana within 1 hour.
"""
PRECISE = """# Desk

When a ticket is created in Zendesk:

1. The manager must open the ticket in Zendesk within 1 hour. If the ticket is missing, the \
manager must escalate to the store owner in Slack.
"""


def questions(prose: str, organization: Organization | None = None) -> tuple[Question, ...]:
    """What is asked about some prose."""
    return compiled(prose, organization=organization).graph.questions


def fields(prose: str) -> set[str]:
    """The last words of the fields asked about."""
    return {question.field.split()[-1] for question in questions(prose)}


def test_each_gap_is_asked_about_once() -> None:
    """No two questions are about the same field, and each has an id of its own."""
    asked = questions(VAGUE)
    assert asked
    assert max(Counter(question.about for question in asked).values()) == 1
    assert max(Counter((q.passage, q.field) for q in asked).values()) == 1
    assert max(Counter(question.id for question in asked).values()) == 1


def test_every_kind_of_gap_is_asked_about() -> None:
    """Starts, systems, people, times, templates and failures that are unstated are questions."""
    assert fields(VAGUE) >= {
        *("system", "event", "cron", "time_zone", "by"),
        *("role", "deadline", "cadence", "template", "escalation"),
    }
    assert "trigger" in fields("# Desk\n\nThe manager must open the door.\n")


def test_each_field_is_one_that_an_answer_can_name() -> None:
    """What a question asks for can be written into the answers file as it stands."""
    for question in questions(VAGUE) + questions(PRECISE):
        taken = answer_field(question.field)
        assert taken.name == question.field.split()[-1]


def test_each_question_belongs_to_a_passage_of_the_prose() -> None:
    """Its passage is one of the document's, and it quotes the words that it is about."""
    hashes = {passage_hash(passage) for passage in document_of(VAGUE).passages}
    for question in questions(VAGUE):
        assert question.passage in hashes
        assert question.cite is not None


def test_precise_prose_leaves_nothing_to_ask() -> None:
    """Trigger, system, role, time and ladder are stated, so nobody is asked."""
    assert questions(PRECISE) == ()


def test_what_the_organization_says_is_not_asked() -> None:
    """A time zone that holds for all is not asked for; known systems are offered."""
    organization = loads_organization(
        "name: Desk\ntime_zone: Europe/Paris\nsystems:\n  - id: gmail\n    name: Gmail\n"
    )
    asked = questions(VAGUE, organization)
    assert not any(question.field.endswith("time_zone") for question in asked)
    options = [question.options for question in asked if question.field.endswith("system")]
    assert options
    assert all("Gmail" in each for each in options)
