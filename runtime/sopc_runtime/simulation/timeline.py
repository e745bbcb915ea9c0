"""What happened in runs, when and to whom, as lines that people read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sopc_runtime.core.decision import (
    BranchTaken,
    Call,
    CloseTask,
    DeadlineMissed,
    Decision,
    Escalate,
    Finish,
    OpenTask,
    Remark,
    SetTimer,
    StartChild,
    StepDone,
    StepFailed,
    StepSkipped,
)
from sopc_runtime.core.event import (
    CallInDoubt,
    Cancelled,
    Event,
    EventArrived,
    ModeChanged,
    Started,
    TaskDecided,
    Values,
)
from sopc_runtime.core.task import TaskKind
from sopc_runtime.simulation.memory import MemoryRun, Taken

_SHOWN = 60
_WAITS = {
    "delay": "held back until",
    "wait": "waits until",
    "retry": "tries again at",
    "cadence": "is repeated at",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened in a run: an event that it took, or a decision upon one."""

    run: MemoryRun
    at: datetime
    what: Event | Decision

    @property
    def step(self) -> str:
        """The step that it is about; empty where it is about the run."""
        match self.what:
            case OpenTask(task=task):
                return task.step
            case SetTimer(timer=timer):
                return timer.partition(":")[0]
            case _:
                return getattr(self.what, "step", "")


def happenings(journal: Iterable[tuple[MemoryRun, Taken]]) -> Iterator[Happening]:
    """Give all that happened, in order: each event before what was decided upon it."""
    for run, taken in journal:
        yield Happening(run, taken.event.at, taken.event)
        for decision in taken.decisions:
            yield Happening(run, taken.event.at, decision)


def in_words(  # noqa: PLR0911 # one a kind
    happening: Happening, zone: ZoneInfo
) -> str | None:
    """Say what happened; None for what nobody needs to read."""
    what = happening.what
    match what:
        case Started() | TaskDecided() | EventArrived() | Cancelled() | ModeChanged():
            return _event(happening, what)
        case CallInDoubt():
            return f"nobody knows whether it happened: {what.message}"
        case Call():
            dry = ", which is only shown" if what.dry else ""
            return f"{what.step}: asks {what.system} to {what.operation}{_given(what.inputs)}{dry}"
        case OpenTask(task=task):
            whom = ", ".join(task.roles) or "anybody"
            due = f", due {local(task.due, zone)}" if task.due else ""
            return f"{task.step}: {_asked(task.kind)} {whom}: {task.asks}{due}"
        case SetTimer():
            path, _, rest = what.timer.partition(":")
            words = _WAITS.get(rest)
            return f"{path}: {words} {local(what.due, zone)}" if words else None
        case Finish():
            return f"the run is {what.status}" + (f": {what.why}" if what.why else "")
        case _:
            return _decision(what)


def _decision(what: Event | Decision) -> str | None:  # noqa: PLR0911 # one a kind
    match what:
        case StepDone():
            return f"{what.step}: done{_given(what.values)}"
        case StepSkipped():
            return f"{what.step}: skipped, {what.why}"
        case StepFailed():
            return f"{what.step}: failed, {what.failure}: {what.message}"
        case BranchTaken():
            return f"{what.step}: goes to {', '.join(what.to)}, because {what.because}"
        case DeadlineMissed():
            return f"{what.step or 'the run'}: late, not done {what.says}"
        case Escalate():
            whom, via = what.to or "nobody named", f" via {what.via}" if what.via else ""
            quiet = ", which is only recorded" if what.quiet else ""
            return f"{what.step or 'the run'}: escalated to {whom}{via}, {what.why}{quiet}"
        case StartChild():
            return f"{what.step}: calls {what.procedure or what.file}{_given(what.values)}"
        case CloseTask():
            return f"task {what.task} is closed, {what.why}"
        case Remark():
            return f"{what.step}: {what.says}" if what.step else what.says
        case _:
            return None


def _event(
    happening: Happening, what: Started | TaskDecided | EventArrived | Cancelled | ModeChanged
) -> str:
    match what:
        case Started():
            trigger = f" by {what.trigger}" if what.trigger else ""
            called = f" for {what.parent}" if what.parent else ""
            return f"started{trigger}{called}{_given(what.values)}"
        case TaskDecided():
            step = _step_of(happening.run, what.task)
            reason = f", because {what.reason}" if what.reason else ""
            return f"{step}: {what.by} decides {what.choice}{_given(what.values)}{reason}"
        case EventArrived():
            return f"in {what.system}: {what.event}{_given(what.values)}"
        case Cancelled():
            return f"{what.by} cancels it"
        case ModeChanged():
            return f"{what.by} changes the mode to {what.mode}"


def _step_of(run: MemoryRun, task: str) -> str:
    found = (
        decision.task.step
        for taken in run.history
        for decision in taken.decisions
        if isinstance(decision, OpenTask) and decision.task.id == task
    )
    return next(found, task)


def _asked(kind: TaskKind) -> str:
    return {
        TaskKind.WORK: "a task for",
        TaskKind.APPROVAL: "an approval by",
        TaskKind.ACT: "an act to approve by",
        TaskKind.QUESTION: "a question to",
        TaskKind.DOUBT: "a doubt for",
        TaskKind.COMPARISON: "a comparison by",
        TaskKind.TROUBLE: "trouble for",
    }[kind]


def _given(values: Values) -> str:
    if not values:
        return ""
    told = ", ".join(f"{name} {_short(value)}" for name, value in values.items())
    return f" ({told})"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def local(at: datetime, zone: ZoneInfo) -> str:
    """Give an instant as people of a time zone read it."""
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M:%S}"


def passed(length: timedelta) -> str:
    """Give how long something took: `4 h`, `2 d 3 h 5 min`, `12 s`."""
    seconds = round(length.total_seconds())
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in units if number) or "0 s"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a timeline; `entry` is the number of the journal's entry behind it."""

    entry: int
    at: datetime
    run: MemoryRun
    words: str


def lines_of(journal: Iterable[tuple[MemoryRun, Taken]], zone: ZoneInfo) -> list[Line]:
    """Give what happened and is worth a line, in order."""
    found = []
    for number, entry in enumerate(journal):
        for each in happenings([entry]):
            words = in_words(each, zone)
            if words is not None:
                found.append(Line(number, each.at, each.run, words))
    return found


def written(lines: Iterable[Line], zone: ZoneInfo, *, main: str | None = None) -> list[str]:
    """Write lines: when, and what; an instant that repeats stands once.

    Lines of other runs than `main` say of which procedure they are.
    """
    shown, before = [], ""
    for line in lines:
        when = local(line.at, zone)
        whose = f"[{line.run.state.procedure}] " if main not in {None, line.run.id} else ""
        shown.append(f"{when if when != before else ' ' * len(when)}  {whose}{line.words}")
        before = when
    return shown
