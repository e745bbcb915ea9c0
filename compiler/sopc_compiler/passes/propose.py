"""Propose: facts from what the rules parsed, linked to the acts that they govern."""

import re
from collections.abc import Sequence

from sopc_compiler.fact import ActFact, ActKind, ConditionFact, Facts, Span, TimeFact
from sopc_compiler.language.act import Act
from sopc_compiler.language.role_name import names_somebody
from sopc_compiler.language.system_name import is_certain_system
from sopc_compiler.language.time_expression import TimeExpression
from sopc_compiler.passes.escalation import escalations
from sopc_compiler.passes.name import named_roles, named_systems
from sopc_compiler.passes.parse import ParsedPassage
from sopc_compiler.passes.trigger import triggers

_NOTIFYING = frozenset(
    """
    notify inform tell alert email send post remind escalate contact let cc bcc copy communicate
    share announce message page call ask consult ping introduce thank warn report cross-post dm
    advise brief phone reply respond forward publish invite update_stakeholders slack raise
    """.split()
)
_APPROVING = frozenset(["approve", "authorize", "authorise", "ratify", "countersign", "sign-off"])
_DECIDING = frozenset(
    """
    determine decide assess evaluate choose select consider classify judge triage prioritize
    """.split()
)
_STARTING = frozenset("start begin run trigger kick apply".split())
_WAITING = frozenset(["wait", "pause", "hold"])
_STEP_LABEL = re.compile(
    r"^(?:(?:class|step|stage|phase|level|no\.?|#)\s*)?[\dIVX]{1,4}[.)]?$", re.IGNORECASE
)
_CASE_HEADER = re.compile(
    r"\b(?:conditions?|when|if|situations?|case|description|criteria|scenario|symptom|reason)\b",
    re.IGNORECASE,
)
_SPENDING = re.compile(
    r"\b(?:allocate|allot|allow|take|takes|spend|wait|lasts?|give|up to|for)\b", re.IGNORECASE
)
_DEADLINE_HEADER = re.compile(
    r"\b(?:deadline|when|time|due|within|by|sla|how often|frequency)\b", re.IGNORECASE
)
_MOST_CASE_WORDS = 6
_OPENING = 30
"""Code points in which a lead-in names whose duties follow."""


def propose(parsed: Sequence[ParsedPassage]) -> Facts:
    """Make facts of what the rules found in all passages of a document."""
    facts = Facts()
    for item in parsed:
        for act in item.acts:
            facts.acts.append(_act_fact(parsed, item, act))
    facts.triggers = triggers(parsed, facts.acts)
    facts.acts = [
        fact
        for fact in facts.acts
        if not (_tells_start(parsed, fact, facts) or _leads_in(parsed, fact))
    ]
    taken = {trigger.span for trigger in facts.triggers}
    for item in parsed:
        _bound(parsed, item, facts, taken)
    facts.escalations = escalations(parsed, facts)
    facts.systems = named_systems(parsed, facts)
    facts.roles = named_roles(parsed, facts)
    return facts


_LEAD_IN = re.compile(
    r"^(?:complete|follow|do|perform|take|carry\s+out|use)\s+(?:the\s+following|these|the\s+steps)"
    r"(?:\s+(?:steps?|actions?|instructions?|checklist|below))*$",
    re.IGNORECASE,
)


def _leads_in(parsed: Sequence[ParsedPassage], fact: ActFact) -> bool:
    """Tell whether an act only announces the list below it ("complete the following:")."""
    item = parsed[fact.span.passage]
    return _LEAD_IN.match(item.text[fact.span.start : fact.span.end]) is not None and any(
        other.passage.parent == item.passage.index for other in parsed
    )


def _tells_start(parsed: Sequence[ParsedPassage], fact: ActFact, facts: Facts) -> bool:
    """Tell whether an act only says that the procedure starts, as its trigger's sentence does."""
    item = parsed[fact.span.passage]
    start, end = item.sentence_at(fact.span.start)
    return any(
        trigger.span.passage == fact.span.passage
        and start <= trigger.span.start < end
        and (
            (fact.span.start < trigger.span.end and fact.span.end > trigger.span.start)
            or fact.verb in _STARTING
        )
        for trigger in facts.triggers
    )


