"""Where the control sockets of a user's simulators are: in a directory that is theirs alone, named after processes."""

import os
import socket
import stat
from pathlib import Path

from sansim.control.protocol import ControlError

__all__ = ["claim", "default_path", "find", "is_answered", "running", "runtime_directory"]

_SUFFIX = ".sock"
_OTHERS = 0o077
_PATIENCE = 5.0
_VARIABLE = "SANSIM_CONTROL"


def runtime_directory() -> Path:
    """Return the directory of this user's control sockets: `$XDG_RUNTIME_DIR/sansim`, else `/tmp/sansim-UID`."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(given) and _is_ours(Path(given)):  # noqa: PTH117 - text that may be empty
        return Path(given) / "sansim"
    return Path(f"/tmp/sansim-{os.geteuid()}")  # noqa: S108 - its owner and rights are checked before it is trusted


def default_path() -> Path:
    """Return where the socket of this process belongs, in a directory that is made if it is not there.

    Raises:
        ControlError: The directory is not to be trusted.
    """
    directory = runtime_directory()
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ControlError(
            f"cannot make {directory}: {error.strerror}; name a socket elsewhere with --control PATH"
        ) from error
    # Those of killed ones go, so that they do not pile up.
    running()
    return directory / f"{os.getpid()}{_SUFFIX}"


def running() -> list[Path]:
    """Return the sockets of this user's simulators that run, and remove those of dead ones.

    Raises:
        ControlError: The directory is not to be trusted.
    """
    directory = runtime_directory()
    if not os.path.lexists(directory):
        return []
    _check(directory)
    found = []
    for path in sorted(directory.glob(f"*{_SUFFIX}")):
        if is_answered(path):
            found.append(path)
        elif not _runs(path.stem):
            # One that runs and does not answer yet is about to.
            path.unlink(missing_ok=True)
    return found


def find(given: Path | None = None) -> Path:
    """Return the socket to use: the one given, that of `SANSIM_CONTROL`, or that of the only simulator that runs.

    Raises:
        ControlError: None runs, or several do.
    """
    named = os.environ.get(_VARIABLE)
    if given is not None:
        return given
    if named:
        return Path(named)
    found = running()
    if not found:
        raise ControlError(
            "no simulator of yours runs in the usual place; start one with `sansim serve`, "
            f"or name its socket with --control PATH or {_VARIABLE}"
        )
    if len(found) > 1:
        lines = "".join(f"\n  --control {path}" for path in found)
        raise ControlError(f"several simulators of yours run; say which with one of{lines}")
    return found[0]


def is_answered(path: Path) -> bool:
    """Tell whether somebody listens at a socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_PATIENCE)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def claim(path: Path) -> None:
    """Make way for a socket: what a dead simulator left behind is removed.

    Raises:
        ControlError: A simulator answers there, or something else is there.
    """
    if not os.path.lexists(path):
        return
    if not stat.S_ISSOCK(path.lstat().st_mode):
        raise ControlError(f"{path} is there and is no socket; name another with --control PATH")
    if is_answered(path):
        raise ControlError(f"a simulator answers at {path} already; stop it, or name another with --control PATH")
    path.unlink(missing_ok=True)


def _check(directory: Path) -> None:
    """Refuse a directory in which somebody else could have put a socket."""
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise ControlError(f"{directory} is no directory; remove it, or name a socket elsewhere with --control PATH")
    if found.st_uid != os.geteuid():
        raise ControlError(
            f"{directory} belongs to somebody else (user {found.st_uid}) and is not trusted; "
            "set XDG_RUNTIME_DIR, or name a socket elsewhere with --control PATH"
        )
    if found.st_mode & _OTHERS:
        raise ControlError(
            f"{directory} is open to others (mode {stat.S_IMODE(found.st_mode):04o}) and is not trusted; "
            f"see what is in it, then chmod 700 {directory}"
        )


def _is_ours(directory: Path) -> bool:
    try:
        found = directory.stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _runs(process: str) -> bool:
    """Tell whether a process, given by its number, runs; what is no number is none of ours."""
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
