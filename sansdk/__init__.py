"""Drive iSCSI SAN arrays from Python."""

__version__ = "0.1.0"
