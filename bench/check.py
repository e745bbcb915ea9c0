"""How long `sopc check` takes: one large graph, many graphs in a folder, and another linter.

    bench/check                 all of it, some minutes
    bench/check --largest 2000  smaller ones
    bench/check --runs 5        each figure is the median of so many runs

Two other linters look at files of as many lines as the graph has: cfn-lint at a CloudFormation
template, which is YAML with references between its parts, and yamllint at the graph itself, whose
form alone it knows. What is not installed is left out. Each run is a process of its own.
"""

import argparse
import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from graphs import cloud_template, folder_of_graphs, large_graph

_HEADING = f"{'what':<34}{'lines':>9}{'wall s':>9}{'cpu s':>9}{'MB':>7}{'findings':>10}"


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds of wall clock and of processor, megabytes at its peak."""

    wall: float
    cpu: float
    megabytes: float


def main() -> None:
    """Measure, and print a table with how the figures grow."""
    parser = argparse.ArgumentParser(prog="bench/check", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--largest", type=int, default=10_000, help="steps of the largest graph")
    parser.add_argument("--files", type=int, default=1000, help="graphs in the largest folder")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(_HEADING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = [options.largest // 8, options.largest // 4, options.largest // 2, options.largest]
        _grown("steps in one graph", steps, lambda n: _one(folder, n), options.runs)
        _grown("steps, most wrong", steps, lambda n: _wrong(folder, n), options.runs)
        files = [options.files // 8, options.files // 4, options.files // 2, options.files]
        _grown("graphs of 10 steps", files, lambda n: _many(folder, n), options.runs)
        for linter, made in (("yamllint", _yamllint), ("cfn-lint", _cfn_lint)):
            if shutil.which(linter) is None:
                print(f"{linter} is not installed")
                continue
            _grown(f"steps' lines, {linter}", steps, partial(made, folder), options.runs)


def _one(folder: Path, steps: int) -> tuple[list[str], Path]:
    path = folder / f"graph-{steps}.sop.yaml"
    path.write_text(large_graph(steps), encoding="utf-8")
    return _sopc(path), path


def _many(folder: Path, files: int) -> tuple[list[str], Path]:
    path = folder / f"folder-{files}"
    folder_of_graphs(path, files)
    return _sopc(path), path


def _wrong(folder: Path, steps: int) -> tuple[list[str], Path]:
    path = folder / f"wrong-{steps}.sop.yaml"
    path.write_text(large_graph(steps, mistakes=True), encoding="utf-8")
    return _sopc(path), path


def _yamllint(folder: Path, steps: int) -> tuple[list[str], Path]:
    _, path = _one(folder, steps)
    return ["yamllint", "--format", "parsable", "-d", "relaxed", str(path)], path


def _cfn_lint(folder: Path, steps: int) -> tuple[list[str], Path]:
    lines = large_graph(steps).count("\n")
    path = folder / f"template-{steps}.yaml"
    path.write_text(cloud_template(lines), encoding="utf-8")
    return ["cfn-lint", "--format", "parseable", str(path)], path


def _sopc(path: Path) -> list[str]:
    return [sys.executable, "-m", "sopc", "check", "--quiet", "--format", "concise", str(path)]


def _grown(
    what: str, sizes: Sequence[int], made: Callable[[int], tuple[list[str], Path]], runs: int
) -> None:
    """Measure sizes, and say by which power of its size the work grows."""
    costs = []
    for size in sizes:
        command, path = made(size)
        output = path.with_suffix(".out")
        measured = [_cost(command, output) for _ in range(runs)]
        cost = min(
            measured, key=lambda each: abs(each.cpu - statistics.median(m.cpu for m in measured))
        )
        costs.append(cost)
        files = path.rglob("*.yaml") if path.is_dir() else [path]
        lines = sum(file.read_text(encoding="utf-8").count("\n") for file in files)
        found = output.read_text(encoding="utf-8").count("\n")
        print(
            f"{f'{size:,} {what}':<34}{lines:>9,}{cost.wall:>9.2f}{cost.cpu:>9.2f}"
            f"{cost.megabytes:>7.0f}{found:>10,}",
            flush=True,
        )
    power = math.log(costs[-1].cpu / costs[-2].cpu) / math.log(sizes[-1] / sizes[-2])
    print(f"{'':<34}from {sizes[-2]:,} to {sizes[-1]:,}: grows as size to the power of {power:.2f}")


def _cost(command: list[str], output: Path) -> Cost:
    with output.open("wb") as file:
        started = time.monotonic()
        process = os.posix_spawnp(
            command[0],
            command,
            {**os.environ, "NO_COLOR": "1"},
            file_actions=[(os.POSIX_SPAWN_DUP2, file.fileno(), 1)],
        )
        _, _, usage = os.wait4(process, 0)
        wall = time.monotonic() - started
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
