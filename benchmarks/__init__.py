"""Figures of the simulator's speed and size, each against the bound that it promises to keep.

Run them with `python -m benchmarks`. One module measures one figure or a few that belong together.
"""
