"""Edge cases of the rules about systems, roles and references, and what their fixes do."""

import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import Confidence, Finding, Severity, applied
from sopc.graph.file import loads_graph
from sopc.organization import Organization, find_organization, loads_organization
from sopc.rules import check_graph
from sopc.rules.naming.nearest import Known
from sopc.rules.registry import chosen

RULES = chosen(("SOP1", "SOP2"))
TODAY = date(2026, 3, 2)
CATALOGUE = Path(__file__).parent / "catalogue"
FIXABLE = (
    "unknown-system",
    "unknown-role",
    "unknown-step",
    "unknown-procedure",
    "unknown-template",
    "unknown-time-zone",
    "person-as-role",
    "departed-person",
    "retired-system",
    "unknown-operation",
    "wrong-inputs",
    "two-names",
)
GRAPH = """\
format: 1
id: refunds
title: Refunds
roles:
  - {id: ROLE, name: NAME}
systems:
  - {id: stripe, name: Stripe}
procedures:
  - id: refund
    title: Refund
    triggers:
      - {id: asked, kind: request, says: on request, by: ROLE}
    deadlines: [{says: within 2 days, within: P2D}]
    steps:
      - id: issue-refund
        kind: action
        title: Issue the refund
        system: stripe
        role: ROLE
        escalation: [{says: tell the boss, by: ROLE, to: ROLE}]
"""
ORGANIZATION = """\
name: Tidewater
roles:
  - id: finance-manager
    name: finance manager
    holders:
      - {name: Grace Okafor, email: grace@tidewater.example, to: 2026-01-31}
      - {name: Ana Ruiz, from: 2026-02-01}
  - id: boss
    name: boss
    holders:
      - {name: Grace Lin}
      - {name: Bo Chen, from: 2026-04-01}
systems: [{id: stripe, name: Stripe}]
"""


def _found(
    text: str, organization: str | None = ORGANIZATION, family: str = "SOP2"
) -> list[Finding]:
    """Let all rules look, and give what those of a family say."""
    known = loads_organization(organization) if organization else None
    findings = _all(text, known)
    return [each for each in findings if each.code.startswith(family)]


def _all(text: str, organization: Organization | None) -> list[Finding]:
    loaded = loads_graph(text)
    return check_graph(
        loaded, "refunds.sop.yaml", RULES, organization=organization, today=TODAY
    ).findings


def _with_role(name: str, identity: str = "someone") -> str:
    return GRAPH.replace("NAME", name).replace("ROLE", identity)


@pytest.mark.parametrize("name", FIXABLE)
def test_a_fix_takes_its_finding_away_and_brings_no_other(name: str, tmp_path: Path) -> None:
    """The failing example, mended, is clean for every rule."""
    kind = CATALOGUE / name / "fails"
    source = kind / "refunds.sop.yaml" if kind.is_dir() else kind.with_name("fails.sop.yaml")
    text = source.read_text(encoding="utf-8")
    options = CheckOptions(today=TODAY)
    (finding,) = check_files([source], options).findings
    assert finding.fix is not None
    assert not finding.fix.safe
    mended, done = applied(text, [finding.fix])
    assert done == [finding.fix]
    (tmp_path / "refunds.sop.yaml").write_text(mended, encoding="utf-8")
    known = find_organization(source)
    if known is not None:
        shutil.copy(known, tmp_path)
    assert check_files([tmp_path / "refunds.sop.yaml"], options).findings == ()


def test_a_role_that_a_rung_names_has_to_be_listed() -> None:
    """Who escalates counts as who is turned to does."""
    text = _with_role("boss", "boss").replace("by: boss, to: boss", "by: bos, to: boss")
    (finding,) = _found(text)
    assert finding.message == "role `bos` is not among the graph's roles"
    assert finding.primary.at[-1] == "by"
    assert finding.fix is not None
    assert finding.fix.title == "write `boss`"


