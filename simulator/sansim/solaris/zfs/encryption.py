"""Encryption as far as a host goes without it: what is refused before a key is asked for.

Source: illumos and OpenZFS libzfs_crypto.c.
"""

from sansim.solaris.zfs.command import Failure, Run
from sansim.solaris.zfs.settings import Changes

__all__ = ["check_clone", "check_encryption"]

_KEYS = ("keyformat", "keylocation", "pbkdf2iters", "keysource")


def check_encryption(run: Run, action: str, changes: Changes) -> None:
    """Check what a new dataset is to be encrypted with.

    Raises:
        Failure: It is to be encrypted, which is not simulated, or has properties of a key without being so.
    """
    keys = [name for name in _KEYS if changes.get(name, "none") != "none"]
    if changes.get("encryption", "off") == "off":
        if keys:
            raise Failure(f"{action}: Encryption must be turned on to set encryption properties.")
        return
    if "keyformat" in run.release.properties and "keyformat" not in keys:
        raise Failure(f"{action}: Keyformat required for new encryption root.")
    run.unsupported = "zfs create -o encryption"
    raise Failure(f"{action}: encryption is not simulated")


def check_clone(action: str, changes: Changes) -> None:
    """Check that a clone is not told how to be encrypted.

    Raises:
        Failure: It is.
    """
    if "encryption" in changes or any(name in changes for name in _KEYS):
        raise Failure(f"{action}: Encryption properties must inherit from origin dataset.")
