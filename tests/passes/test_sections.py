"""A document is divided into its procedures by the headings under which something starts."""

from passes.scripted_gateway import compiled

PROSE = """# Desk

The manager must keep the log in Excel.

## New ticket

When a ticket is created in Zendesk:

1. The manager must assign the ticket in Zendesk.

### Afterwards

The manager must close the ticket in Zendesk.

## Weekly report

The report starts every Monday at 09:00.

1. The analyst must post the report in Slack.
"""


def titles(prose: str) -> dict[str, list[str]]:
    """The steps' titles by the procedure's id."""
    procedures = compiled(prose).graph.procedures
    return {each.id: [step.title for step in each.steps] for each in procedures}


def test_each_heading_with_a_trigger_and_an_act_is_a_procedure() -> None:
    """Sections last until the next heading of their level; what is outside is the document's."""
    assert titles(PROSE) == {
        "desk": ["Keep the log in Excel"],
        "new-ticket": ["Assign the ticket in Zendesk", "Close the ticket in Zendesk"],
        "weekly-report": ["Post the report in Slack"],
    }


def test_each_procedure_has_its_own_trigger() -> None:
    """A trigger starts the section that it stands in, and no other."""
    procedures = compiled(PROSE).graph.procedures
    assert [[t.kind for t in each.triggers] for each in procedures] == [[], ["event"], ["schedule"]]


def test_the_sole_trigger_starts_the_whole_document() -> None:
    """With one trigger there is one procedure, wherever the trigger stands."""
    prose = PROSE.partition("## Weekly report")[0]
    assert list(titles(prose)) == ["desk"]
    (procedure,) = compiled(prose).graph.procedures
    assert [trigger.kind for trigger in procedure.triggers] == ["event"]


def test_prose_without_instructions_is_one_empty_procedure() -> None:
    """A document that asks for nothing still makes a graph."""
    assert titles("# Notes\n\nThe sky was blue.\n") == {"desk": []}


def test_sections_of_the_same_name_get_ids_of_their_own() -> None:
    """Ids of procedures do not collide."""
    section = PROSE[PROSE.index("## New ticket") : PROSE.index("### Afterwards")]
    assert list(titles(f"# Desk\n\n{section}\n{section}")) == ["new-ticket", "new-ticket-2"]
