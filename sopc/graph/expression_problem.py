"""What is wrong with an expression, told in words of people rather than of the CEL library."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ERROR = re.compile(
    r"^(?:INVALID_ARGUMENT: )?ERROR: <input>:(?P<line>\d+):(?P<column>\d+): (?P<message>.*?)"
    r"(?: \[INVALID_ARGUMENT\])?$",
    re.MULTILINE,
)
_UNDECLARED = re.compile(r"undeclared reference to '(?P<name>[^']*)'")
_OVERLOAD = re.compile(
    r"found no matching overload for '(?P<operator>[^']*)' applied to '\((?P<types>.*)\)'"
)
_SYNTAX = re.compile(
    r"(?:mismatched input|extraneous input|no viable alternative at input"
    r"|token recognition error at:) '(?P<found>.*?)'(?: expecting .*)?$"
)
_WRITTEN_FOR = {"=": "==", "and": "&&", "AND": "&&", "or": "||", "OR": "||", "not": "!", "<>": "!="}
_SYMBOLS = {"@in": "in", "_?_:_": "? :", "_[_]": "[]"}


@dataclass(frozen=True)
class ExpressionProblem:
    """One mistake in an expression; line and column inside it, 1-based, in code points."""

    message: str
    line: int
    column: int
    hint: str | None = None


def problems_in(report: str, text: str, names: Sequence[str]) -> Iterator[ExpressionProblem]:
    """Give the mistakes that the library reports of an expression, consequences left out.

    `names` are those that the expression may use.
    """
    errors = list(_ERROR.finditer(report))
    if not errors:
        yield ExpressionProblem(_unplaced(report), 1, 1)
    for error in errors:
        line, column, message = int(error["line"]), int(error["column"]), error["message"]
        if message.startswith("Syntax error: "):
            # The parser's later errors are mostly about its own recovery.
            yield _syntax(message.removeprefix("Syntax error: "), line, column)
            return
        if "*error*" not in message:
            yield _meaning(message, line, column, text, names)


def _unplaced(report: str) -> str:
    if "recursion limit" in report:
        return "the expression is nested too deeply"
    return "the expression cannot be read"


def _syntax(message: str, line: int, column: int) -> ExpressionProblem:
    match = _SYNTAX.search(message)
    found = match["found"].strip() if match else ""
    if found == "<EOF>":
        return ExpressionProblem("the expression ends too early", line, column)
    if found[:1] in {"'", '"'}:
        return ExpressionProblem("the quotes opened here are not closed", line, column)
    hint = f"write `{_WRITTEN_FOR[found]}`" if found in _WRITTEN_FOR else None
    what = f"`{found}`" if found else "character"
    return ExpressionProblem(f"unexpected {what}", line, column, hint)


def _meaning(
    message: str, line: int, column: int, text: str, names: Sequence[str]
) -> ExpressionProblem:
    undeclared = _UNDECLARED.search(message)
    if undeclared:
        return _unknown(undeclared["name"], line, column, text, names)
    overload = _OVERLOAD.search(message)
    if overload is None:
        return ExpressionProblem(_lower(message), line, column)
    operator = overload["operator"]
    symbol = _SYMBOLS.get(operator, operator.strip("_"))
    plain = re.sub(r"wrapper\((\w+)\)", r"\1", overload["types"])
    types = plain.replace("null_type", "null").split(", ")
    listed = " and ".join(f"`{each}`" for each in types)
    hint = None
    if set(types) == {"int", "double"}:
        hint = "write a whole number; money is counted in minor units, as cents"
    return ExpressionProblem(f"`{symbol}` does not work on {listed}", line, column, hint)


def _unknown(
    name: str, line: int, column: int, text: str, names: Sequence[str]
) -> ExpressionProblem:
    """The library points at the dot or bracket behind the name; people look for the name."""
    source = re.split(r"\r\n?|\n", text)[line - 1] if text else ""
    behind = source[column - 1 : column]
    first = name.partition(".")[0]
    if behind in {".", "("}:
        start = source.rfind(first, 0, column - 1)
        column = start + 1 if start >= 0 else column
    if behind == "(":
        return ExpressionProblem(f"there is no function `{name}`", line, column)
    near = difflib.get_close_matches(first, names, n=1)
    known = ", ".join(f"`{each}`" for each in sorted(names)[:10])
    hint = f"did you mean `{near[0]}`" if near else f"known here: {known}" if known else None
    return ExpressionProblem(f"`{first}` is not known here", line, column, hint)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")