def _act_fact(parsed: Sequence[ParsedPassage], item: ParsedPassage, act: Act) -> ActFact:
    index = item.passage.index
    fact = ActFact(Span(index, act.start, act.end), act.verb, act.form, act_kind(act.verb))
    if re.search(r"\bfor (?:approval|sign-off)\b", item.text[act.start : act.end]):
        fact.kind = ActKind.APPROVE
    if act.subject is not None and act.form != "passive":
        fact.actor = Span(index, *act.subject)
    else:
        fact.actor = _actor_around(parsed, item)
    fact.system = _system_of(item, act)
    return fact


def act_kind(verb: str) -> ActKind:
    """Tell what sort of act a verb, given in its base form, asks for."""
    for kind, verbs in (
        (ActKind.NOTIFY, _NOTIFYING),
        (ActKind.APPROVE, _APPROVING),
        (ActKind.DECIDE, _DECIDING),
        (ActKind.WAIT, _WAITING),
    ):
        if verb in verbs:
            return kind
    return ActKind.ACT


def _actor_around(parsed: Sequence[ParsedPassage], item: ParsedPassage) -> Span | None:
    """Find who acts in the row's cells, the lead-in, or the nearest heading that names somebody."""
    for cell in item.passage.cells:
        words = item.text[cell.start : cell.end].split()
        if len(words) <= _MOST_CASE_WORDS and any(
            cell.start <= start and end <= cell.end for start, end in item.roles
        ):
            return Span(item.passage.index, cell.start, cell.end)
    around = [] if item.passage.parent is None else [item.passage.parent]
    around += reversed(item.passage.headings)
    for index in around:
        other = parsed[index]
        if not other.roles:
            continue
        if other.passage.kind == "heading" or _owns(other):
            start, end = other.roles[0]
            return Span(index, start, end)
    return None


def _owns(lead: ParsedPassage) -> bool:
    """Tell whether a lead-in opens with somebody whose duties follow."""
    start, _ = lead.roles[0]
    return (
        lead.text.rstrip().endswith(":")
        and names_somebody([lead.text[start : lead.roles[0][1]]])
        and start < _OPENING
    )


def _system_of(item: ParsedPassage, act: Act) -> Span | None:
    """Find the system that an act names: in its words, else right behind them in its sentence."""
    start, end = item.sentence_at(act.start)
    later = [other.start for other in item.acts if other.start > act.start]
    limit = min([end, *later])
    inside = [span for span in item.systems if act.start <= span[0] < limit]
    before = [span for span in item.systems if start <= span[0] < act.start]
    if inside:
        # a template is what is used, the product behind it where
        certain = [span for span in inside if is_certain_system(item.text[span[0] : span[1]])]
        return Span(item.passage.index, *(certain or inside)[-1])
    if before and item.acts and act.start == min(a.start for a in item.acts if a.start >= start):
        return Span(item.passage.index, *before[-1])
    return None


def _bound(
    parsed: Sequence[ParsedPassage], item: ParsedPassage, facts: Facts, taken: set[Span]
) -> None:
    """Add the conditions and times of a passage, each with the act that it governs."""
    index = item.passage.index
    own = [fact for fact in facts.acts if fact.span.passage == index]
    if item.passage.kind == "heading" or item.informs:
        return
    # what stands beside acts of its own passage bears on none elsewhere
    governed = None if own and not item.passage.cells else _governed(parsed, item, facts)
    for start, end, opener in _conditions(parsed, item):
        span = Span(index, start, end)
        if span not in taken:
            act = _nearest(item, own, start) or governed
            if act is not None or opener in {"label", "case", "cell"}:
                facts.conditions.append(ConditionFact(span, opener, act))
    for time in item.times:
        span = Span(index, time.start, time.end)
        if span in taken or any(
            span.start >= t.start and span.end <= t.end and t.passage == index for t in taken
        ):
            continue
        act = _nearest(item, own, time.start) or governed
        if _counts(item, time) and (act is not None or item.passage.kind == "row"):
            facts.times.append(TimeFact(span, time.kind, act))


def _conditions(parsed: Sequence[ParsedPassage], item: ParsedPassage) -> list[tuple[int, int, str]]:
    found = [(clause.start, clause.end, clause.opener) for clause in item.conditions]
    if item.label is not None and _names_case(item, item.label):
        found.append((*item.label, "label"))
    if item.lists_cases and not found:
        start, end = item.sentences[0]
        found.append((start, start + len(item.text[start:end].rstrip(" .;,")), "case"))
    if item.passage.kind == "item" and not item.acts and not found and _heads_acts(parsed, item):
        found.append((0, len(item.text.rstrip(" :.")), "case"))
    if item.passage.kind == "row":
        found += _cell_cases(item, found)
    # a cell or item may hold nothing but marks
    return [place for place in found if item.text[place[0] : place[1]].strip()]


