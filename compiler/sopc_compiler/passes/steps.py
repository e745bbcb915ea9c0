"""Steps: from acts and what governs them to the graph's steps, ladders and retries."""

import re
from collections.abc import Sequence
from typing import Any

from sopc.graph import (
    END,
    ActionStep,
    ApprovalStep,
    Cadence,
    Citation,
    Condition,
    DataField,
    Deadline,
    Delay,
    HumanTaskStep,
    Reference,
    Retry,
    Rung,
    Step,
    VagueWord,
    WaitStep,
)
from sopc.graph.slug import slug
from sopc_compiler.fact import ActFact, ActKind, ConditionFact, EscalationFact, Facts, Span
from sopc_compiler.language import time_value
from sopc_compiler.language.threshold import threshold
from sopc_compiler.language.vagueness import vague_words
from sopc_compiler.passes.cast import Cast
from sopc_compiler.passes.cite import Citer
from sopc_compiler.passes.parse import ParsedPassage
from sopc_compiler.passes.tier import is_personal, is_reversible, propose_tier
from sopc_compiler.passes.timing import time_bound

_RETRY = re.compile(
    r"\b(?:retr(?:y|ies)|tr(?:y|ies)\s+(?:it\s+)?again|tr(?:y|ies)\s+once\s+more|again\s+once)\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\b(?:template|macro|form)\s+[`“\"]?([\w-]+(?:\.[\w-]+)*)[`”\"]?|[`“\"]([\w.-]+)[`”\"]?\s+template",
    re.IGNORECASE,
)
_FORBIDS = re.compile(r"(?:do\s+not|don['’]t|never|not)\b", re.IGNORECASE)
_NO_TEMPLATES = frozenset("for in and to the is from or with of on".split())
"""Words behind "template" or "form" that name none."""
_COUNT = re.compile(r"\b(once|twice|(?:\d+|two|three|four|five)\s+times)\b", re.IGNORECASE)
_COUNTS = {"once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_TITLE_WORDS = 14


class StepBuilder:
    """Builds the steps of one document, act by act in the order of the prose."""

    def __init__(
        self, parsed: Sequence[ParsedPassage], facts: Facts, cast: Cast, citer: Citer
    ) -> None:
        self._parsed = parsed
        self._facts = facts
        self._cast = cast
        self._citer = citer
        self._taken: set[str] = {END}
        self.inputs: dict[str, DataField] = {}
        self._escalating = {id(e.act): e for e in facts.escalations if e.act is not None}

    def steps(self, passages: set[int]) -> tuple[list[tuple[Step, Span]], list[Rung]]:
        """Build the steps of some passages, each with the place of its act.

        Escalations that belong to no step before them in their passage come beside: they are
        rungs of the procedure as a whole.
        """
        built: list[tuple[Step, Span]] = []
        loose: list[Rung] = []
        for fact in sorted(self._facts.acts, key=lambda f: f.span):
            if fact.span.passage not in passages:
                continue
            main = self._main(built, fact)
            escalation = self._escalating.get(id(fact))
            if escalation is not None and escalation.to is not None:
                rung = self.rung(escalation)
                if main is None:
                    loose.append(rung)
                    continue
                step, place = built[main]
                built[main] = (_with(step, escalation=(*step.escalation, rung)), place)
            elif main is not None and self._retries(fact) and built[main][0].retry is None:
                step, place = built[main]
                built[main] = (_with(step, retry=self._retry(fact)), place)
            else:
                handled = None
                if escalation is not None and built:
                    handled = built[-1 if main is None else main][0].id
                built.append((self._step(fact, handled), fact.span))
        return built, loose

    def rung(self, fact: EscalationFact) -> Rung:
        """Make a rung of an escalation: whom to turn to, after how long, in which case."""
        bounds = [] if fact.act is None else self._bounds(fact.act)
        delay = next((b.wait for b in bounds if isinstance(b, Delay) and b.wait), None)
        when = () if fact.act is None else self._conditions(fact.act)
        if delay is None:
            delay = next((d for c in when if (d := time_value.duration(c.says))), None)
        act = fact.act
        return Rung(
            says=self._citer.words(fact.span),
            after=delay,
            when=when,
            deadlines=tuple(b for b in bounds if isinstance(b, Deadline)),
            delays=tuple(b for b in bounds if isinstance(b, Delay)),
            by=None if act is None else self._cast.role(act.actor),
            to=self._cast.role(fact.to),
            via=None if act is None else self._cast.system(act.system),
            cite=self._citer.cite(fact.span if act is None else act.span),
            by_cite=None if act is None or act.actor is None else self._citer.cite(act.actor),
            to_cite=None if fact.to is None else self._citer.cite(fact.to),
        )

    def _main(self, built: Sequence[tuple[Step, Span]], fact: ActFact) -> int | None:
        """Find the step of the same passage whose failure an act may deal with."""
        for index in range(len(built) - 1, -1, -1):
            step, place = built[index]
            if place.passage != fact.span.passage:
                return None
            if step.handles is None:
                return index
        return None

    def _retries(self, fact: ActFact) -> bool:
        words = self._citer.words(fact.span)
        return fact.verb in {"retry", "resend"} or _RETRY.search(words) is not None

    def _retry(self, fact: ActFact) -> Retry:
        item = self._parsed[fact.span.passage]
        _, end = item.sentence_at(fact.span.start)
        words = item.text[fact.span.start : end]
        stated = _COUNT.search(words)
        counted = stated[1].lower().split()[0] if stated else ""
        count = _COUNTS.get(counted) or (int(counted) if counted.isdigit() else None)
        return Retry(
            says=self._citer.words(fact.span),
            times=count,
            delay=time_value.duration(words),
            when=self._conditions(fact),
            delays=tuple(b for b in self._bounds(fact) if isinstance(b, Delay)),
            cite=self._citer.cite(fact.span),
        )

    def _step(self, fact: ActFact, handles: str | None) -> Step:
        words = self._citer.words(fact.span)
        title = _title(words)
        chosen = slug(title, self._taken)
        self._taken.add(chosen)
        bounds = self._bounds(fact)
        role, template = self._cast.role(fact.actor), self._template(fact)
        # a template is what is used; it is no place where work is done
        where = None if fact.system == template else fact.system
        system = self._cast.system(where)
        vague, forbids = self._vague(fact), _FORBIDS.match(words) is not None
        citations: dict[str, Citation] = {"title": self._citer.cite(fact.span)}
        if role is not None and fact.actor is not None:
            citations["role"] = self._citer.cite(fact.actor)
        base: dict[str, Any] = {
            "id": chosen,
            "title": title,
            "role": role,
            "tier": propose_tier(
                fact, vague=bool(vague), system=system is not None, forbids=forbids
            ),
            "when": self._conditions(fact),
            "deadlines": tuple(b for b in bounds if isinstance(b, Deadline)),
            "delays": tuple(b for b in bounds if isinstance(b, Delay)),
            "cadences": tuple(b for b in bounds if isinstance(b, Cadence)),
            "reversible": is_reversible(fact),
            "vague": vague,
            "references": self._references(fact),
            "handles": handles,
            "citations": citations,
        }
        if fact.kind is ActKind.WAIT:
            return self._wait(base, bounds)
        if system is not None and where is not None:
            base["system"] = system
            citations["system"] = self._citer.cite(where)
        if template is not None:
            base["template"] = self._citer.words(template)
            citations["template"] = self._citer.cite(template)
        if fact.kind is ActKind.APPROVE:
            return ApprovalStep(**base)
        if forbids or (is_personal(fact) and (system is None or fact.kind is ActKind.DECIDE)):
            return HumanTaskStep(**base, judgment=fact.kind is ActKind.DECIDE)
        operation = "notify" if fact.kind is ActKind.NOTIFY else None
        return ActionStep(**base, operation=operation)

    def _wait(self, base: dict[str, Any], bounds: Sequence[Deadline | Delay | Cadence]) -> WaitStep:
        """Make a wait of its first delay; other bounds stay what they are."""
        delay = next((b for b in bounds if isinstance(b, Delay)), None)
        return WaitStep(
            **base,
            duration=None if delay is None else delay.wait,
            until=None if delay is None or delay.wait else delay.until,
        )

    def _bounds(self, fact: ActFact) -> list[Deadline | Delay | Cadence]:
        bounds = []
        for time in self._facts.times:
            if time.act is fact:
                when = self._cases(time.span, fact)
                bounds.append(time_bound(time, self._citer, when))
        return bounds

    def _cases(self, span: Span, fact: ActFact) -> tuple[Condition, ...]:
        """Give the conditions that stand beside a time in a passage of its own ("High: hourly")."""
        if span.passage == fact.span.passage:
            return ()
        beside = [c for c in self._facts.conditions if c.span.passage == span.passage]
        return tuple(self.condition(condition) for condition in beside)

    def _conditions(self, fact: ActFact) -> tuple[Condition, ...]:
        timed = {t.span.passage for t in self._facts.times if t.act is fact}
        return tuple(
            self.condition(condition)
            for condition in self._facts.conditions
            if condition.act is fact
            and (condition.span.passage == fact.span.passage or condition.span.passage not in timed)
        )

    def condition(self, fact: ConditionFact) -> Condition:
        """Make a condition, as CEL too where it states a figure."""
        says = self._citer.words(fact.span)
        compared = threshold(says)
        cite = self._citer.cite(fact.span)
        if compared is None:
            return Condition(says=says, cite=cite)
        known = self.inputs.setdefault(
            compared.field.name, compared.field.model_copy(update={"cite": cite})
        )
        same = (known.type, known.currency) == (compared.field.type, compared.field.currency)
        return Condition(says=says, cel=compared.cel if same else None, cite=cite)

    def _vague(self, fact: ActFact) -> tuple[VagueWord, ...]:
        item = self._parsed[fact.span.passage]
        start, end = item.sentence_at(fact.span.start)
        first = min(start, fact.span.start) if len(item.acts) == 1 else fact.span.start
        spans = [
            Span(fact.span.passage, *place)
            for place in vague_words(item.text, first, max(fact.span.end, end))
        ]
        return tuple(VagueWord(says=self._citer.words(s), cite=self._citer.cite(s)) for s in spans)

    def _references(self, fact: ActFact) -> tuple[Reference, ...]:
        """Give what the act's sentence links to: documents, procedures, forms."""
        item = self._parsed[fact.span.passage]
        start, end = item.sentence_at(fact.span.start)
        return tuple(
            Reference(says=self._citer.words(place), target=target, cite=self._citer.cite(place))
            for first, last, target in item.links
            if start <= first < end
            for place in (Span(fact.span.passage, first, last),)
        )

    def _template(self, fact: ActFact) -> Span | None:
        item = self._parsed[fact.span.passage]
        match = _TEMPLATE.search(item.text, fact.span.start, item.sentence_at(fact.span.start)[1])
        later = [act.start for act in item.acts if act.start > fact.span.start]
        if match is None or (later and match.start() > later[0]):
            return None
        group = 1 if match[1] else 2
        if match[group].lower() in _NO_TEMPLATES:
            return None
        return Span(fact.span.passage, *match.span(group))


def _title(words: str) -> str:
    shown = " ".join(words.split()[:_TITLE_WORDS])
    return shown[:1].upper() + shown[1:]


def _with(step: Step, **changes: object) -> Step:
    return step.model_copy(update=changes)
