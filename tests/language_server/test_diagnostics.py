"""What an editor is told: in the graph, in the prose, in settings, saved or not."""

import os

import pytest
from lsprotocol.types import (
    Diagnostic,
    DiagnosticSeverity,
    DiagnosticTag,
    Position,
    Range,
)

from language_server.conftest import CATALOGUE, PROSE, Desk, graph_of
from language_server.editor import spots
from sopc.language_server.action import FIX_ALL


def nothing(told: list[Diagnostic]) -> bool:
    """There is nothing to say."""
    return not told


def test_a_graph_s_findings_are_shown_in_it_and_in_its_prose(desk: Desk) -> None:
    """The prose is marked too, though it is not open, and counts an emoji as two."""
    graph, prose = desk.pair()
    desk.editor.open(graph)
    [in_graph] = desk.editor.codes(graph, "SOP302")
    [in_prose] = desk.editor.codes(prose, "SOP302")
    assert in_graph.range == spots(graph.read_text("utf-8"), "promptly")
    # `1. ` is 3, the emoji 2, a blank 1, `退款: ` 4, and the words up to there 51.
    assert in_prose.range == Range(Position(2, 61), Position(2, 69))
    assert in_prose.range == spots(PROSE, "promptly")
    assert in_graph.severity == in_prose.severity == DiagnosticSeverity.Warning
    assert in_graph.source == "sopc"
    first, *others = in_graph.message.split("\n")
    assert first == "`promptly` is no time that a clock can read"
    assert others == [
        "help: write a duration, as `within 2 business days`, or a time, as `by 17:00`"
    ]
    assert in_graph.data == in_prose.data
    assert isinstance(in_graph.data, str)
    [there] = in_graph.related_information or []
    [back] = in_prose.related_information or []
    assert (there.location.uri, there.location.range) == (prose.as_uri(), in_prose.range)
    assert there.message == "compiled from this sentence"
    assert (back.location.uri, back.location.range) == (graph.as_uri(), in_graph.range)


def test_open_prose_is_marked_by_the_graph_beside_it(desk: Desk) -> None:
    """The graph need not be open."""
    graph, prose = desk.pair()
    desk.editor.open(prose)
    [found] = desk.editor.codes(prose, "SOP302")
    assert found.range == spots(PROSE, "promptly")
    desk.editor.codes(graph, "SOP302")


def test_prose_without_a_graph_is_left_alone(desk: Desk) -> None:
    """A page that is no procedure has no findings, until a graph comes to stand beside it."""
    desk.only("vague-time")
    prose = desk.write("refunds.md", PROSE)
    desk.editor.open(prose)
    desk.editor.told(prose, nothing)
    desk.write("refunds.sop.yaml", graph_of(PROSE))
    desk.editor.save(prose)
    desk.editor.codes(prose, "SOP302")


def test_what_is_not_needed_is_greyed(desk: Desk) -> None:
    """An editor shows it as such by the tag of the protocol."""
    unused = desk.example("unused-suppression")
    desk.only("unused-suppression", "missing-deadline")
    desk.editor.open(unused)
    [found] = desk.editor.codes(unused, "SOP006")
    assert list(found.tags or []) == [DiagnosticTag.Unnecessary]


def test_unsaved_changes_of_the_graph_count(desk: Desk) -> None:
    """Mended in the editor, the findings are gone before the file is saved, in both files."""
    graph, prose = desk.pair()
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    desk.editor.codes(prose, "SOP302")
    desk.editor.change(graph, text.replace("vague: true", "within: 2 business days"))
    desk.editor.told(graph, nothing)
    desk.editor.told(prose, nothing)
    desk.editor.change(graph, text)
    desk.editor.codes(graph, "SOP302")
    desk.editor.codes(prose, "SOP302")


