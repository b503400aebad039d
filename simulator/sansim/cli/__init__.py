"""The `sansim` command: `serve` is the simulator as a process of its own, the other verbs steer one that runs."""

from sansim.cli.main import main

__all__ = ["main"]
