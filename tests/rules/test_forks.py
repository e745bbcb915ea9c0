"""Paths that run at once, and where they meet: edges of SOP505 to SOP507."""

from rules.flow_graphs import an_act, choice, found_in, mended_by, told
from sopc.diagnostics import Severity

FORK = an_act("f", "next: [a, b]")


def test_a_fork_whose_path_runs_into_the_other_is_told_why() -> None:
    """Without a `next`, the first path goes on to where the second begins."""
    (found,) = found_in(FORK + an_act("a") + an_act("b"), "fork-never-joined")
    assert found.step == "b"
    assert found.help[0].startswith("say where `a` leads with `next`")


def test_paths_that_end_apart_need_no_join() -> None:
    """Only what both lead to has to wait."""
    assert told(FORK + an_act("a", "next: end") + an_act("b"), "fork-never-joined") == []


def test_branches_inside_a_path_are_no_fork() -> None:
    """Of a decision one branch is taken, so its step is done once."""
    steps = (
        an_act("f", "next: [d, c]")
        + choice("urgent -> a", "!urgent -> b", step="d")
        + an_act("a", "next: j")
        + an_act("b", "next: j")
        + an_act("j", "next: k")
        + an_act("c")
        + an_act("k", "join: all")
    )
    assert told(steps, "fork-never-joined") == []
    assert told(steps, "impossible-join") == []


def test_a_fork_within_a_fork_is_joined_on_its_own() -> None:
    """The inner paths meet in the inner join, the outer ones in the outer."""
    steps = (
        an_act("f", "next: [g, c]")
        + an_act("g", "next: [a, b]")
        + an_act("a", "next: j")
        + an_act("b")
        + an_act("j", "join: all", "next: k")
        + an_act("c")
        + an_act("k", "join: any")
    )
    assert told(steps, "fork-never-joined") == []
    without = steps.replace("  join: any\n", "")
    (found,) = found_in(without, "fork-never-joined")
    assert found.message.startswith("paths of the fork at `f` meet in step `k`")


def test_a_join_with_one_way_in_has_nothing_to_wait_for() -> None:
    """It harms nobody, so that it is a warning; the fix leaves it out."""
    steps = an_act("a") + an_act("b", "join: all")
    (found,) = found_in(steps, "impossible-join")
    assert found.severity is Severity.WARNING
    assert "join" not in mended_by(steps, "impossible-join")