def test_unsaved_changes_of_the_prose_make_the_graph_stale(desk: Desk) -> None:
    """It is told at the top of the prose, and taken back when the words are as they were."""
    graph, prose = desk.pair()
    desk.only("vague-time", "stale-graph")
    desk.editor.open(prose)
    desk.editor.codes(prose, "SOP302")
    desk.editor.change(prose, PROSE.replace("promptly", "within 2 business days"))
    [stale] = desk.editor.codes(prose, "SOP001")
    assert stale.range == Range(Position(0, 0), Position(0, 0))
    assert [each.code for each in desk.editor.codes(graph, "SOP001", "SOP302")]
    desk.editor.change(prose, PROSE)
    desk.editor.codes(prose, "SOP302")


def test_line_ends_and_byte_order_marks_that_an_editor_drops_change_nothing(desk: Desk) -> None:
    """A Windows file whose text the editor shows in another form is not stale."""
    on_disk = "\ufeff" + PROSE.replace("\n", "\r\n")
    desk.only("vague-time", "stale-graph")
    prose = desk.write("refunds.md", on_disk)
    graph = desk.write("refunds.sop.yaml", graph_of(PROSE))
    # The hash is of the bytes, the places are those of the words.
    mended = graph.read_text("utf-8").replace(
        graph_of(PROSE).split("sha256: ")[1][:64], graph_of(on_disk).split("sha256: ")[1][:64]
    )
    graph.write_bytes(mended.encode())
    desk.editor.open(prose, PROSE)
    [found] = desk.editor.codes(prose, "SOP302")
    assert found.range == spots(PROSE, "promptly")


def test_broken_yaml_is_said_where_it_breaks(desk: Desk) -> None:
    """And as soon as it is whole again, the rules look again."""
    graph = desk.example("missing-deadline")
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    desk.editor.codes(graph, "SOP301")
    desk.editor.change(graph, text.replace("title: Refunds", "title: [🙂 Refunds"))
    [broken] = desk.editor.codes(graph, "SOP003")
    assert broken.severity == DiagnosticSeverity.Error
    assert broken.message.startswith("not valid YAML: ")
    desk.editor.change(graph, text.replace("kind: action", "kind: acton"))
    [unknown] = desk.editor.told(graph, lambda told: "acton" in told[0].message)
    assert unknown.range == spots(text.replace("kind: action", "kind: acton"), "acton")
    desk.editor.change(graph, text)
    desk.editor.codes(graph, "SOP301")


def test_closing_a_file_takes_back_what_was_said(desk: Desk) -> None:
    """The prose keeps its marks as long as it is open itself."""
    graph, prose = desk.pair()
    desk.editor.open(graph)
    desk.editor.open(prose)
    desk.editor.codes(graph, "SOP302")
    desk.editor.codes(prose, "SOP302")
    desk.editor.change(
        graph, graph.read_text("utf-8").replace("vague: true", "within: 2 business days")
    )
    desk.editor.told(graph, nothing)
    desk.editor.close(graph)
    desk.editor.codes(graph, "SOP302")
    desk.editor.close(prose)
    desk.editor.told(graph, nothing)
    desk.editor.told(prose, nothing)


def test_settings_are_judged_and_hold_while_they_are_unsaved(desk: Desk) -> None:
    """A mistake in `sopc.toml` is said there; a rule that it leaves out is silent at once."""
    graph = desk.example("missing-deadline")
    settings = desk.folder / "sopc.toml"
    desk.editor.open(graph)
    desk.editor.open(settings)
    desk.editor.codes(graph, "SOP301")
    desk.editor.told(settings, nothing)
    text = '[check]\nignore = ["SOP301"]\n'
    desk.editor.change(settings, text)
    desk.editor.told(graph, nothing)
    desk.editor.change(settings, text.replace("ignore", "ignored"))
    [wrong] = desk.editor.codes(settings, "SOP005")
    assert wrong.range == Range(Position(1, 0), Position(1, 7))


def test_a_baseline_that_is_missing_is_told_once(desk: Desk) -> None:
    """Nothing can be checked then, and no file shows why; the next good one is checked."""
    graph = desk.example("missing-deadline", "known.sop.yaml")
    desk.write("sopc.toml", '[check]\nbaseline = "none.json"\n')
    desk.editor.open(graph)
    [message] = desk.editor.messages(graph)
    assert message.startswith("known.sop.yaml could not be checked: cannot read baseline `")
    desk.editor.change(graph, graph.read_text("utf-8") + "\n")
    assert desk.editor.hover(graph, Position(0, 0)) == ""
    assert len(desk.editor.messages(graph)) == 1
    desk.only("missing-deadline")
    desk.editor.save(graph)
    desk.editor.codes(graph, "SOP301")


