"""`zfs version` (source: OpenZFS zfs_main.c, libzfs_util.c)."""

from collections.abc import Sequence

from sansim.solaris.zfs.command import Run

__all__ = ["version"]


def version(run: Run, arguments: Sequence[str]) -> None:  # noqa: ARG001 - it looks at none
    """Print the version of the programs and of the kernel's module."""
    run.say(f"zfs-{run.release.version}")
    run.say(f"zfs-kmod-{run.release.version}")
