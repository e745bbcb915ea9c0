"""The embedded server's life: started, waited for, always stopped."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sopc.errors import UsageError, WorkError
from sopc_compiler.llm.embedded import EmbeddedServer, require_embedded

# What the child imports instead of the real runtime: the same names, and a server that only says
# that it is well.
RUNTIME = """
import http.server, threading, types
def CommonParams():
    return types.SimpleNamespace(
        model=types.SimpleNamespace(), cpuparams=types.SimpleNamespace(),
        cpuparams_batch=types.SimpleNamespace(),
    )
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
def Server(params):
    if params.model.path.endswith("broken.gguf"):
        raise RuntimeError("the file is no model")
    server = http.server.HTTPServer((params.hostnames[0], params.port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
"""


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a stand-in for the runtime; the path of its weights."""
    (tmp_path / "xllamacpp.py").write_text(RUNTIME)
    paths = [str(tmp_path), *sys.path]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    monkeypatch.setenv("SOPC_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "model.gguf"


def listens(port: int) -> bool:
    """Whether a server takes connections at a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_server_is_stopped_after_an_exception(runtime: Path) -> None:
    """An error in the work ends the server, and its log is removed."""
    server = EmbeddedServer(weights=runtime)

    def work() -> None:
        with server:
            assert listens(server.port)
            assert server.log.exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()

    assert not listens(server.port)
    assert not server.log.exists()


def test_a_server_that_fails_shows_its_last_lines(runtime: Path) -> None:
    """A child that ends while loading is one error with what it said last, and the log's place."""
    server = EmbeddedServer(weights=runtime.with_name("broken.gguf"))
    with pytest.raises(WorkError, match="the file is no model") as caught, server:
        pytest.fail("the server cannot have started")

    assert str(server.log) in str(caught.value.hint)


def test_a_server_that_never_gets_ready_is_given_up(runtime: Path) -> None:
    """A child that does not answer in time is stopped, and the error names the time."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    server = EmbeddedServer(command=command, weights=runtime, patience=0.5)
    with pytest.raises(WorkError, match=r"not ready within 0\.5 s"), server:
        pytest.fail("the server cannot have started")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_the_server_ends_with_its_parent(runtime: Path) -> None:
    """A parent that is killed leaves no server behind."""
    program = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from sopc_compiler.llm.embedded import EmbeddedServer
        with EmbeddedServer(weights=Path({str(runtime)!r})) as server:
            print(server.port, flush=True)
            time.sleep(60)
    """)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert listens(port)
        parent.kill()

    end = time.monotonic() + 10
    while listens(port) and time.monotonic() < end:
        time.sleep(0.05)
    assert not listens(port)


def test_without_any_model_one_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With neither endpoint, runtime nor weights, one error names both ways out."""
    monkeypatch.setenv("SOPC_MODEL_PATH", str(tmp_path / "none.gguf"))
    monkeypatch.setattr("sopc_compiler.llm.status.has_runtime", lambda: False)
    with pytest.raises(UsageError, match="there is no model to ask") as caught:
        require_embedded()

    hint = str(caught.value.hint)
    assert "`pip install 'sopc[local]'` and `sopc model pull`" in hint
    assert "SOPC_BASE_URL" in hint
