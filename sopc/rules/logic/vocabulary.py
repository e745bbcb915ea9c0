"""The variables that a set of expressions shares, and the texts that it compares them with."""

from sopc.graph import DataField, DataType
from sopc.graph.expression import Fields
from sopc.graph.expression_tree import Name, Node, Select, free_names
from sopc.rules.logic.variable import Kind, Variable

_KINDS = {
    DataType.STRING: Kind.TEXT,
    DataType.ENUM: Kind.TEXT,
    DataType.INTEGER: Kind.WHOLE,
    DataType.MONEY: Kind.WHOLE,
    DataType.NUMBER: Kind.REAL,
    DataType.BOOLEAN: Kind.TRUTH,
    DataType.DATE: Kind.DAY,
    DataType.TIMESTAMP: Kind.MOMENT,
    DataType.DURATION: Kind.SPAN,
}


class Vocabulary:
    """One variable for each field and each opaque term, however often it is named."""

    def __init__(self, fields: Fields) -> None:
        self.fields = {name: _described(name, field) for name, field in fields.items()}
        self.variables: list[Variable] = []
        self._by_path: dict[tuple[str, ...], Variable] = {}
        self._by_term: dict[tuple[Kind, Node], Variable] = {}
        self._texts: dict[str, int] = {}

    def field_variable(self, node: Node, *, in_object: bool = False) -> Variable | None:
        """Give the variable of a field; `None` for what is no field of a known, simple type.

        Dates, times and durations are words inside objects; `in_object` asks for these.
        """
        path = _path(node)
        found = self._find(path)
        if found is None or found.type not in _KINDS:
            return None
        kind = _KINDS[found.type]
        words = len(path) > 1 and kind in {Kind.DAY, Kind.MOMENT, Kind.SPAN}
        if words != in_object:
            return None
        if path not in self._by_path:
            self._by_path[path] = self._new(kind, path, found)
        return self._by_path[path]

    def opaque(self, node: Node, kind: Kind) -> Variable:
        """Give the variable of a term that cannot be looked into."""
        if (kind, node) not in self._by_term:
            names = tuple(sorted({each.name.removeprefix(".") for each in free_names(node)}))
            domain = (0, 1) if kind is Kind.TRUTH else None
            variable = Variable(len(self.variables), kind, names, opaque=node, domain=domain)
            self.variables.append(variable)
            self._by_term[kind, node] = variable
        return self._by_term[kind, node]

    def number_of(self, text: str) -> int:
        """Give the number that stands for a text."""
        return self._texts.setdefault(text, len(self._texts))

    def text_of(self, number: int) -> str | None:
        """Give the text of a number; `None` when no expression names it."""
        return next((text for text, each in self._texts.items() if each == number), None)

    def other_text(self, number: int) -> str:
        """Give a text that no expression names, another one for another number."""
        text = f"other {abs(number)}" if number < 0 else f"other{number}"
        while text in self._texts:
            text += "'"
        return text

    def _find(self, path: tuple[str, ...]) -> DataField | None:
        fields, found = self.fields, None
        for name in path:
            found = fields.get(name)
            if found is None:
                return None
            fields = {each.name: each for each in found.fields}
        return found

    def _new(self, kind: Kind, path: tuple[str, ...], field: DataField) -> Variable:
        domain: tuple[int, ...] | None = None
        if kind is Kind.TRUTH:
            domain = (0, 1)
        elif field.type is DataType.ENUM and field.values:
            domain = tuple(dict.fromkeys(map(self.number_of, field.values)))
        variable = Variable(len(self.variables), kind, path, field, domain=domain)
        self.variables.append(variable)
        return variable


def _described(name: str, field: DataField | DataType) -> DataField:
    if isinstance(field, DataField):
        return field
    # Without its values, currency or parts: this only has to carry the type.
    return DataField.model_construct(name=name, type=field)


def _path(node: Node) -> tuple[str, ...]:
    match node:
        case Name(name=name):
            return (name.removeprefix("."),)
        case Select(operand=operand, field=field, test=False):
            before = _path(operand)
            return (*before, field) if before else ()
        case _:
            return ()
