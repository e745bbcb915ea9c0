"""The dialogue of `sopc ask`: one open question after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sopc.diagnostics.printable import printable
from sopc.graph import ProseCitation, Question
from sopc.graph.slug import slug

if TYPE_CHECKING:
    from sopc.cli.source_text import SourceText
    from sopc_compiler.answers import Answer

_KEYS = "Enter skips it, `-` accepts that it is unstated, `?` explains, `q` stops"


@dataclass
class Dialogue:
    """Where answers come from and where questions go.

    Attributes:
        read: Gives the next line without its end; None when there are no more.
        say: Shows a line.
        save: Keeps an answer, at once.
        now: Gives the time of an answer.
        by: Who answers.
    """

    read: Callable[[], str | None]
    say: Callable[[str], None]
    save: Callable[["Answer"], None]
    now: Callable[[], datetime]
    by: str | None = None


def interview(
    questions: Sequence[Question], source: "SourceText", taken: set[str], dialogue: Dialogue
) -> int:
    """Ask open questions until there are no more, or the person stops.

    Args:
        questions: What is to be asked, in this order.
        source: The prose, to show beside each question.
        taken: The ids of the answers that there are; those of new ones are added.
        dialogue: The two sides.

    Returns:
        How many were answered.
    """
    from sopc_compiler.answers import Answer

    answered = 0
    for number, question in enumerate(questions, start=1):
        dialogue.say("")
        for line in _asked(question, number, len(questions), source):
            dialogue.say(line)
        given = _given(question, dialogue)
        if given is _STOP:
            break
        if given is _SKIP:
            continue
        entry = Answer(
            id=slug(question.id, taken),
            passage=question.passage,
            words=source.words(question.passage) or _quote(question),
            field=question.field,
            value=None if given is _UNSTATED else given,
            unstated=given is _UNSTATED,
            by=dialogue.by,
            at=dialogue.now(),
        )
        dialogue.save(entry)
        taken.add(entry.id)
        answered += 1
    return answered


_STOP, _SKIP, _UNSTATED = object(), object(), object()


def _asked(question: Question, number: int, total: int, source: "SourceText") -> list[str]:
    lines = [f"[{number}/{total}] {printable(question.asks)}"]
    if isinstance(question.cite, ProseCitation):
        words = printable(source.sentence(question.cite))
        lines.append(f"  line {question.cite.line} │ {words}")
    lines += [
        f"  {index}) {printable(option)}" for index, option in enumerate(question.options, start=1)
    ]
    return lines


def _given(question: Question, dialogue: Dialogue) -> Any:
    """Read lines until one is an answer, or says to go on."""
    from sopc_compiler.answers.field import answer_field
    from sopc_compiler.answers.value import allowed, read_value, typed

    try:
        field = answer_field(question.field)
    except ValueError as unknown:  # a graph of another release, or edited by hand
        dialogue.say(f"  {unknown}")
        return _SKIP
    dialogue.say(f"  {allowed(field)}")
    while (line := dialogue.read()) is not None:
        words = " ".join(line.split())
        match words:
            case "":
                return _SKIP
            case "-":
                return _UNSTATED
            case "q":
                return _STOP
            case "?":
                dialogue.say(
                    f"  `{question.field}` of {printable(question.about)}: {allowed(field)}"
                )
                dialogue.say(f"  {_KEYS}")
                continue
        chosen = _option(words, question) or words
        if not _is_offered(chosen, question):
            dialogue.say(
                f"  `{printable(words)}` is no answer; its number, or a call of one of them"
            )
            continue
        value = typed(field, chosen)
        try:
            read_value(field, value)
        except ValueError as wrong:
            dialogue.say(f"  {wrong}")
            continue
        return value
    return _STOP


def _option(words: str, question: Question) -> str | None:
    """Give the option of a number; `yes` is the call that a question proposes."""
    options = question.options
    if words.isdecimal() and 1 <= int(words) <= len(options):
        return options[int(words) - 1]
    agreed = words.casefold() in {"y", "yes"} and question.field.endswith((" binding", " inputs"))
    if agreed and options and ("=" in options[0] or options[0].endswith(")")):
        return options[0]
    return None


def _is_offered(chosen: str, question: Question) -> bool:
    """Tell whether what is called is one of the operations that a question names."""
    if not question.field.endswith(" binding"):
        return True
    names = {option.partition("(")[0].strip() for option in question.options}
    return chosen.casefold() == "none" or chosen.partition("(")[0].strip() in names


def _quote(question: Question) -> str | None:
    return question.cite.quote if isinstance(question.cite, ProseCitation) else None
