"""The runtime needs no model client, and none of the compiler."""

import subprocess
import sys
from pathlib import Path

_WITHOUT = """
import importlib, importlib.abc, pkgutil, sys

class Refuses(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"openai", "sopc_compiler", "xllamacpp"}:
            raise ImportError(f"{name} is not installed")

sys.meta_path.insert(0, Refuses())
"""

_ALL_OF_THE_RUNTIME = (
    _WITHOUT
    + """
import sopc_runtime

count = 0
for each in pkgutil.walk_packages(sopc_runtime.__path__, "sopc_runtime."):
    importlib.import_module(each.name)
    count += 1
assert "openai" not in sys.modules and "sopc_compiler" not in sys.modules
print(count)
"""
)

_ALL_VERBS = (
    _WITHOUT
    + """
from sopc.cli.app import _Verbs

needs_the_compiler = {"compile", "ask", "model"}
for name, verb in _Verbs.verbs.items():
    if name not in needs_the_compiler:
        importlib.import_module(verb.module)
        print(name)
assert "openai" not in sys.modules and "sopc_compiler" not in sys.modules
"""
)


def _python(code: str, cwd: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_no_module_of_the_runtime_imports_a_model_client(tmp_path: Path) -> None:
    """Not even indirectly: everything loads where the client cannot be imported at all."""
    assert int(_python(_ALL_OF_THE_RUNTIME, tmp_path)) > 40


def test_every_verb_but_those_of_the_compiler_loads_without_a_model_client(
    tmp_path: Path,
) -> None:
    """Production hosts install neither."""
    verbs = _python(_ALL_VERBS, tmp_path).split()
    assert {"check", "show", "rules"} <= set(verbs)


_A_RUN = (
    _WITHOUT
    + """
import ipaddress, socket

connect = socket.socket.connect

def guarded(self, address):
    if self.family in {socket.AF_INET, socket.AF_INET6}:
        assert ipaddress.ip_address(address[0]).is_loopback, address
    return connect(self, address)

def refuse(*args, **kwargs):
    raise AssertionError(f"a name was looked up: {args}")

socket.socket.connect = guarded
socket.getaddrinfo = socket.gethostbyname = refuse
sys.argv = ["sopc", *sys.argv[1:]]

from sopc.cli import main

main()
"""
)

_GRAPH = """\
format: 1
id: sum
title: Sum
inputs: [{name: amount, type: integer}]
procedures:
  - id: sum
    title: Sum
    triggers:
      - {id: asked, kind: request, says: asked, payload: [{name: amount, type: integer}]}
    steps:
      - id: add
        kind: compute
        title: Add
        values: [{name: total, type: integer, cel: amount + 1}]
"""


def test_a_run_reaches_nothing_but_this_machine(tmp_path: Path) -> None:
    """It is deployed, run to its end and verified with no name looked up and no socket abroad."""
    (tmp_path / "sum.sop.yaml").write_text(_GRAPH, encoding="utf-8")
    for words in (
        ["run", "sum.sop.yaml", "--set", "amount=41", "--by", "Ana Ruiz", "--id", "first"],
        ["journal", "verify"],
        ["replay", "first"],
        ["runs", "show", "first"],
    ):
        command = [sys.executable, "-c", _A_RUN, *words, "--data", "data"]
        run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert run.returncode == 0, run.stderr
    assert "42" in run.stdout
