"""What an editor can ask: rules and words on hover, fixes, acceptance, where things stand."""

from lsprotocol.types import CodeActionKind, Position, Range

from language_server.conftest import PROSE, Desk, graph_of
from language_server.editor import changed, edits_of, spots
from sopc.graph.file import loads_graph
from sopc.language_server.action import FIX_ALL


def test_hovering_over_a_finding_explains_its_rule(desk: Desk) -> None:
    """In the graph with the passage that the field cites."""
    graph, _ = desk.pair()
    desk.editor.open(graph)
    desk.editor.codes(graph, "SOP302")
    shown = desk.editor.hover(graph, spots(graph.read_text("utf-8"), "promptly").start)
    assert shown.startswith("**vague-time** (SOP302): A time that no clock can read.")
    assert "## Why it matters" in shown
    passage = "🙂 退款: the billing specialist issues the refund in Stripe promptly."
    assert f"line 3 of the prose:\n\n```text\n{passage}\n```" in shown


def test_hovering_over_a_field_shows_its_words(desk: Desk) -> None:
    """Where nothing is wrong as well; where nothing is cited, there is nothing to show."""
    graph, prose = desk.pair()
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    desk.editor.codes(graph, "SOP302")
    shown = desk.editor.hover(graph, spots(text, "kind: action").start)
    assert shown.startswith("line 3 of the prose:\n\n```text\n🙂 退款: the billing specialist")
    assert desk.editor.hover(graph, spots(text, "ticket-tagged").start) == ""
    desk.editor.open(prose)
    desk.editor.change(prose, "All new.\n")
    desk.editor.told(prose, lambda told: not told)
    shown = desk.editor.hover(graph, spots(text, "kind: action").start)
    assert shown == (
        "line 3 of the prose, as it was when the graph was compiled:"
        "\n\n```text\nissues the refund in Stripe\n```"
    )


def test_hovering_over_prose_shows_the_steps_of_it(desk: Desk) -> None:
    """With who, where and by when; words that no step cites say nothing."""
    graph, prose = desk.pair()
    desk.editor.open(prose)
    desk.editor.codes(graph, "SOP302")
    shown = desk.editor.hover(prose, spots(PROSE, "refund in").start)
    assert shown == (
        "**Issue the refund in Stripe** (step `issue-refund`)\n\n"
        "- billing specialist\n- Stripe\n- “promptly”"
    )
    assert desk.editor.hover(prose, spots(PROSE, "Refunds").start) == ""


def test_prose_is_shown_verbatim(desk: Desk) -> None:
    """Markdown in it takes no effect: no picture is fetched, no fence is closed."""
    sly = PROSE.replace("🙂", "``` ![a](https://example.org/a.png)")
    graph, _ = desk.pair()
    desk.write("refunds.md", sly)
    graph.write_text(graph_of(sly), "utf-8")
    desk.editor.open(graph)
    desk.editor.codes(graph, "SOP302")
    shown = desk.editor.hover(graph, spots(graph.read_text("utf-8"), "kind: action").start)
    assert shown.startswith("line 3 of the prose:\n\n````text\n``` ![a](https://example.org/a.png)")
    assert shown.endswith("promptly.\n````")


def test_a_field_leads_to_its_words_and_words_lead_to_their_step(desk: Desk) -> None:
    """Go to definition, both ways."""
    graph, prose = desk.pair()
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    desk.editor.open(prose)
    desk.editor.codes(prose, "SOP302")
    [there] = desk.editor.definitions(graph, spots(text, "says: promptly").start)
    assert (there.uri, there.range) == (prose.as_uri(), spots(PROSE, "promptly"))
    [back] = desk.editor.definitions(prose, spots(PROSE, "issues the").start)
    assert (back.uri, back.range) == (graph.as_uri(), spots(text, "Issue the refund in Stripe"))
    assert desk.editor.definitions(prose, Position(0, 3)) == []


