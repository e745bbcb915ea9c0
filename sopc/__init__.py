"""What compiler and runtime share, and the front door: the step graph, its checks and the CLI."""

__version__ = "0.1.0"
