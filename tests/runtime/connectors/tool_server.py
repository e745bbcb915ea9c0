"""An MCP server for the tests: in process, by stdin and stdout, or over HTTP."""

import os
import sys
import time
from pathlib import Path
from typing import Literal

import anyio
from mcp.server import MCPServer
from mcp_types import ToolAnnotations
from pydantic import BaseModel


class Refund(BaseModel):
    refund: str
    amountPaid: int  # noqa: N815 # a name that graphs do not have


def tool_server(log: Path) -> MCPServer:
    """Make a server that notes each call of `pay` in a file."""
    server = MCPServer("till")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def score(company: str) -> int:
        """Look up a score."""
        return len(company)

    @server.tool(annotations=ToolAnnotations(idempotent_hint=True, destructive_hint=False))
    def pay(charge: str, refundAmount: int = 5, idempotency_key: str | None = None) -> Refund:  # noqa: N803
        """Pay back a charge."""
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{charge} {idempotency_key}\n")
        if charge.startswith("bad"):
            raise ValueError(charge)
        return Refund(refund=f"r-{charge}", amountPaid=refundAmount)

    @server.tool(annotations=ToolAnnotations(destructive_hint=True))
    async def drop(seconds: float, why: Literal["old", "wrong"] = "old") -> str:
        """Take a while."""
        await anyio.sleep(seconds)
        return why

    @server.tool()
    def post(channel: str, text: str) -> str:
        """Post a text."""
        return f"{channel}: {text}"

    @server.tool(structured_output=False)
    def plain(kind: str) -> str:
        """Give a text."""
        return {"object": '{"score": 7}', "list": "[1, 2]", "nan": "NaN", "text": "hello"}[kind]

    @server.tool()
    def die() -> str:
        """End the process in the midst of a call."""
        print("out of paper", file=sys.stderr, flush=True)  # noqa: T201 # the last words
        time.sleep(0.02)
        os._exit(3)

    @server.tool()
    def token() -> str:
        """Tell a secret."""
        return os.environ.get("SOPC_TEST_SECRET", "none")

    return server


if __name__ == "__main__":
    if "--broken" in sys.argv:
        print("no licence", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    tool_server(Path(sys.argv[1])).run("stdio")
