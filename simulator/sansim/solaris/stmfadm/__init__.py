"""The programs `stmfadm` and `sbdadm` over the stmf services."""
