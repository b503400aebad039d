"""The program `zpool`."""