def test_the_nearest_of_many_names_is_found() -> None:
    """With thousands of steps, only those that share letters are compared."""
    steps = "".join(
        f"      - {{id: step-{number}-{number * 7919 % 10007}, kind: human_task, title: Do}}\n"
        for number in range(3000)
    )
    text = (
        _with_role("boss", "boss")
        + steps
        + ("      - {id: last, kind: human_task, title: Do, next: step-1234-51514}\n")
    )
    nearest = f"step-1234-{1234 * 7919 % 10007}"
    text = text.replace("step-1234-51514", f"{nearest}x")
    (finding,) = [each for each in _found(text) if each.rule == "unknown-step"]
    assert finding.help[0] == f"the nearest known step is `{nearest}`"


def test_an_unknown_name_is_replaced_wherever_it_is_used() -> None:
    """The fix renames the entry and all uses of its id."""
    (finding,) = _found(_with_role("finanse manager", "finanse-manager"))
    assert finding.rule == "unknown-role"
    assert finding.fix is not None
    mended, _ = applied(_with_role("finanse manager", "finanse-manager"), [finding.fix])
    assert mended == _with_role("finance manager", "finance-manager")


@pytest.mark.parametrize(
    ("name", "confidence"),
    [
        ("Ana Ruiz", Confidence.HIGH),
        ("ana ruiz", Confidence.HIGH),
        ("Ana", Confidence.MEDIUM),
        ("Ruiz", Confidence.MEDIUM),
        ("Dr. Weber", Confidence.MEDIUM),
    ],
)
def test_a_person_is_no_role_and_nothing_else_is_said(name: str, confidence: Confidence) -> None:
    """A name that is one person's, or begins with a title, is not an unknown role as well."""
    (finding,) = _found(_with_role(f'"{name}"'))
    assert (finding.rule, finding.confidence) == ("person-as-role", confidence)


@pytest.mark.parametrize("name", ["ana", "Grace", "Anna", "Drive owner", "ruiz team"])
def test_what_is_no_one_persons_name_is_an_unknown_role(name: str) -> None:
    """Words in lower case, names that several have and names that nobody has are not guessed at."""
    (finding,) = _found(_with_role(name))
    assert finding.rule == "unknown-role"


def test_without_an_organization_only_a_title_shows_a_person() -> None:
    """Roles are written with capitals, too."""
    assert _found(_with_role("Senior Accountant"), None) == []
    (finding,) = _found(_with_role("Mrs. Okafor"), None)
    assert finding.rule == "person-as-role"
    assert finding.fix is None


def test_somebody_who_comes_later_has_no_role_to_write() -> None:
    """There is nothing to replace the name with."""
    (finding,) = _found(_with_role("Bo Chen"))
    assert (finding.rule, finding.fix) == ("person-as-role", None)
    assert finding.help == ("write the role in which the person does this",)


def test_somebody_who_left_is_told_of_once_with_the_date() -> None:
    """The role is told of, and neither its uses nor the words that name the person."""
    text = _with_role("Grace Okafor").replace("tell the boss", "tell Grace Okafor")
    (finding,) = _found(text)
    assert (finding.rule, finding.severity) == ("departed-person", Severity.ERROR)
    assert finding.message == "`Grace Okafor` has left: the last day in a role was 2026-01-31"
    assert finding.help == ("write the role, `finance manager`, which Ana Ruiz now holds",)
    assert [span.at[-1] for span in finding.related] == ["by", "by", "to", "role"]


def test_somebody_who_left_is_found_in_words() -> None:
    """A whole name in a title or an escalation is a warning, once, with the other places."""
    text = _with_role("boss", "boss").replace("Issue the refund", "Send it to Grace Okafor's desk")
    nobody = text.replace("tell the boss, by: boss, to: boss", "tell Grace Okafor, by: boss")
    (finding,) = _found(nobody)
    assert (finding.rule, finding.severity) == ("departed-person", Severity.WARNING)
    assert finding.primary.at[-1] == "title"
    assert [span.at[-1] for span in finding.related] == ["says"]
    assert finding.fix is None
    (finding,) = _found(text.replace("tell the boss", "tell Grace Okafor"))
    assert finding.related == ()


