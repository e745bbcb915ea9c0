"""The pure interpreter: a graph, a run's state and an event in; the state and decisions out.

No clock, no input or output and no engine: whatever happens outside comes in as an event.
"""
