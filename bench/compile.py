"""What compiling costs: requests, tokens, wall time, and what the cache saves, by document.

    bench/compile                       the project's own examples
    bench/compile --documents DIR       documents of your own

Each document is compiled twice with a cache of its own: cold, then unchanged.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from sopc_compiler.compilation import compile_document
from sopc_compiler.llm import Gateway, GatewayStats, ReplyCache, resolve_settings
from sopc_compiler.read.reader import read_document

_EXAMPLES = Path(__file__).parents[1] / "examples"
_HEADING = (
    f"{'document':<36}{'requests':>9}{'in':>8}{'out':>7}{'cold s':>9}{'again s':>9}"
    f"{'asked again':>13}"
)


def main() -> None:
    """Compile each document twice and print what it cost."""
    parser = argparse.ArgumentParser(
        prog="bench/compile", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--documents", type=Path, help="folder of documents; otherwise the examples"
    )
    options = parser.parse_args()
    pattern, folder = ("*", options.documents) if options.documents else ("*/*.md", _EXAMPLES)
    paths = sorted(
        p for p in folder.glob(pattern) if p.is_file() and p.suffix in {".md", ".txt", ".html"}
    )
    print(_HEADING)
    with (
        tempfile.TemporaryDirectory() as cache,
        Gateway(resolve_settings(), cache=ReplyCache(Path(cache))) as gateway,
    ):
        for path in paths:
            before = replace(gateway.stats)
            cold = _seconds(path, gateway)
            first = _since(gateway.stats, before)
            before = replace(gateway.stats)
            again = _seconds(path, gateway)
            second = _since(gateway.stats, before)
            print(
                f"{path.stem:<36}{first.requests:>9}{first.prompt_tokens:>8}"
                f"{first.completion_tokens:>7}{cold:>9.1f}{again:>9.2f}"
                f"{second.requests - second.cached:>13}",
                flush=True,
            )


def _seconds(path: Path, gateway: Gateway) -> float:
    started = time.monotonic()
    compile_document(
        read_document(path),
        gateway=gateway,
        organization=None,
        answers=None,
        source_path=path.name,
        graph_id=path.stem,
    )
    return time.monotonic() - started


def _since(now: GatewayStats, before: GatewayStats) -> GatewayStats:
    return GatewayStats(
        requests=now.requests - before.requests,
        cached=now.cached - before.cached,
        prompt_tokens=now.prompt_tokens - before.prompt_tokens,
        completion_tokens=now.completion_tokens - before.completion_tokens,
    )


if __name__ == "__main__":
    main()
