"""Pictures of a step graph, for reading: a tree for the terminal and Mermaid charts."""

from sopc.render.mermaid import mermaid
from sopc.render.tree import graph_tree

__all__ = ["graph_tree", "mermaid"]