def test_a_fix_mends_the_finding_and_nothing_else(desk: Desk) -> None:
    """Applied by the editor, the graph loads and the finding is gone."""
    graph = desk.example("unused-suppression")
    desk.only("unused-suppression", "missing-deadline")
    text = "# 🙂 退款\n" + graph.read_text("utf-8")
    desk.editor.open(graph, text)
    [found] = desk.editor.codes(graph, "SOP006")
    fix, *others = desk.editor.actions(graph, found.range)
    assert others == []
    assert (fix.kind, fix.is_preferred) == (CodeActionKind.QuickFix, True)
    assert fix.title == "remove the suppression (unused-suppression)"
    assert [each.code for each in fix.diagnostics or []] == ["SOP006"]
    after = changed(text, edits_of(fix, graph))
    assert loads_graph(after).graph.suppressions == ()
    desk.editor.change(graph, after)
    desk.editor.told(graph, lambda told: not told)


def test_a_guess_is_offered_but_not_preferred(desk: Desk) -> None:
    """It says that it is one, and is no part of fixing all."""
    graph = desk.example("unknown-step")
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    told = desk.editor.told(graph, bool)
    offered = [each for each in desk.editor.actions(graph, told[0].range) if not each.is_preferred]
    assert offered[0].title.endswith("(unknown-step), which is a guess")
    whole = Range(Position(0, 0), Position(text.count("\n"), 0))
    assert desk.editor.actions(graph, whole, FIX_ALL) == []


def test_all_safe_fixes_are_one_action(desk: Desk) -> None:
    """Only for an editor that asks for it, as when it saves."""
    graph = desk.example("unused-suppression")
    desk.only("unused-suppression", "missing-deadline")
    text = graph.read_text("utf-8") + (
        "  - rule: missing-deadline\n    step: another\n    reason: none\n"
    )
    desk.editor.open(graph, text)
    desk.editor.codes(graph, "SOP006", "SOP006")
    whole = Range(Position(0, 0), Position(0, 0))
    assert desk.editor.actions(graph, whole) == []
    [everything] = desk.editor.actions(graph, whole, CodeActionKind.SourceFixAll.value)
    assert everything.kind == FIX_ALL
    after = changed(text, edits_of(everything, graph))
    assert loads_graph(after).graph.suppressions == ()


def test_accepting_a_finding_asks_for_a_reason(desk: Desk) -> None:
    """The finding gives way to one about the reason, until somebody writes it."""
    graph = desk.example("missing-deadline")
    desk.only("missing-deadline", "unreasoned-suppression", "unused-suppression")
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    [found] = desk.editor.codes(graph, "SOP301")
    [accept] = desk.editor.actions(graph, found.range, CodeActionKind.QuickFix.value)
    assert accept.title == "accept missing-deadline here, and write the reason"
    after = changed(text, edits_of(accept, graph))
    assert after == text + (
        "suppressions:\n  - rule: missing-deadline\n    step: issue-refund\n    reason:\n"
    )
    desk.editor.change(graph, after)
    desk.editor.codes(graph, "SOP007")
    desk.editor.change(graph, after.replace("reason:", "reason: nobody waits for it"))
    desk.editor.told(graph, lambda told: not told)


def test_accepting_in_the_prose_changes_the_graph(desk: Desk) -> None:
    """The prose itself is left alone."""
    graph, prose = desk.pair()
    desk.editor.open(prose)
    [found] = desk.editor.codes(prose, "SOP302")
    [accept] = desk.editor.actions(prose, found.range)
    after = changed(graph.read_text("utf-8"), edits_of(accept, graph))
    [entry] = loads_graph(after).graph.suppressions
    assert (entry.rule, entry.step, entry.reason) == ("vague-time", "issue-refund", None)


def test_the_outline_is_of_procedures_and_steps(desk: Desk) -> None:
    """Each with its title to jump to."""
    graph = desk.example("missing-deadline")
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    desk.editor.codes(graph, "SOP301")
    [procedure] = desk.editor.symbols(graph)
    [step] = procedure.children or []
    assert (procedure.name, procedure.detail) == ("Refund", "refund")
    assert (step.name, step.detail) == ("Issue the refund in Stripe", "issue-refund")
    assert step.selection_range == spots(text, "Issue the refund in Stripe")
    assert procedure.range.start == spots(text, "id: refund\n").start
