"""The rule `clear-secret`, SOP807."""

import re
from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Argument, ComputedValue, DataField, DataType
from sopc.graph.edit import Put
from sopc.graph.expression_tree import Constant, Node, expression_tree
from sopc.graph.expression_tree import parts as nodes_below
from sopc.organization.secret import secret_problem
from sopc.rules.context import CheckContext
from sopc.rules.part import parts, procedure_of, step_of
from sopc.rules.rule import Flaw, GraphPath, Repair, rule
from sopc.rules.values.expression_place import ExpressionPlace

_SECRETS = frozenset(
    "password passwd pwd passphrase passcode pin secret token credential credentials"  # noqa: SIM905  # read best as words
    " api_key access_key private_key secret_key cvv cvc".split()
)
_PERSONAL = frozenset(
    "ssn social_security_number national_id tax_id passport passport_number iban bank_account"  # noqa: SIM905
    " bank_account_number account_number routing_number card_number credit_card date_of_birth"
    " birth_date birthdate driving_licence drivers_license diagnosis religion ethnicity".split()
)
_TEXTUAL = frozenset({DataType.STRING, DataType.INTEGER, DataType.DATE, DataType.OBJECT})


@rule("SOP807", "clear-secret", Severity.ERROR)
def clear_secret(context: CheckContext) -> Iterator[Flaw]:
    """A secret or a personal value that would be written down in clear.

    ## What it does
    Finds literals that look like keys and passwords, wherever an expression or an input holds them,
    or that are handed over under such a name, and
    inputs, payloads and outputs whose names are those of secrets or of personal data, such as
    `iban` or `date_of_birth`, and which are not marked `sensitive`.

    ## Why it matters
    The graph file is read by everybody who reviews it, and the journal of a run holds every value
    for years. What stands there in clear cannot be taken back.

    ## Example
    ```yaml
    inputs:
      - {name: api_key, value: sk-live-51Hx8Qm2vT9bYwZr}
    ```

    ## Use instead
    ```yaml
    inputs:
      - {name: api_key, value: "env:STRIPE_API_KEY"}
    ```
    And for values that come while it runs:
    ```yaml
    outputs:
      - {name: iban, type: string, sensitive: true}
    ```

    ## Fix safety
    The fix marks a value as `sensitive`, which is safe: it only keeps it out of the journal. For
    literals no fix is offered, because the secret has to be replaced as well.
    """
    for path, part in parts(context.graph):
        if isinstance(part, Argument):
            yield from _literal(context, path, part)
        elif isinstance(part, DataField):
            yield from _field(context, path, part)
    for place in context.expressions:
        if not isinstance(place.part, Argument):
            yield from _inside(place)


def _literal(context: CheckContext, path: GraphPath, part: Argument) -> Iterator[Flaw]:
    key = "value" if part.cel is None else "cel"
    literals = [(part.name, part.value)] if part.cel is None else _named_texts(part.name, part.cel)
    for name, each in literals:
        if each is None or (isinstance(each, str) and each.startswith("env:")):
            continue
        if secret_problem(name, each) is None:
            continue
        step = step_of(context.graph, path)
        yield Flaw(
            at=(*path, key),
            message=f"argument `{part.name}` holds a secret in clear",
            about=f"steps.{step.id}.inputs" if step else "inputs",
            key=part.name,
            label="can be read by everybody who reads the file",
            help="write `env:NAME`, with the secret in that variable, and replace the secret",
            cite=part.cite,
            step=step.id if step else None,
        )


def _inside(place: ExpressionPlace) -> Iterator[Flaw]:
    value = place.part.name if isinstance(place.part, ComputedValue) else ""
    for name, each in _named_texts(value or "value", place.cel):
        if secret_problem(name, each) is None:
            continue
        owner = f"step `{place.step}`" if place.step else f"procedure `{place.procedure}`"
        yield Flaw(
            at=place.path,
            message=(f"value `{value}`" if value else f"an expression of {owner}")
            + " holds a secret in clear",
            about=place.about,
            key=value,
            label="can be read by everybody who reads the file",
            help="take it out, and replace the secret",
            cite=getattr(place.part, "cite", None),
            step=place.step,
        )
        return


def _field(context: CheckContext, path: GraphPath, field: DataField) -> Iterator[Flaw]:
    kind = _kind(field)
    if kind is None or _is_inside_sensitive(context, path):
        return
    procedure, step = procedure_of(context.graph, path), step_of(context.graph, path)
    about = "inputs"
    if step is not None:
        about = f"steps.{step.id}.{path[4]}"
    elif procedure is not None:
        about = f"procedures.{procedure.id}.{path[2]}"
    yield Flaw(
        at=(*path, "name"),
        message=f"`{field.name}` is {kind}, and would be written to the journal in clear",
        about=about,
        key=field.name,
        help="mark it as `sensitive: true`",
        cite=field.cite,
        step=step.id if step else None,
        severity=Severity.WARNING if kind == "a secret" else Severity.NOTE,
        confidence=Confidence.MEDIUM,
        repair=Repair("mark it as sensitive", (Put((*path, "sensitive"), value=True),), safe=True),
    )


def _kind(field: DataField) -> str | None:
    """Say what a name makes of a value; None where it is nothing to be kept quiet."""
    if field.sensitive or field.type not in _TEXTUAL:
        return None
    words = re.split(r"_", field.name)
    endings = {"_".join(words[start:]) for start in range(len(words))}
    if endings & _SECRETS:
        return "a secret"
    return "personal" if endings & _PERSONAL else None


def _is_inside_sensitive(context: CheckContext, path: GraphPath) -> bool:
    """Tell whether a field belongs to an object that is marked as a whole."""
    value: object = context.graph
    for key in path[:-1]:
        value = (
            value[key]
            if isinstance(value, tuple) and isinstance(key, int)
            else getattr(value, str(key))
        )
        if isinstance(value, DataField) and value.sensitive:
            return True
    return False


def _named_texts(name: str, cel: str) -> Iterator[tuple[str, str]]:
    """Give the texts of an expression, and what tells what they are for.

    A name says so where the text is all there is; not what one inside an expression is for.
    """
    tree = expression_tree(cel)
    whole = isinstance(tree, Constant)
    for each in _texts(tree):
        yield name if whole else "value", each


def _texts(node: Node | None) -> Iterator[str]:
    if isinstance(node, Constant) and isinstance(node.value, str):
        yield node.value
    for each in nodes_below(node) if node is not None else ():
        yield from _texts(each)
