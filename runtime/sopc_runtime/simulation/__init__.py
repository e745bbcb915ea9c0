"""Runs in memory on a virtual clock: simulation, scenario tests, replays."""
