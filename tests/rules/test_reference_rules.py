"""Edge cases of the rules about systems, roles and references, and what their fixes do."""

import shutil
import time
from pathlib import Path

import pytest

from rules.named_things import GRAPH, ORGANIZATION, TODAY, found_in, with_role
from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import Severity, applied
from sopc.graph.file import loads_graph
from sopc.organization import find_organization
from sopc.rules import check_graph
from sopc.rules.naming.nearest import Known
from sopc.rules.registry import chosen

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
    text = with_role("boss", "boss").replace("by: boss, to: boss", "by: bos, to: boss")
    (finding,) = found_in(text)
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
        with_role("boss", "boss")
        + steps
        + ("      - {id: last, kind: human_task, title: Do, next: step-1234-51514}\n")
    )
    nearest = f"step-1234-{1234 * 7919 % 10007}"
    text = text.replace("step-1234-51514", f"{nearest}x")
    (finding,) = [each for each in found_in(text) if each.rule == "unknown-step"]
    assert finding.help[0] == f"the nearest known step is `{nearest}`"


def test_an_unknown_name_is_replaced_wherever_it_is_used() -> None:
    """The fix renames the entry and all uses of its id."""
    (finding,) = found_in(with_role("finanse manager", "finanse-manager"))
    assert finding.rule == "unknown-role"
    assert finding.fix is not None
    mended, _ = applied(with_role("finanse manager", "finanse-manager"), [finding.fix])
    assert mended == with_role("finance manager", "finance-manager")


RETIRED = ORGANIZATION.replace(
    "systems: [{id: stripe, name: Stripe}]",
    "systems:\n"
    "  - {id: stripe, name: Stripe, status: retired, replaced_by: square}\n"
    "  - {id: square, name: Square, to: 2026-02-01, replaced_by: adyen}\n"
    "  - {id: adyen, name: Adyen, from: 2026-01-01}\n",
)


def test_the_successor_is_the_one_in_use() -> None:
    """What replaced the old system and was replaced itself is passed over."""
    (finding,) = found_in(with_role("boss", "boss"), RETIRED)
    assert finding.message == "system `Stripe` is out of use"
    assert finding.help == ("write `Adyen`, which took its place",)


def test_a_successor_that_is_listed_already_is_not_listed_twice() -> None:
    """The fix takes the old entry out and leaves the new one."""
    text = with_role("boss", "boss").replace(
        "  - {id: stripe, name: Stripe}\n",
        "  - {id: stripe, name: Stripe}\n  - {id: adyen, name: Adyen}\n",
    )
    (finding,) = found_in(text, RETIRED)
    assert finding.fix is not None
    mended, _ = applied(text, [finding.fix])
    assert "stripe" not in mended
    assert mended.count("id: adyen") == 1
    assert found_in(mended, RETIRED) == []


def test_a_system_without_a_successor_is_named_without_a_fix() -> None:
    """Nobody but people know where it is done now."""
    organization = ORGANIZATION.replace("name: Stripe}", "name: Stripe, to: 2026-03-01}")
    (finding,) = found_in(with_role("boss", "boss"), organization)
    assert finding.message == "system `Stripe` is out of use since its last day, 2026-03-01"
    assert finding.fix is None


def test_nothing_is_unbound_where_nothing_is_bound() -> None:
    """Before the first binding, every system is worked in by people."""
    assert found_in(with_role("boss", "boss")) == []


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
    text = with_role("boss", "boss").replace(
        "        system: stripe\n", f"        system: stripe\n        {fields}\n"
    )
    assert [each.rule for each in found_in(text, BOUND)] == expected


def test_what_an_unbound_system_cannot_do_is_a_warning() -> None:
    """A person does it meanwhile, so no run fails, and nobody needs all inputs."""
    organization = BOUND.replace("binding: {connector: mcp}, ", "")
    text = with_role("boss", "boss").replace(
        "system: stripe\n", "system: stripe\n        operation: refund_all\n"
    )
    (finding,) = found_in(text, organization)
    assert (finding.rule, finding.severity) == ("unknown-operation", Severity.WARNING)
    assert found_in(text.replace("refund_all", "create_refund"), organization) == []


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
    text = with_role("account manager", "one").replace(
        "systems:\n", f"  - {{id: other, name: {second}}}\nsystems:\n", 1
    )
    assert [each.rule for each in found_in(text, None)] == ["two-names"] * same


