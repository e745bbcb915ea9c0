"""Parts of a graph in a few words, with names instead of ids."""

from sopc.graph import (
    ApprovalStep,
    Cadence,
    Deadline,
    DecisionStep,
    Delay,
    EventTrigger,
    Loop,
    Procedure,
    RequestTrigger,
    Retry,
    Rung,
    ScheduleTrigger,
    Step,
    StepGraph,
    Trigger,
    WaitStep,
)
from sopc.graph.step import Next


class Wording:
    """Says what parts of one graph mean; ids of roles and systems become their names."""

    def __init__(self, graph: StepGraph) -> None:
        self._names = {role.id: role.name for role in graph.roles}
        self._names |= {system.id: system.name for system in graph.systems}

    def name(self, wanted: str | None) -> str | None:
        """Return the name of a role or system."""
        return None if wanted is None else self._names.get(wanted, wanted)

    def trigger(self, trigger: Trigger) -> str:
        """Say what starts a procedure."""
        match trigger:
            case EventTrigger():
                where = f" in {self.name(trigger.system)}" if trigger.system else ""
                only = f", only {trigger.filter}" if trigger.filter else ""
                return f"{trigger.event or trigger.says}{where}{only}"
            case ScheduleTrigger():
                zone = f" {trigger.time_zone}" if trigger.time_zone else ""
                return f"{trigger.says} ({trigger.cron}{zone})" if trigger.cron else trigger.says
            case RequestTrigger():
                by = f" by {self.name(trigger.by)}" if trigger.by else ""
                return f"{trigger.says}{by}"

    def who_and_where(self, step: Step) -> list[str]:
        """Say who does a step, in which system, with what, and on which tier."""
        template = getattr(step, "template", None)
        parts = [
            self.name(step.role),
            self.name(getattr(step, "system", None)),
            getattr(step, "operation", None),
            f"template {template}" if template else None,
            f"tier {step.tier.level.value}" if step.tier else None,
        ]
        return [part for part in parts if part]

    def bounds(self, bounded: Step | Procedure) -> list[str]:
        """Say deadlines, delays, cadences, retries, waits, repetitions and guardrails."""
        parts = [_deadline(one) for one in bounded.deadlines]
        parts += [_cadence(one) for one in bounded.cadences]
        if not isinstance(bounded, Procedure):
            parts += [_delay(one) for one in bounded.delays]
            if bounded.retry:
                parts.append(_retry(bounded.retry))
            if isinstance(bounded, WaitStep):
                parts += [f"for {bounded.duration}"] if bounded.duration else []
                parts += [f"until {bounded.until}"] if bounded.until else []
                parts += [f"until {self.trigger(bounded.event)}"] if bounded.event else []
            if bounded.for_each:
                parts.append(f"for each {bounded.for_each.name} of {bounded.for_each.items}")
            parts += [
                f"beyond {one.limit} ask {self.name(one.ask) or 'a person'}"
                for one in bounded.guardrails
            ]
        return parts

    def rung(self, rung: Rung) -> str:
        """Say a rung of an escalation ladder."""
        by = f"{self.name(rung.by)} turns" if rung.by else "escalate"
        to = f"to {self.name(rung.to)}" if rung.to else "to nobody named"
        parts = [
            rung.if_says,
            *(condition.says for condition in rung.when),
            f"after {rung.after}" if rung.after else None,
            f"when it fails ({', '.join(rung.on)})" if rung.on else None,
            *(_deadline(one) for one in rung.deadlines),
            f"{by} {to}",
            f"via {self.name(rung.via)}" if rung.via else None,
        ]
        return ", ".join(part for part in parts if part)


def cases(step: Step, procedure: Procedure) -> list[str]:
    """Say when a step is done, where that is not always."""
    failed = [
        f"if step {number} fails"
        for number, one in enumerate(procedure.steps, start=1)
        if one.id == step.handles
    ]
    exact = (f"  ({one.cel})" if one.cel else "" for one in step.when)
    return failed + [one.says + cel for one, cel in zip(step.when, exact, strict=True)]


def ways(step: Step) -> list[str]:
    """Say where a step leads, where that is not just to the next one."""
    found = []
    if isinstance(step, DecisionStep):
        found += [f"{branch.when.says}: {_targets(branch.then)}" for branch in step.branches]
        found += [f"else: {_targets(step.otherwise)}"] if step.otherwise else []
    if step.next:
        found.append(f"then {_targets(step.next)}")
    if isinstance(step, ApprovalStep) and step.on_reject:
        found.append(f"rejected: {_targets(step.on_reject)}")
    if step.loop:
        found.append(f"back to {step.loop.back_to} {loop_words(step.loop)}")
    return found


def loop_words(loop: Loop) -> str:
    """Say how long a loop goes on."""
    until = f"until {loop.until.says}" if loop.until else "again"
    return until + (f", at most {loop.at_most} times" if loop.at_most else "")


def _targets(where: Next) -> str:
    return where if isinstance(where, str) else ", ".join(where)


def _deadline(deadline: Deadline) -> str:
    if deadline.within:
        of = f" {deadline.relation.value} {deadline.of}" if deadline.of else ""
        return f"within {deadline.within}{of}"
    return f"by {deadline.by}" if deadline.by else f"“{deadline.says}”"


def _delay(delay: Delay) -> str:
    if delay.wait:
        of = f" {delay.relation.value} {delay.of}" if delay.of else ""
        return f"wait {delay.wait}{of}"
    return f"until {delay.until}" if delay.until else f"“{delay.says}”"


def _cadence(cadence: Cadence) -> str:
    times = "" if cadence.times == 1 else f"{cadence.times} times "
    if cadence.every or cadence.schedule:
        return f"{times}every {cadence.every}" if cadence.every else f"at {cadence.schedule}"
    return f"“{cadence.says}”"


def _retry(retry: Retry) -> str:
    if retry.times is None:
        return f"retry “{retry.says}”"
    apart = f" every {retry.delay}" if retry.delay else ""
    return f"retry {retry.times} times{apart}"
