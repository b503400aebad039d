"""What each release of ZFS says and allows, where releases differ: texts, tables and rules, as data.

The engine and the programs read the release; they never ask which one it is.
"""

from attrs import frozen

__all__ = ["ILLUMOS", "ZfsRelease"]


@frozen
class ZfsRelease:
    """One release of ZFS, kernel and programs.

    Attributes:
        zero: How a size of nothing prints.
        devices: The directories in which the devices of volumes appear, each with a trailing slash.
    """

    zero: str = "0"
    devices: tuple[str, ...] = ("/dev/zvol/rdsk/", "/dev/zvol/dsk/")


ILLUMOS = ZfsRelease()
"""illumos of 2023, as OmniOS r151048 ships it."""
