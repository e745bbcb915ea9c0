"""An MCP server with four scores of suppliers, some of them missing, and a file for results."""

import csv
import hashlib
import sys
from pathlib import Path

from mcp.server import MCPServer
from mcp_types import ToolAnnotations

KINDS = ("quality", "delivery", "price", "service")


def score_of(kind: str, supplier: str) -> int | None:
    """Give a score from 0 to 100, always the same one; one in three is missing."""
    number = int(hashlib.sha256(f"{kind}:{supplier}".encode()).hexdigest()[:8], 16)
    return None if number % 3 == 0 else number % 101


def rating_server(results: Path) -> MCPServer:
    """Make the server; each result is appended to the file as a row."""
    server = MCPServer("ratings")

    def look_up(kind: str) -> None:
        def tool(supplier: str) -> dict[str, int | None]:
            return {kind: score_of(kind, supplier)}

        reads = ToolAnnotations(read_only_hint=True)
        server.add_tool(tool, name=f"{kind}_score", description=kind, annotations=reads)

    for kind in KINDS:
        look_up(kind)

    @server.tool(annotations=ToolAnnotations(idempotent_hint=True, destructive_hint=False))
    def write_result(supplier: str, total: int, grade: str) -> dict[str, bool]:
        """Write a result down."""
        with results.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([supplier, total, grade])
        return {"written": True}

    return server


if __name__ == "__main__":
    rating_server(Path(sys.argv[1])).run("stdio")
