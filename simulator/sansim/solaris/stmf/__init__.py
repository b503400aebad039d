"""The stmf services of the kernel: logical units, views, groups, ports."""
