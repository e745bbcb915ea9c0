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
