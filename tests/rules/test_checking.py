"""From flaws to findings: places, questions, the prose, and what stays the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sopc.checking import check_files
from sopc.diagnostics import (
    Finding,
    Prose,
    Report,
    concise,
    full,
    github,
    json_report,
    junit,
    sarif,
    statistics,
)
from sopc.graph.file import loads_graph
from sopc.organization import Organization, loads_organization
from sopc.rules import RULES, check_graph

HERE = Path(__file__).parent
GRAPH = """\
format: 1
id: welcome
title: Welcome
source: {path: welcome.md, sha256: 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a}
roles: [{id: assistant, name: assistant}]
systems: [{id: gmial, name: Gmial}]
procedures:
  - id: welcome
    title: Welcome
    triggers: [{id: asked, kind: request, says: on request, by: assistant}]
    steps:
      - id: send-email
        kind: action
        title: Send the welcome email
        citations: {title: {line: 3, column: 1, length: 22, quote: Send the welcome email}}
questions:
  - id: which-mailbox
    about: steps.send-email.system
    asks: Which mailbox is the welcome email sent from?
    passage: 0a1b2c3d4e5f
    field: step 1 system
"""
SHA = "0a" * 32
TEXT = "# Welcome\n\nSend the welcome email.\n"


def _findings(
    text: str, *, organization: Organization | None = None, prose: Prose | None = None
) -> list[Finding]:
    loaded = loads_graph(text)
    return check_graph(loaded, "g.sop.yaml", RULES, organization=organization, prose=prose).findings


def _by_rule(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.rule: finding for finding in findings}


def test_an_open_question_becomes_the_help_of_its_finding() -> None:
    """The question about the system stands with the finding about the system, and nowhere else."""
    found = _by_rule(_findings(GRAPH))
    question = (
        "`sopc ask g.sop.yaml` takes the answer to: Which mailbox is the welcome email sent from?"
    )
    assert question in found["action-without-system"].help
    assert question not in found["missing-deadline"].help


def test_prose_that_is_as_it_was_is_shown() -> None:
    """A finding points at the sentence with the citation's place."""
    found = _by_rule(_findings(GRAPH, prose=Prose("welcome.md", SHA, TEXT)))
    span = found["action-without-system"].prose
    assert span is not None
    assert (span.place.path, span.place.line, span.place.length) == ("welcome.md", 3, 22)


def test_prose_that_changed_is_not_shown() -> None:
    """Lines of another version of the prose would mislead."""
    found = _by_rule(_findings(GRAPH, prose=Prose("welcome.md", "0b" * 32, None)))
    assert "stale-graph" in found
    assert all(finding.prose is None for finding in found.values())


def test_fingerprints_stay_when_lines_move() -> None:
    """A comment above, or another step before, moves lines and changes no fingerprint."""
    moved = GRAPH.replace("procedures:", "# people wrote\n# a comment\nprocedures:")
    first, second = _findings(GRAPH), _findings(moved)
    assert [each.fingerprint for each in first] == [each.fingerprint for each in second]
    assert [each.primary.place for each in first] != [each.primary.place for each in second]
    assert len({each.fingerprint for each in first}) == len(first)


def test_names_are_looked_up_in_the_organization_file() -> None:
    """An unknown system is one finding with the nearest name; a known role is none."""
    organization = loads_organization(
        "name: Tidewater\n"
        "roles: [{id: office, name: Office, aliases: [Assistant]}]\n"
        "systems: [{id: gmail, name: Gmail}]\n"
    )
    found = [
        each for each in _findings(GRAPH, organization=organization) if each.code[:4] == "SOP2"
    ]
    assert [each.rule for each in found] == ["unknown-system", "action-without-system"]
    assert found[0].message == "`Tidewater` has no system `Gmial`"
    assert found[0].help == ("write `Gmail`, or add the system to the organization file",)


def test_the_organization_gives_time_zone_and_escalation() -> None:
    """What holds for the whole organization need not be said in each graph."""
    text = GRAPH.replace(
        "kind: request, says: on request, by: assistant",
        "kind: schedule, says: every Monday at 9, cron: 0 9 * * 1",
    ).replace("kind: action\n", "kind: action\n        system: gmial\n")
    without = {each.rule for each in _findings(text)}
    organization = loads_organization(
        "name: Tidewater\ntime_zone: Europe/Lisbon\n"
        "roles: [{id: boss, name: Boss}, {id: assistant, name: Assistant}]\n"
        "escalation: {to: boss}\n"
    )
    with_it = {each.rule for each in _findings(text, organization=organization)}
    assert without - with_it == {"schedule-without-time-zone", "no-escalation-path"}


def test_a_cron_expression_that_cannot_be_read_is_an_unmapped_trigger() -> None:
    """The finding stands on the expression itself."""
    text = GRAPH.replace(
        "kind: request, says: on request, by: assistant",
        "kind: schedule, says: every Monday, cron: 0 25 * * 1, time_zone: Europe/Lisbon",
    )
    found = _by_rule(_findings(text))["unmapped-trigger"]
    assert found.primary.at == ("procedures", 0, "triggers", 0, "cron")
    assert found.primary.place.length == len("0 25 * * 1")


