"""A PostgreSQL server for a short while: of its own, on loopback, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql


@contextmanager
def cluster() -> Iterator["Server | None"]:
    """Start a server; gives None where PostgreSQL is not installed."""
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="sopc-pg-") as name:
        folder = Path(name)
        server = Server(folder)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Server:
    """A server in a folder; it can be stopped and started again.

    The server refuses to run as root, so that it is then run as `nobody`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._as = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def database(self, name: str) -> str:
        """Make a database of this name, and give its URL."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def make(self) -> None:
        """Make an empty database."""
        if self._as:
            shutil.chown(self.folder, "nobody")
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        # The server itself is never killed, so that it need not wait for the disk.
        settings = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 "
            "-c fsync=off -c full_page_writes=off"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", settings, "start")

    def stop(self) -> None:
        """Stop it at once, connections or not."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    def _run(self, *command: str) -> None:
        subprocess.run(  # noqa: S603
            [*self._as, *command],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
