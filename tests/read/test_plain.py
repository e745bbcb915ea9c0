"""Plain text becomes passages by its form: underlines, capitals, numbers, indentation."""

from sopc_compiler.read.document import Passage
from sopc_compiler.read.reader import PLAIN, read_text


def passages(text: str) -> tuple[Passage, ...]:
    return read_text(text, name="x.txt", media_type=PLAIN).passages


def headings(text: str) -> list[tuple[str, int]]:
    return [(p.text, p.level) for p in passages(text) if p.kind == "heading"]


def items(text: str) -> list[tuple[str, str | None, int | None, int]]:
    return [(p.text, p.marker, p.parent, p.level) for p in passages(text) if p.kind == "item"]


def test_lines_that_stand_out_are_headings() -> None:
    """Underlined, capital, numbered and labelling lines head what follows; sentences do not."""
    text = (
        "Refunds\n=======\n\nDetails\n-------\nText.\n\nREFUND POLICY\n\n1. Purpose and Scope\n\n"
        "Why.\n\n2. Steps to Take\n\nApprovals:\n- Ann\n\nDO NOT SHIP THE GOODS.\n"
    )
    assert headings(text) == [
        ("Refunds", 1),
        ("Details", 2),
        ("REFUND POLICY", 2),
        ("1. Purpose and Scope", 3),
        ("2. Steps to Take", 3),
        ("Approvals:", 4),
    ]


def test_numbered_steps_are_items_not_headings() -> None:
    """A list goes on from number to number, also with blank lines and capitals."""
    text = "Please do all of this:\n\n1. Check Order\n\n2. Call Ann\n   at home\n\n3. Close it\n"
    assert items(text) == [
        ("Check Order", "1.", 0, 1),
        ("Call Ann at home", "2.", 0, 1),
        ("Close it", "3.", 0, 1),
    ]


def test_lists_nest_by_indentation_or_style() -> None:
    """Indented items belong to the item above, and so do other marks that are not indented."""
    text = (
        "1. Check\n   a) number\n   b) date\n2. Decide:\n- over $500: ask\n- else: pay\n3. Close\n"
    )
    assert items(text) == [
        ("Check", "1.", None, 1),
        ("number", "a)", 0, 2),
        ("date", "b)", 0, 2),
        ("Decide:", "2.", None, 1),
        ("over $500: ask", "-", 3, 2),
        ("else: pay", "-", 3, 2),
        ("Close", "3.", None, 1),
    ]


def test_clauses_hang_on_their_number() -> None:
    """ "2.1" belongs to "2.", however the lines are spaced."""
    text = "1.0 Purpose: why.\n\n2.0 Scope: all.\n\n2.1 For staff.\n\n2.2 For guests.\n\n3.0 End.\n"
    assert items(text) == [
        ("Purpose: why.", "1.0", None, 1),
        ("Scope: all.", "2.0", None, 1),
        ("For staff.", "2.1", 1, 2),
        ("For guests.", "2.2", 1, 2),
        ("End.", "3.0", None, 1),
    ]


def test_indented_paragraphs_go_on_with_their_item() -> None:
    """After a blank line, only an indented paragraph belongs to the item above."""
    found = passages("- Call\n\n  Say hello.\n\nAfter.\n")
    assert [(p.kind, p.text, p.parent) for p in found] == [
        ("item", "Call", None),
        ("paragraph", "Say hello.", 0),
        ("paragraph", "After.", None),
    ]


def test_a_different_list_after_a_gap_is_no_sublist() -> None:
    """Two lists one after the other stay apart."""
    assert items("- a\n\n1. b\n") == [("a", "-", None, 1), ("b", "1.", None, 1)]


def test_wrapped_lines_join_and_keep_hyphens() -> None:
    """Lines of one paragraph become one; a word parted at its hyphen is whole again."""
    found = passages("Call the customer\nfor a follow-\nup, see clause\n(a) or 2024.\n")
    assert [p.text for p in found] == ["Call the customer for a follow-up, see clause (a) or 2024."]


def test_a_wrapped_line_that_looks_like_a_marker_stays_text() -> None:
    """A line that begins with "1." in the middle of a sentence begins no list."""
    assert [p.kind for p in passages("We follow version\n1. That is the old one.\n")] == [
        "paragraph"
    ]


def test_plain_text_keeps_signs_that_are_marks_elsewhere() -> None:
    """Stars, pipes, brackets and entities are words of a plain text."""
    assert passages("2*3*4 | [x](y) &amp; <b>")[0].text == "2*3*4 | [x](y) &amp; <b>"