def test_one_mistake_gives_one_finding() -> None:
    """A vague deadline is not also a missing one, and a nameless system not also one that fails."""
    vague = GRAPH.replace(
        "kind: action\n", "kind: action\n        deadlines: [{says: soon, vague: true}]\n"
    )
    rules = [each.rule for each in _findings(vague)]
    assert rules.count("vague-time") == 1
    assert "missing-deadline" not in rules
    assert "no-escalation-path" not in rules


@pytest.mark.parametrize(
    "write",
    [
        full,
        concise,
        json_report,
        github,
        lambda report: sarif(report, RULES),
        lambda report: junit(report, RULES),
        statistics,
    ],
    ids=["full", "concise", "json", "github", "sarif", "junit", "statistics"],
)
def test_two_runs_give_the_same_bytes(write: Callable[[Report], str]) -> None:
    """All failing examples together, in every format."""
    first, second = check_files([HERE]), check_files([HERE])
    assert write(first) == write(second)
    assert len(first.findings) >= len(RULES)


def test_every_finding_has_a_place_in_its_file() -> None:
    """There is no finding without something to click on."""
    report = check_files([HERE])
    for finding in report.findings:
        place = finding.primary.place
        line = report.texts[place.path].split("\n")[place.line - 1]
        marked = line[place.column - 1 : place.column - 1 + place.length]
        assert len(marked) == place.length > 0


FLOW = """\
format: 1
id: flow
title: Flow
inputs: [{name: names, type: list, items: string}]
roles: [{id: boss, name: boss}]
procedures:
  - id: flow
    title: Flow
    triggers: [{id: asked, kind: request, says: on request, by: boss}]
    deadlines: [{says: within 2 days, within: P2D}]
    steps:
"""


def _task(name: str, rest: str = "") -> str:
    return f"      - {{id: {name}, kind: human_task, title: Do {name}{rest}}}\n"


def test_of_a_lost_chain_of_steps_the_first_is_shown() -> None:
    """What follows from a step that is never reached is no mistake of its own."""
    text = FLOW + _task("a", ", next: end") + _task("b") + _task("c")
    assert [(each.rule, each.step) for each in _findings(text)] == [("unreachable-step", "b")]


def test_a_round_without_a_way_out_is_shown_as_a_path() -> None:
    """The steps before it are not stuck by themselves."""
    text = FLOW + _task("a") + _task("b") + _task("c", ", next: b")
    (found,) = _findings(text)
    assert (found.rule, found.step) == ("endless-loop", "b")
    assert found.message == "no way leads out of `b` -> `c` -> `b`"


def test_a_wrong_target_is_not_also_an_unreachable_step() -> None:
    """The step that was meant is lost only because of the slip of the pen."""
    text = FLOW + _task("a", ", next: bb") + _task("b")
    assert [each.rule for each in _findings(text)] == ["unknown-step"]


def test_the_element_of_a_list_may_be_named() -> None:
    """Its type is the list's; a name that is nowhere is an error with the nearest one."""
    each = ", for_each: {items: names, name: person}, when: [{says: x, cel: size(%s) > 3}]"
    assert _findings(FLOW + _task("a", each % "person")) == []
    (found,) = _findings(FLOW + _task("a", each % "persom"))
    assert found.rule == "unknown-name"
    assert "nothing gives `persom`" in found.message


def test_what_a_caller_hands_over_is_known_in_the_called_procedure() -> None:
    """Its type is not in the file, so expressions with it are left alone."""
    caller = (
        "      - {id: go, kind: call, title: Go, procedure: called, "
        "inputs: [{name: sum, value: 3}]}\n"
    )
    called = (
        "  - id: called\n    title: Called\n    deadlines: [{says: in a day, within: P1D}]\n"
        "    steps:\n" + _task("a", ", when: [{says: x, cel: %s > 2}]")
    )
    assert _findings(FLOW + caller + called % "sum") == []
    assert [each.rule for each in _findings(FLOW + caller + called % "som")] == ["unknown-name"]


@pytest.mark.parametrize(
    ("step", "rules"),
    [
        ("kind: human_task, delays: [{says: 3 days after, wait: P3D}]", []),
        ("kind: approval, delays: [{says: 3 days after, wait: P3D}]", ["SOP301", "SOP401"]),
        ("kind: wait, duration: PT4H", []),
        ("kind: wait, event: {id: e, kind: event, says: a reply}", ["SOP301", "SOP401"]),
        ("kind: wait", ["SOP301"]),
        ("kind: human_task, cadences: [{says: daily, every: P1D}]", ["SOP306"]),
        ("kind: human_task, deadlines: [{says: by the sprint}]", ["SOP302"]),
        (
            "kind: decision, branches: [{when: {says: x, cel: size(names) > 1}, then: end}]",
            ["SOP503"],
        ),
        ("kind: human_task, retry: {says: again}", ["SOP301", "SOP403"]),
    ],
)
def test_each_kind_of_step_needs_what_it_needs(step: str, rules: list[str]) -> None:
    """A delay makes a task due, but bounds no wait; only what can fail needs a way out."""
    head = FLOW.replace("    deadlines: [{says: within 2 days, within: P2D}]\n", "")
    text = f"{head}      - {{id: a, title: Do it, {step}}}\n"
    assert [each.code for each in _findings(text)] == rules
