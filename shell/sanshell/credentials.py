"""Where passwords and CHAP secrets come from and go to: files and the environment, never the command line."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import sansdk
from sanshell.status import UsageError

PASSWORD: Final = "SANSDK_PASSWORD"  # noqa: S105 - the name of a variable
HOST_KEY: Final = "SANSDK_HOST_KEY"


def read_secret(path: str) -> sansdk.Secret:
    """The secret in a file, without its last newline; `-` is one line of standard input.

    Raises:
        sansdk.InputError: The file cannot be read.
    """
    if path == "-":
        return sansdk.Secret(sys.stdin.readline().removesuffix("\n"))
    return sansdk.Secret.from_file(path)


def password(path: str | None) -> sansdk.Secret | None:
    """The array's password: of the file, else of the environment; None where neither says one."""
    if path is not None:
        return read_secret(path)
    return sansdk.Secret.from_env(PASSWORD) if PASSWORD in os.environ else None


def state_directory() -> Path:
    """Where the shell keeps its history and the secrets that it made; ours alone to read."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    directory = Path(base) / "sanshell"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


class SecretFile:
    """A file for a secret that an array call may make: opened before the call, gone if there was none to keep.

    It is made readable by its owner alone, and never in place of another file.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(f"{path} exists and is not overwritten: name another file.") from None
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
        self._kept = False

    @classmethod
    def named_for(cls, array: str, volume: str) -> Self:
        """A file of its own in the state directory."""
        directory = state_directory() / "secrets"
        directory.mkdir(mode=0o700, exist_ok=True)
        name = f"{array}-{volume}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}".replace("/", "_")
        return cls(directory / name)

    def keep(self, secret: sansdk.Secret) -> None:
        """Write the secret."""
        os.write(self._descriptor, f"{secret.reveal()}\n".encode())
        self._kept = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        if not self._kept:
            self.path.unlink()