def test_the_organization_file_is_judged_and_holds_while_it_is_unsaved(desk: Desk) -> None:
    """A role that it does not know is a finding of the graph, as soon as it is typed."""
    desk.only("unknown-role")
    clean = (CATALOGUE / "missing-deadline" / "passes.sop.yaml").read_text(encoding="utf-8")
    graph = desk.write("refunds.sop.yaml", clean)
    organization = desk.write("organization.yaml", "name: Acme\n")
    desk.editor.open(graph)
    desk.editor.open(organization)
    desk.editor.told(graph, nothing)
    roles = "name: Acme\nroles:\n  - {id: support-manager, name: support manager}\n"
    desk.editor.change(organization, roles)
    [found] = desk.editor.codes(graph, "SOP203")
    assert "billing" in found.message
    desk.editor.change(organization, "name: Acme\nroles: [\n")
    [broken] = desk.editor.codes(organization, "SOP005")
    assert broken.severity == DiagnosticSeverity.Error


HOSTILE = [
    "",
    "format: 1\nid: a\u2028b\x0c\nid: c\n",
    "title: \ud83d\n",
    "[" * 5000,
    *(
        f"format: 1\nid: a\ntitle: a\nsource: {{path: {path}, sha256: {'0' * 64}}}\n"
        "procedures: [{id: a, title: a}]\n"
        for path in (r'"a\0b"', "/dev/zero", "n" * 5000, ".", "../" * 500)
    ),
]


def test_hostile_texts_are_findings_and_no_end(desk: Desk) -> None:
    """The server answers each of them, and a sound file after them."""
    graph = desk.example("missing-deadline")
    text = graph.read_text("utf-8")
    desk.write("sopc.toml", "")
    desk.editor.open(graph)
    for hostile in HOSTILE:
        desk.editor.change(graph, hostile)
        start = Position(0, 0)
        assert desk.editor.hover(graph, start) is not None
        assert desk.editor.actions(graph, Range(start, start), "quickfix", FIX_ALL) is not None
        assert desk.editor.symbols(graph) is not None
    desk.editor.change(graph, text)
    desk.editor.told(graph, lambda told: "SOP301" in [each.code for each in told])
    assert desk.editor.logged == []


def test_only_the_last_of_many_changes_counts(desk: Desk) -> None:
    """As when somebody types: what was looked at in between is told no more."""
    graph = desk.example("missing-deadline")
    text = graph.read_text("utf-8")
    desk.editor.open(graph)
    for length in range(0, len(text), 20):
        desk.editor.change(graph, text[:length])
    desk.editor.change(graph, text)
    [found] = desk.editor.codes(graph, "SOP301")
    assert found.range == spots(text, "Issue the refund in Stripe")


def test_a_file_that_is_deleted_ends_nothing(desk: Desk) -> None:
    """Prose that goes away is said in the graph; a graph that goes away takes its marks along."""
    graph, prose = desk.pair()
    desk.only("vague-time", "unreadable-source")
    desk.editor.open(graph)
    desk.editor.codes(prose, "SOP302")
    prose.unlink()
    desk.editor.save(graph)
    desk.editor.codes(graph, "SOP002", "SOP302")
    desk.editor.told(prose, nothing)
    graph.unlink()
    desk.editor.close(graph)
    desk.editor.told(graph, nothing)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_prose_behind_a_link_is_marked_where_the_editor_shows_it(desk: Desk) -> None:
    """The same file by another path is the same prose, whose unsaved text counts."""
    graph, prose = desk.pair()
    desk.only("vague-time", "stale-graph")
    link = desk.folder / "linked.md"
    link.symlink_to(prose)
    desk.editor.open(graph)
    desk.editor.open(link)
    [found] = desk.editor.codes(link, "SOP302")
    assert found.range == spots(PROSE, "promptly")
