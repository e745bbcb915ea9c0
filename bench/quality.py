"""How many of the facts that a reader finds the compiler finds, beside one request for all of them.

bench/quality                                      the project's own examples
bench/quality --documents DIR --facts DIR          documents of your own, with NAME.json labels
"""

import argparse
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from baseline import one_request
from facts import LINE_END, Fact, all_citations, graph_facts
from score import TYPES, Count, score

from sopc.graph import Match
from sopc_compiler.compilation import compile_document
from sopc_compiler.llm import Gateway, ReplyCache, resolve_settings
from sopc_compiler.read.document import Document
from sopc_compiler.read.reader import read_document

_EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass
class Tally:
    """The counts of one way to extract, over all documents so far."""

    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in TYPES})

    def add(self, gold: list[Fact], predicted: list[Fact]) -> float:
        """Count one document; give its F1 over all facts."""
        found = score(gold, predicted)
        for kind, count in found.items():
            self.counts[kind] += count
        return sum(found.values(), Count()).f1

    @property
    def all(self) -> Count:
        """The counts over all types."""
        return sum(self.counts.values(), Count())


def main() -> None:
    """Compile, score and print."""
    options = _options()
    ours, theirs = Tally(), Tally()
    unlocated = 0
    cache = ReplyCache(options.cache_dir) if options.cache_dir else None
    with Gateway(resolve_settings(), cache=cache, offline=options.offline) as gateway:
        print(f"model: {gateway.settings.model}")
        for path, labels in _documents(options):
            gold = json.loads(labels.read_text(encoding="utf-8"))["facts"]
            document = read_document(path)
            started = time.monotonic()
            graph = compile_document(
                document,
                gateway=gateway,
                organization=None,
                answers=None,
                source_path=path.name,
                graph_id=path.stem,
            ).graph
            seconds = time.monotonic() - started
            facts = graph_facts(graph, document)
            unlocated += _unlocated(facts, document)
            unlocated += sum(cite.match is Match.NONE for cite in all_citations(graph))
            line = f"{path.stem:<36} sopc F1 {ours.add(gold, facts):.3f} ({seconds:.0f} s)"
            if options.baseline:
                f1 = theirs.add(gold, one_request(document, gateway))
                line += f"   one request F1 {f1:.3f}"
            print(line, flush=True)
            _write(options.out, path.stem, path.name, facts)
    _print_table(ours, theirs if options.baseline else None)
    print(f"facts whose quote is not in the prose: {unlocated}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/quality", description=__doc__.split("\n")[0] if __doc__ else None
    )
    parser.add_argument("--documents", type=Path, help="folder of documents")
    parser.add_argument("--facts", type=Path, help="folder of NAME.json with a reader's facts")
    parser.add_argument("--out", type=Path, help="write the compiler's facts to this folder too")
    parser.add_argument("--cache-dir", type=Path, help="where replies are kept")
    parser.add_argument("--offline", action="store_true", help="answer from the cache alone")
    parser.add_argument("--no-baseline", dest="baseline", action="store_false")
    options = parser.parse_args()
    if (options.documents is None) != (options.facts is None):
        parser.error("--documents and --facts go together")
    return options


def _documents(options: argparse.Namespace) -> list[tuple[Path, Path]]:
    if options.documents is None:
        labels = sorted(_EXAMPLES.glob("*/facts.json"))
        return [(path.with_name(f"{path.parent.name}.md"), path) for path in labels]
    found = []
    for labels in sorted(options.facts.glob("*.json")):
        name = json.loads(labels.read_text(encoding="utf-8"))["doc"]
        found.append((options.documents / name, labels))
    return found


def _unlocated(facts: list[Fact], document: Document) -> int:
    lines = LINE_END.split(document.text)
    return sum(fact["quote"] not in lines[fact["line"] - 1] for fact in facts)


def _write(folder: Path | None, stem: str, name: str, facts: list[Fact]) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"doc": name, "facts": facts}, ensure_ascii=False, indent=1)
        (folder / f"{stem}.json").write_text(text + "\n", encoding="utf-8")


def _print_table(ours: Tally, theirs: Tally | None) -> None:
    heading = f"{'type':<11}{'facts':>6}{'found':>7}{'right':>7}{'P':>7}{'R':>7}{'F1':>7}"
    print(heading + ("   one request: P      R     F1" if theirs else ""))
    for kind in (*TYPES, "all"):
        count = ours.all if kind == "all" else ours.counts[kind]
        line = f"{kind:<11}{count.gold:>6}{count.predicted:>7}{count.matched:>7}"
        line += f"{count.precision:>7.3f}{count.recall:>7.3f}{count.f1:>7.3f}"
        if theirs is not None:
            other = theirs.all if kind == "all" else theirs.counts[kind]
            line += f"{other.precision:>17.3f}{other.recall:>7.3f}{other.f1:>7.3f}"
        print(line)


if __name__ == "__main__":
    main()
