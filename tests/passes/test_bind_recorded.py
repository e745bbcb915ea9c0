"""What the real embedded model chooses where rules do not tell, played from a cassette."""

from cassettes import ModelCassette
from passes.scripted_gateway import document_of
from sopc.graph import ActionStep, Tier
from sopc.organization import loads_organization
from sopc_compiler.answers import Answer, Answers
from sopc_compiler.compilation import Compilation, compile_document
from sopc_compiler.llm import Gateway, resolve_settings
from sopc_compiler.read.document import passage_hash

PROSE = """\
# New clients

This procedure starts when a deal is won in HubSpot.

1. The coordinator creates a contact in HubSpot with the source `referral`.
2. The coordinator informs the sales team in Slack.
"""
ORGANIZATION = """\
name: Tidewater
systems:
  - id: hubspot
    name: HubSpot
    binding: {connector: http, settings: {url: "https://crm.example"}}
    operations:
      - name: create_contact
        inputs:
          - {name: name, type: string, description: what the contact is called}
          - {name: email, type: string}
          - {name: source, type: string, description: where the contact comes from}
          - {name: deal, type: string}
      - name: close_deal
        inputs: [{name: deal, type: string}]
  - id: slack
    name: Slack
    binding: {connector: mcp, settings: {url: "https://slack.example/mcp"}}
    operations:
      - name: post_message
        description: write a message to people
        inputs: [{name: text, type: string}]
      - name: archive_channel
        description: put a channel away for good
        inputs: [{name: channel, type: string}]
"""
PAYLOAD = "deal string, client_name string, client_email string, fee money USD"


def compiled() -> Compilation:
    document = document_of(PROSE)
    (trigger,) = (each for each in document.passages if "starts" in each.text)
    payload = Answer(
        id="payload", passage=passage_hash(trigger), field="trigger 1 payload", value=PAYLOAD
    )
    with Gateway(resolve_settings()) as gateway:
        return compile_document(
            document,
            gateway=gateway,
            organization=loads_organization(ORGANIZATION),
            answers=Answers((payload,)),
            source_path="clients.md",
            graph_id="clients",
        )


def test_the_model_chooses_what_rules_leave_open(model_cassette: ModelCassette) -> None:
    """Values go where they belong, a literal is the passage's own, and nothing is confirmed."""
    with model_cassette("bind"):
        graph = compiled().graph
    create, inform = graph.procedures[0].steps
    assert isinstance(create, ActionStep)
    assert isinstance(inform, ActionStep)
    assert (create.operation, inform.operation) == ("create_contact", "post_message")
    given = {each.name: each.cel or each.value for each in create.inputs}
    assert given["name"] == "client_name"
    assert given["email"] == "client_email"
    assert given["deal"] == "deal"
    assert "referral" in str(given["source"])
    assert str(given["source"]) in PROSE.replace("`", "")
    for step in (create, inform):
        assert step.tier is not None
        assert step.tier.level is Tier.PREPARED
    asked = [each.field for each in graph.questions if each.field.endswith("binding")]
    assert asked == ["step 1 binding", "step 1 binding"]
    assert graph.made is not None
    assert graph.made.prompts.keys() == {"extract", "bind"}