def _names_case(item: ParsedPassage, label: tuple[int, int]) -> bool:
    """Tell whether a leading label is a case rather than somebody or something."""
    inside = [span for span in item.roles + item.systems if label[0] <= span[0] < label[1]]
    return not inside and not any(label[0] <= act.start < label[1] for act in item.acts)


def _heads_acts(parsed: Sequence[ParsedPassage], item: ParsedPassage) -> bool:
    """Tell whether a short item only names the case whose acts stand below it."""
    if len(item.text.split()) > _MOST_CASE_WORDS or item.roles or item.systems or item.times:
        return False
    index = item.passage.index
    return any(
        other.acts and other.passage.parent == index for other in parsed[index + 1 : index + 12]
    )


def _cell_cases(
    item: ParsedPassage, found: list[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Take the cell that says in which case a row applies."""
    cells = item.passage.cells
    if not cells or len(cells) < 2 or found:  # noqa: PLR2004 - one cell says no case
        return []
    chosen = next((cell for cell in cells if _CASE_HEADER.search(cell.header)), None)
    if chosen is None:
        chosen = cells[0]
        text = item.text[chosen.start : chosen.end]
        if _STEP_LABEL.match(text.strip()) or len(text.split()) > 2 * _MOST_CASE_WORDS:
            return []
        if any(chosen.start <= span[0] < chosen.end for span in item.roles + item.systems):
            return []
    if any(chosen.start == act.start for act in item.acts):
        return []
    start, end = next(
        (s for s in item.sentences if chosen.start <= s[0] < chosen.end), (chosen.start, chosen.end)
    )
    return [(start, start + len(item.text[start:end].rstrip(" .;,")), "cell")]


def _counts(item: ParsedPassage, time: TimeExpression) -> bool:
    """Tell whether a time expression bounds an act rather than describes a thing."""
    inside = next((c for c in item.conditions if c.start <= time.start < c.end), None)
    if inside is not None:
        words = item.text[inside.start : inside.end]
        return time.kind in {"deadline", "delay"} and bool(
            re.search(r"\b(?:not|no|n't|hasn't|still|without)\b", words)
        )
    if time.kind == "length":
        cell = next((c for c in item.passage.cells if c.start <= time.start < c.end), None)
        if cell is not None:
            return bool(_DEADLINE_HEADER.search(cell.header)) or (cell.start, cell.end) == (
                time.start,
                time.end,
            )
        start, _ = item.sentence_at(time.start)
        return bool(_SPENDING.search(item.text[start : time.end])) and bool(item.acts)
    return True


def _nearest(item: ParsedPassage, own: Sequence[ActFact], place: int) -> ActFact | None:
    """Find the act of the same sentence that a place stands closest to."""
    if not own:
        return None
    start, end = item.sentence_at(place)
    same = [fact for fact in own if start <= fact.span.start < end]
    if not same and item.passage.cells:
        same = list(own)
    if not same:
        return None
    before = [fact for fact in same if fact.span.start <= place]
    clause = any(c.start <= place < c.end and c.leading for c in item.conditions)
    if clause or not before:
        return min(
            (f for f in same if f.span.start >= place), key=lambda f: f.span.start, default=same[-1]
        )
    return before[-1]


def _governed(parsed: Sequence[ParsedPassage], item: ParsedPassage, facts: Facts) -> ActFact | None:
    """Find the act that a passage without one bears on: its lead-in's last, else the next below."""
    index, parent = item.passage.index, item.passage.parent
    while parent is not None:
        above = [fact for fact in facts.acts if fact.span.passage == parent]
        leads = parsed[parent].passage.kind != "paragraph" or parsed[parent].text.endswith(":")
        if above and leads:
            return above[-1]
        parent = parsed[parent].passage.parent
    below = [
        fact
        for fact in facts.acts
        if fact.span.passage > index and _within(parsed, fact.span.passage, index)
    ]
    return below[0] if below else None


def _within(parsed: Sequence[ParsedPassage], inner: int, outer: int) -> bool:
    parent = parsed[inner].passage.parent
    while parent is not None:
        if parent == outer:
            return True
        parent = parsed[parent].passage.parent
    return False
