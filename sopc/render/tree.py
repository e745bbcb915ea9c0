"""A graph as a tree for the terminal: what starts it, every step with its bounds and its source."""

from collections.abc import Callable, Iterable
from itertools import chain

from rich.text import Text
from rich.tree import Tree

from sopc.diagnostics.printable import printable
from sopc.graph import Citation, Procedure, ProseCitation, Question, Step, StepGraph, Trigger
from sopc.render.wording import Wording, cases, ways

Sentence = Callable[[ProseCitation], str]
"""Gives the sentence or passage around a citation."""


def graph_tree(
    graph: StepGraph, *, sentence: Sentence | None = None, procedure: str | None = None
) -> Tree:
    """Draw a graph, or one procedure of it by its id.

    Args:
        graph: What to draw.
        sentence: Gives the prose around a citation; without it, the quote alone is shown.
        procedure: The id of the only procedure to draw.
    """
    return _Drawing(graph, sentence or (lambda cite: cite.quote)).drawn(procedure)


class _Drawing:
    def __init__(self, graph: StepGraph, sentence: Sentence) -> None:
        self._graph = graph
        self._sentence = sentence
        self._wording = Wording(graph)
        self._open = list(graph.questions)

    def drawn(self, only: str | None) -> Tree:
        path = f"  {self._graph.source.path}" if self._graph.source else ""
        title = _line((self._graph.title, "bold"), (path, "dim"))
        root = Tree(title, guide_style="dim")
        for procedure in self._graph.procedures:
            if only in {None, procedure.id}:
                self._procedure(root, procedure)
        if only is None:
            for question in self._open:
                root.add(_question(question))
        return root

    def _procedure(self, root: Tree, procedure: Procedure) -> None:
        title = _line((procedure.title, "bold cyan"), (f"  {procedure.id}", "dim"))
        branch = root.add(title)
        for condition in procedure.scope:
            branch.add(_line(condition.says))
        bounds = self._wording.bounds(procedure)
        if bounds:
            branch.add(_line(" · ".join(bounds)))
        for rung in procedure.escalation:
            branch.add(_line((self._wording.rung(rung), "magenta")))
        for trigger in procedure.triggers:
            self._trigger(branch, procedure, trigger)
        for number, step in enumerate(procedure.steps, start=1):
            self._step(branch, procedure, number, step)
        for question in self._asked(procedure):
            branch.add(_question(question))

    def _trigger(self, branch: Tree, procedure: Procedure, trigger: Trigger) -> None:
        text = _line((f"{trigger.kind}: ", "green"), self._wording.trigger(trigger))
        node = branch.add(text)
        self._source(node, [trigger.cite])
        for question in self._asked(procedure, trigger.id):
            node.add(_question(question))

    def _step(self, branch: Tree, procedure: Procedure, number: int, step: Step) -> None:
        node = branch.add(
            _line((f"{number} ", "dim"), (step.title, "bold"), (f"  {step.id}", "dim"))
        )
        details = [step.kind.replace("_", " "), *self._wording.who_and_where(step)]
        node.add(_line(" · ".join([*details, *self._wording.bounds(step)])))
        for case in cases(step, procedure):
            node.add(_line(case))
        for way in ways(step):
            node.add(_line((way, "blue")))
        for rung in step.escalation:
            node.add(_line((self._wording.rung(rung), "magenta")))
        for question in self._asked(procedure, step.id):
            node.add(_question(question))
        self._source(node, chain([step.citations.get("title")], step.citations.values()))

    def _source(self, node: Tree, citations: Iterable[Citation | None]) -> None:
        cite = next((one for one in citations if isinstance(one, ProseCitation)), None)
        if cite is not None:
            words = " ".join(self._sentence(cite).split())
            node.add(_line((f"{cite.line} │ {words}", "dim italic")))

    def _asked(self, procedure: Procedure, node: str | None = None) -> list[Question]:
        """Take the open questions about a part out of those that are left."""
        others = {one.id for one in self._graph.procedures} - {procedure.id}
        about = [
            one
            for one in self._open
            if (node or procedure.id) in (parts := one.about.split("."))
            and not others.intersection(parts[:2])
        ]
        self._open = [one for one in self._open if one not in about]
        return about


def _question(question: Question) -> Text:
    return _line((f"? {question.asks}", "yellow"))


def _line(*parts: str | tuple[str, str]) -> Text:
    """Make a line of words and of words with a style, safe for a terminal."""
    shown = ((part, "") if isinstance(part, str) else part for part in parts)
    return Text.assemble(*((printable(words), style) for words, style in shown))
