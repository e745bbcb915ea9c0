"""The rule `unit-mismatch`, SOP805."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from sopc.diagnostics import Confidence, Severity
from sopc.graph import ComputedValue, DataType
from sopc.graph.edit import Put
from sopc.graph.expression_tree import expression_tree
from sopc.rules.context import CheckContext
from sopc.rules.logic.money import in_words
from sopc.rules.rule import Flaw, Repair, rule
from sopc.rules.values.expression_place import ExpressionPlace
from sopc.rules.values.stated_quantity import Stated, stated_money, stated_numbers, stated_spans
from sopc.rules.values.unit import Counted, Mix, compared_literals, counted, mixes

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_RECKONED = re.compile(
    r"%|\b(?:percent|per\s+cent|half|third|twice|double|triple|times|plus|minus)\b", re.IGNORECASE
)
"""Words that make another number of the one that is stated."""

_NEXT_TO = 1
"""`amount >= 50001` says what `amount > 50000` says."""


@rule("SOP805", "unit-mismatch", Severity.ERROR)
def unit_mismatch(context: CheckContext) -> Iterator[Flaw]:
    """Amounts that are not in the same unit.

    ## What it does
    Finds expressions that compare or add money of two currencies, money and a plain number, or
    times in two units, and numbers that do not agree with the words beside them: `amount > 500` for
    "over $500", where money is counted in cents, or `days_late > 2` for "more than 2 weeks". Words
    without a currency ("over 500") may mean cents, so they are a warning.

    ## Why it matters
    The limit that people read is not the one that the run keeps: it asks a manager for a refund of
    five dollars and one cent, or pays out what it should have asked about.

    ## Example
    ```yaml
    when:
      - {says: if it is over $500, cel: amount > 500}
    ```

    ## Use instead
    ```yaml
    when:
      - {says: if it is over $500, cel: amount > 50000}
    ```
    Money is counted in minor units, here cents.

    ## Fix safety
    The fix writes the number that the words state. It is unsafe: the words may be what is wrong.
    """
    for place in context.expressions:
        tree = expression_tree(place.cel)
        if tree is None or not place.fields:
            continue
        said: set[frozenset[str]] = set()
        for mix in mixes(tree, place.fields):
            pair = frozenset({mix.one.name, mix.other.name})
            if pair not in said:
                said.add(pair)
                yield _mixed(place, mix)
        if isinstance(place.part, ComputedValue) and place.part.type is DataType.MONEY:
            yield from _assigned(place, place.part, counted(tree, place.fields))
        if place.says is not None:
            literals = list(compared_literals(tree, place.fields))
            yield from _against_words(place, literals, place.says)


def _mixed(place: ExpressionPlace, mix: Mix) -> Flaw:
    one, other = mix.one, mix.other
    surely = one.money and other.money
    return _flaw(
        place,
        f"expression `{place.cel}` {mix.verb} {_counts(one)} and {_counts(other)}",
        key=f"{one.name} and {other.name}",
        advice="convert one of them first" if surely else "bring both into one unit",
        severity=None if surely else Severity.WARNING,
        confidence=None if surely else Confidence.MEDIUM,
    )


def _counts(term: Counted) -> str:
    if term.money:
        return f"`{term.name}` in {term.currency or 'money'}"
    return f"`{term.name}` in {term.unit}s" if term.unit else f"the plain number `{term.name}`"


def _assigned(
    place: ExpressionPlace, value: ComputedValue, given: Counted | None
) -> Iterator[Flaw]:
    if given and given.money and given.currency and value.currency not in {None, given.currency}:
        yield _flaw(
            place,
            f"`{value.name}` is in {value.currency}, but `{place.cel}` gives {given.currency}",
            key=value.name,
            advice="convert it, or state the other currency",
        )


def _against_words(
    place: ExpressionPlace, literals: list[tuple[Counted, int]], says: str
) -> Iterator[Flaw]:
    money = [each for each in literals if each[0].money and each[0].currency]
    if money:
        amounts = list(stated_money(says))
        for term, currency in dict.fromkeys((term.name, term.currency) for term, _ in money):
            others = [each for each in amounts if currency not in each.currencies]
            if others and len(others) == len(amounts):
                yield _flaw(
                    place,
                    f"the words say `{others[0].words}`, but `{term}` is in {currency}",
                    key=term,
                    advice="convert the amount, or state the currency that is meant",
                    severity=Severity.WARNING,
                )
                return
        if not amounts:
            yield from _in_major_units(place, money, says)
        yield from _disagreeing(place, money, [(each, _minor(each, money)) for each in amounts])
    times = [each for each in literals if each[0].unit]
    spans = list(stated_spans(says))
    if times and all(each.unit in _SECONDS for each in spans):
        unit = times[0][0].unit
        yield from _disagreeing(place, times, [(each, _in(each, unit)) for each in spans])


def _in_major_units(
    place: ExpressionPlace, literals: list[tuple[Counted, int]], says: str
) -> Iterator[Flaw]:
    """Find the very numbers of the words, which name no currency, where minor units count."""
    numbers = {number for _, number in literals}
    said = [
        each
        for each in stated_numbers(says)
        if each.number and numbers.isdisjoint(map(int, _minor(each, literals)))
    ]
    for term, number in dict.fromkeys(literals):
        same = next((each for each in said if each.number == number), None)
        if same is None or not _decimals(term.currency):
            continue
        right = int(min(_minor(same, literals)))
        yield _flaw(
            place,
            _disagreement(place, term, number, same),
            key=f"{term.name} {number}",
            advice=f"write {right}: {_why(term)}",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            repair=_repair(place, number, right),
        )


def _disagreeing(
    place: ExpressionPlace,
    literals: list[tuple[Counted, int]],
    stated: Sequence[tuple[Stated, frozenset[Decimal]]],
) -> Iterator[Flaw]:
    """Compare the numbers that agree with nothing stated with what no number agrees with."""
    alone = [
        (term, number)
        for term, number in dict.fromkeys(literals)
        if not any(_agree(number, values) for _, values in stated)
    ]
    unmet = [
        (said, values)
        for said, values in stated
        if not any(_agree(number, values) for _, number in literals)
    ]
    for term, number in alone:
        same = [
            (said, values) for said, values in unmet if _agree(number, {said.number, *said.values})
        ]
        if same:
            said, values = same[0]
            right = min(values)
            whole = right == right.to_integral_value()
            yield _flaw(
                place,
                _disagreement(place, term, number, said),
                key=f"{term.name} {number}",
                advice=_advice(term, said, right),
                repair=_repair(place, number, int(right)) if whole else None,
            )
        elif len(alone) == len(unmet) == 1 and not (place.says and _RECKONED.search(place.says)):
            said, _ = unmet[0]
            yield _flaw(
                place,
                _disagreement(place, term, number, said),
                key=f"{term.name} {number}",
                advice="let the words and the expression say the same",
                severity=Severity.WARNING,
            )


def _advice(term: Counted, said: Stated, right: Decimal) -> str:
    if right == right.to_integral_value():
        return f"write {int(right)}: {_why(term)}"
    return f"count in a smaller unit: {_why(term)}, and `{said.words}` is no whole number"


def _disagreement(place: ExpressionPlace, term: Counted, number: int, said: Stated) -> str:
    meant = _meaning(term, number)
    return f"{number} in `{place.cel}` is {meant}, but the words say `{said.words}`"


def _agree(number: int, values: frozenset[Decimal] | set[Decimal]) -> bool:
    return any(abs(abs(number) - value) <= _NEXT_TO for value in values)


def _minor(stated: Stated, literals: list[tuple[Counted, int]]) -> frozenset[Decimal]:
    factor = 10 ** _decimals(literals[0][0].currency)
    return frozenset(value * factor for value in stated.values)


def _decimals(currency: str) -> int:
    return len(in_words(0, currency).split()[0].partition(".")[2])


def _in(stated: Stated, unit: str) -> frozenset[Decimal]:
    factor = Decimal(_SECONDS[stated.unit]) / _SECONDS[unit]
    return frozenset(value * factor for value in stated.values)


def _meaning(term: Counted, number: int) -> str:
    if term.money:
        return in_words(number, term.currency)
    return f"{number} {term.unit}{'' if number == 1 else 's'}"


def _why(term: Counted) -> str:
    if term.money:
        return f"money is counted in minor units, {in_words(1, term.currency)} each"
    return f"`{term.name}` counts {term.unit}s"


def _repair(place: ExpressionPlace, number: int, right: int) -> Repair | None:
    written, count = re.subn(rf"(?<![\w.]){number}(?![\w.])", str(right), place.cel)
    if count != 1:
        return None
    return Repair(f"write {right} for {number}", (Put(place.path, written),))


def _flaw(
    place: ExpressionPlace,
    message: str,
    *,
    key: str,
    advice: str,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    repair: Repair | None = None,
) -> Flaw:
    return Flaw(
        at=place.path,
        message=message,
        about=place.about,
        key=key,
        help=advice,
        cite=getattr(place.part, "cite", None),
        step=place.step,
        severity=severity,
        confidence=confidence,
        repair=repair,
    )