def test_an_alias_is_the_same_thing() -> None:
    """Two entries that the organization file knows as one are one, and the first stays."""
    organization = ORGANIZATION.replace(
        "    name: boss\n", "    name: boss\n    aliases: [chief]\n"
    )
    text = with_role("boss", "boss").replace(
        "systems:\n", "  - {id: chief, name: chief}\nsystems:\n", 1
    )
    text = text.replace("to: boss}", "to: chief}")
    (finding,) = found_in(text, organization)
    assert finding.message == "role `chief` is `boss` under another name"
    assert finding.fix is not None
    assert applied(text, [finding.fix])[0] == with_role("boss", "boss")


def test_roles_that_the_organization_tells_apart_are_two() -> None:
    """A manager and the managers may be different there."""
    organization = ORGANIZATION.replace(
        "  - id: boss\n", "  - {id: bosses, name: bosses}\n  - id: boss\n"
    )
    text = with_role("boss", "boss").replace(
        "systems:\n", "  - {id: bosses, name: bosses}\nsystems:\n", 1
    )
    assert found_in(text, organization) == []


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
    text = with_role("boss", "boss").replace(
        "kind: request, says: on request, by: boss",
        f"kind: schedule, says: daily, cron: 0 9 * * *, time_zone: {zone}",
    )
    (finding,) = found_in(text)
    assert (finding.rule, finding.help[0]) == ("unknown-time-zone", advice)


def test_a_template_that_many_steps_use_is_told_of_once() -> None:
    """The other steps stand beside it, and the fix mends them all."""
    organization = ORGANIZATION + "templates: [{name: refund-sent}, {name: Case form 7}]\n"
    step = "        system: stripe\n"
    text = with_role("boss", "boss").replace(step, f"{step}        template: refund-snt\n")
    text += text[text.index("      - id: issue-refund") :].replace("issue-refund", "again")
    (finding,) = found_in(text, organization)
    assert finding.rule == "unknown-template"
    assert len(finding.related) == 1
    assert finding.fix is not None
    assert found_in(applied(text, [finding.fix])[0], organization) == []
    assert found_in(text.replace("refund-snt", "Case"), organization) == []


def test_forms_are_known_as_systems_too() -> None:
    """A template that the organization file lists as a system is known."""
    organization = ORGANIZATION + "templates: [{name: refund-sent}]\n"
    text = with_role("boss", "boss").replace(
        "        system: stripe\n", "        system: stripe\n        template: Stripe\n"
    )
    assert found_in(text, organization) == []


def test_the_system_that_keeps_the_template_is_offered() -> None:
    """Only where the graph lists it; else it is told."""
    organization = ORGANIZATION + "templates: [{name: refund-sent, system: stripe}]\n"
    text = with_role("boss", "boss")
    nowhere = text.replace("        system: stripe\n", "        template: refund-sent\n")
    (finding,) = found_in(nowhere, organization)
    assert finding.rule == "action-without-system"
    assert finding.help == ("write `system: stripe`, which keeps template `refund-sent`",)
    assert finding.fix is not None
    assert found_in(applied(nowhere, [finding.fix])[0], organization) == []
    (finding,) = found_in(
        nowhere.replace("systems:\n  - {id: stripe, name: Stripe}\n", ""), organization
    )
    assert (finding.rule, finding.fix) == ("action-without-system", None)


def test_an_action_of_a_role_can_be_its_task_without_a_system() -> None:
    """It is an error only where nobody is asked, or where it would run alone."""
    text = with_role("boss", "boss").replace("        system: stripe\n", "")
    (finding,) = found_in(text)
    assert finding.severity is Severity.WARNING
    assert finding.notes == ("without one, it is a task of `boss`",)
    nobody = text.replace("        role: boss\n", "")
    (finding,) = found_in(nobody)
    assert (finding.severity, finding.notes) == (Severity.WARNING, ())
    title = nobody.partition("        title: ")[2].partition("\n")[0]
    (finding,) = found_in(nobody.replace(title, "The refund must be issued"))
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith("names neither a system nor who does it")
    tier = f"        title: {title}\n        tier: {{level: 1, reason: one operation}}\n"
    (finding,) = found_in(text.replace(f"        title: {title}\n", tier))
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith("names no system, and would run alone")


def test_a_procedure_is_not_told_to_call_itself() -> None:
    """Whatever its id looks like; it would never end."""
    call = "- {id: go, kind: call, title: Follow the refund rules, procedure: refunds}\n"
    (finding,) = found_in(GRAPH.replace("ROLE", "boss").replace("NAME", "boss") + f"      {call}")
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