def test_an_owner_who_left_is_found() -> None:
    """The fix writes the role into the owner's place."""
    text = _with_role("boss", "boss").replace(
        "title: Refunds\n", "title: Refunds\nowner: Grace Okafor\n"
    )
    (finding,) = _found(text)
    assert finding.primary.at == ("owner",)
    assert finding.fix is not None
    assert "owner: finance manager\n" in applied(text, [finding.fix])[0]


def test_the_last_day_is_still_a_day_of_work() -> None:
    """Somebody whose last day is today has not left yet."""
    organization = ORGANIZATION.replace("2026-01-31", "2026-03-02")
    (finding,) = _found(_with_role("Grace Okafor"), organization)
    assert finding.rule == "person-as-role"


RETIRED = ORGANIZATION.replace(
    "systems: [{id: stripe, name: Stripe}]",
    "systems:\n"
    "  - {id: stripe, name: Stripe, status: retired, replaced_by: square}\n"
    "  - {id: square, name: Square, to: 2026-02-01, replaced_by: adyen}\n"
    "  - {id: adyen, name: Adyen, from: 2026-01-01}\n",
)


def test_the_successor_is_the_one_in_use() -> None:
    """What replaced the old system and was replaced itself is passed over."""
    (finding,) = _found(_with_role("boss", "boss"), RETIRED)
    assert finding.message == "system `Stripe` is out of use"
    assert finding.help == ("write `Adyen`, which took its place",)


def test_a_successor_that_is_listed_already_is_not_listed_twice() -> None:
    """The fix takes the old entry out and leaves the new one."""
    text = _with_role("boss", "boss").replace(
        "  - {id: stripe, name: Stripe}\n",
        "  - {id: stripe, name: Stripe}\n  - {id: adyen, name: Adyen}\n",
    )
    (finding,) = _found(text, RETIRED)
    assert finding.fix is not None
    mended, _ = applied(text, [finding.fix])
    assert "stripe" not in mended
    assert mended.count("id: adyen") == 1
    assert _found(mended, RETIRED) == []


def test_a_system_without_a_successor_is_named_without_a_fix() -> None:
    """Nobody but people know where it is done now."""
    organization = ORGANIZATION.replace("name: Stripe}", "name: Stripe, to: 2026-03-01}")
    (finding,) = _found(_with_role("boss", "boss"), organization)
    assert finding.message == "system `Stripe` is out of use since its last day, 2026-03-01"
    assert finding.fix is None


def test_nothing_is_unbound_where_nothing_is_bound() -> None:
    """Before the first binding, every system is worked in by people."""
    assert _found(_with_role("boss", "boss")) == []


BOUND = ORGANIZATION.replace(
    "name: Stripe}",
    "name: Stripe, binding: {connector: mcp}, operations: ["
    "{name: create_refund, inputs: [{name: charge, type: string}, "
    "{name: note, type: string, required: false}]}]}",
)


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("operation: create_refund, inputs: [{name: charge, value: x}]", []),
        ("operation: notify", []),
        ("operation: create_refund", ["wrong-inputs"]),
        ("operation: create_refund, inputs: [{name: charg, value: x}]", ["wrong-inputs"]),
        (
            "operation: create_refund, inputs: [{name: zip, value: x}]",
            ["wrong-inputs", "wrong-inputs"],
        ),
        ("operation: create-refund, inputs: [{name: zip, value: x}]", ["unknown-operation"]),
    ],
)
def test_operations_and_inputs_are_compared_with_the_systems(
    added: str, expected: list[str]
) -> None:
    """A slip in an input is not a missing one as well, nor are inputs of an unknown operation."""
    fields = added.replace(", inputs", "\n        inputs")
    text = _with_role("boss", "boss").replace(
        "        system: stripe\n", f"        system: stripe\n        {fields}\n"
    )
    assert [each.rule for each in _found(text, BOUND)] == expected


