"""Arrays that the shell simulates itself."""

from pathlib import Path
from typing import TYPE_CHECKING

from sanshell.status import UsageError

if TYPE_CHECKING:
    from sansim import Simulator

_EXTRA = ("sansim", "asyncssh", "bashkit", "tomli_w")
_KINDS = {"solaris": ("solaris",), "hp": ("hp",), "both": ("solaris", "hp")}


def simulator(which: str) -> "Simulator":
    """A simulator of `solaris`, `hp`, `both`, or what a TOML file says; to be entered by the caller.

    Raises:
        UsageError: The simulator is not installed, or the file cannot be used.
    """
    try:
        # Imported here, since the shell works without it.
        from sansim import ConfigError, Simulator  # noqa: PLC0415
        from sansim.config_file import read  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRA:
            raise
        raise UsageError(f"The simulator needs {missing.name}: pip install 'sansdk[simulator]'.") from None
    if which in _KINDS:
        return Simulator(_KINDS[which])
    try:
        return Simulator(read(Path(which)))
    except ConfigError as error:
        raise UsageError(f"--simulator={which}: {error}") from None
