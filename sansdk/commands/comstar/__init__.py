"""COMSTAR and what it stands on: stmfadm, itadm, sbdadm and the service framework, a package each."""

from sansdk.commands.comstar import itadm, sbdadm, stmfadm, svcs

__all__ = ["itadm", "sbdadm", "stmfadm", "svcs"]