def test_what_an_unbound_system_cannot_do_is_a_warning() -> None:
    """A person does it meanwhile, so no run fails, and nobody needs all inputs."""
    organization = BOUND.replace("binding: {connector: mcp}, ", "")
    text = _with_role("boss", "boss").replace(
        "system: stripe\n", "system: stripe\n        operation: refund_all\n"
    )
    (finding,) = _found(text, organization)
    assert (finding.rule, finding.severity) == ("unknown-operation", Severity.WARNING)
    assert _found(text.replace("refund_all", "create_refund"), organization) == []


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ("Account Managers", True),
        ("the account-manager", True),
        ("our account manager", True),
        ("account manager 2", False),
        ("count manager", False),
        ("accounts manager", False),
    ],
)
def test_names_that_differ_in_form_alone_are_one(second: str, same: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Case, marks, an article and a plural make no other role; another word does."""
    text = _with_role("account manager", "one").replace(
        "systems:\n", f"  - {{id: other, name: {second}}}\nsystems:\n", 1
    )
    assert [each.rule for each in _found(text, None)] == ["two-names"] * same


def test_an_alias_is_the_same_thing() -> None:
    """Two entries that the organization file knows as one are one, and the first stays."""
    organization = ORGANIZATION.replace(
        "    name: boss\n", "    name: boss\n    aliases: [chief]\n"
    )
    text = _with_role("boss", "boss").replace(
        "systems:\n", "  - {id: chief, name: chief}\nsystems:\n", 1
    )
    text = text.replace("to: boss}", "to: chief}")
    (finding,) = _found(text, organization)
    assert finding.message == "role `chief` is `boss` under another name"
    assert finding.fix is not None
    assert applied(text, [finding.fix])[0] == _with_role("boss", "boss")


def test_roles_that_the_organization_tells_apart_are_two() -> None:
    """A manager and the managers may be different there."""
    organization = ORGANIZATION.replace(
        "  - id: boss\n", "  - {id: bosses, name: bosses}\n  - id: boss\n"
    )
    text = _with_role("boss", "boss").replace(
        "systems:\n", "  - {id: bosses, name: bosses}\nsystems:\n", 1
    )
    assert _found(text, organization) == []


@pytest.mark.parametrize(
    ("zone", "advice"),
    [
        ("Chicago", "write `America/Chicago`"),
        ("new york", "write `America/New_York`"),
        ("Europe/Berln", "write `Europe/Berlin`"),
        ("CST", "write an IANA time zone, as `Europe/Berlin` or `America/Chicago`"),
    ],
)
def test_a_time_zone_is_guessed_from_its_city(zone: str, advice: str) -> None:
    """Abbreviations are not guessed, for they mean several."""
    text = _with_role("boss", "boss").replace(
        "kind: request, says: on request, by: boss",
        f"kind: schedule, says: daily, cron: 0 9 * * *, time_zone: {zone}",
    )
    (finding,) = _found(text)
    assert (finding.rule, finding.help[0]) == ("unknown-time-zone", advice)


def test_a_template_that_many_steps_use_is_told_of_once() -> None:
    """The other steps stand beside it, and the fix mends them all."""
    organization = ORGANIZATION + "templates: [{name: refund-sent}, {name: Case form 7}]\n"
    step = "        system: stripe\n"
    text = _with_role("boss", "boss").replace(step, f"{step}        template: refund-snt\n")
    text += text[text.index("      - id: issue-refund") :].replace("issue-refund", "again")
    (finding,) = _found(text, organization)
    assert finding.rule == "unknown-template"
    assert len(finding.related) == 1
    assert finding.fix is not None
    assert _found(applied(text, [finding.fix])[0], organization) == []
    assert _found(text.replace("refund-snt", "Case"), organization) == []


def test_forms_are_known_as_systems_too() -> None:
    """A template that the organization file lists as a system is known."""
    organization = ORGANIZATION + "templates: [{name: refund-sent}]\n"
    text = _with_role("boss", "boss").replace(
        "        system: stripe\n", "        system: stripe\n        template: Stripe\n"
    )
    assert _found(text, organization) == []


def test_the_system_that_keeps_the_template_is_offered() -> None:
    """Only where the graph lists it; else it is told."""
    organization = ORGANIZATION + "templates: [{name: refund-sent, system: stripe}]\n"
    text = _with_role("boss", "boss")
    nowhere = text.replace("        system: stripe\n", "        template: refund-sent\n")
    (finding,) = _found(nowhere, organization)
    assert finding.rule == "action-without-system"
    assert finding.help == ("write `system: stripe`, which keeps template `refund-sent`",)
    assert finding.fix is not None
    assert _found(applied(nowhere, [finding.fix])[0], organization) == []
    (finding,) = _found(
        nowhere.replace("systems:\n  - {id: stripe, name: Stripe}\n", ""), organization
    )
    assert (finding.rule, finding.fix) == ("action-without-system", None)


def test_an_action_of_a_role_can_be_its_task_without_a_system() -> None:
    """It is an error only where nobody is asked, or where it would run alone."""
    text = _with_role("boss", "boss").replace("        system: stripe\n", "")
    (finding,) = _found(text)
    assert finding.severity is Severity.WARNING
    assert finding.notes == ("without one, it is a task of `boss`",)
    nobody = text.replace("        role: boss\n", "")
    (finding,) = _found(nobody)
    assert (finding.severity, finding.notes) == (Severity.WARNING, ())
    title = nobody.partition("        title: ")[2].partition("\n")[0]
    (finding,) = _found(nobody.replace(title, "The refund must be issued"))
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith("names neither a system nor who does it")
    tier = f"        title: {title}\n        tier: {{level: 1, reason: one operation}}\n"
    (finding,) = _found(text.replace(f"        title: {title}\n", tier))
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith("names no system, and would run alone")


def test_a_procedure_is_not_told_to_call_itself() -> None:
    """Whatever its id looks like; it would never end."""
    call = "- {id: go, kind: call, title: Follow the refund rules, procedure: refunds}\n"
    (finding,) = _found(GRAPH.replace("ROLE", "boss").replace("NAME", "boss") + f"      {call}")
    assert finding.rule == "unknown-procedure"
    assert finding.fix is None
    assert finding.help == ("name the `file` of the procedure that it stands in",)


def test_thousands_of_wrong_time_zones_are_looked_up_at_once() -> None:
    """The database of time zones is read once, not once for each."""
    triggers = "".join(
        f"      - {{id: at-{n}, kind: schedule, says: s, cron: 0 9 * * *, time_zone: Chicago}}\n"
        for n in range(500)
    )
    head = GRAPH.replace("ROLE", "boss").replace("NAME", "boss")
    begun = time.perf_counter()
    found = check_graph(
        loads_graph(head.replace("    triggers:\n", f"    triggers:\n{triggers}")),
        "g.sop.yaml",
        chosen(("unknown-time-zone",)),
    ).findings
    assert {each.help for each in found} == {("write `America/Chicago`",)}
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("acount manager", "account manager"),
        ("account-manger", "account-manager"),
        ("manager", "support manager"),
        ("the account managers", "account manager"),
        ("hr manager", None),
        ("hiring manager", None),
        ("accounting manager", "account manager"),
    ],
)
def test_a_word_that_names_share_does_not_make_them_alike(name: str, near: str | None) -> None:
    """What is left without it has to be alike as well."""
    choices = ["support manager", "finance manager", "account manager", "account-manager"]
    assert Known(choices, kind="role").nearest(name) == near
