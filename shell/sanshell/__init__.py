"""A shell for SAN arrays: one command at a time, by script, or interactively."""
