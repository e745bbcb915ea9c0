"""`docs/architecture.md` names the passes and the layers that there are."""

import re
import tomllib

from docs.pages import ROOT, rows
from sopc_compiler.compilation import PASSES

PAGE = ROOT / "docs/architecture.md"


def test_the_passes_are_listed_in_their_order() -> None:
    """The table of passes is the tuple of passes."""
    assert [name for name, _ in rows(PAGE, "## Passes")] == [f"`{name}`" for name, _ in PASSES]


def test_the_layers_are_those_of_the_contract() -> None:
    """The table of layers is the import contract, top to bottom."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    told = [re.findall(r"`([\w.]+)`", name) for name, _ in rows(PAGE, "## Layers")]
    assert told == [layer.split(" | ") for layer in layers]


def test_the_compiler_s_packages_are_listed() -> None:
    """Every package of the compiler has a row."""
    packages = sorted(
        f"`sopc_compiler.{path.parent.name}`"
        for path in (ROOT / "compiler/sopc_compiler").glob("*/__init__.py")
    )
    assert sorted(name for name, _ in rows(PAGE, "Within the compiler:")) == packages
