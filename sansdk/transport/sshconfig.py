"""What the user's ssh_config says about a host, read by paramiko's parser and by nobody else."""

import logging
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen
from paramiko import SSHConfig
from paramiko.ssh_exception import ConfigParseError, CouldNotCanonicalize

from sansdk.errors import InputError
from sansdk.transport.hostkeys import Strictness

_SYSTEM = Path("/etc/ssh")
_log = logging.getLogger("sansdk.transport")


@frozen
class SshSettings:
    """The settings that apply to one host; None and empty where nothing is said.

    Attributes:
        host: Where to connect to (`HostName`, else the host that was asked for).
        port: `Port`.
        user: `User`.
        identity_files: `IdentityFile`, in order.
        identities_only: `IdentitiesOnly`: no other keys of an agent.
        known_hosts: `UserKnownHostsFile` and `GlobalKnownHostsFile`, the defaults included.
        strictness: `StrictHostKeyChecking`; `no` is taken as `accept-new`, since a changed key is never accepted.
    """

    host: str
    port: int | None
    user: str | None
    identity_files: tuple[Path, ...]
    identities_only: bool
    known_hosts: tuple[Path, ...]
    strictness: Strictness


def read_settings(host: str, files: Iterable[Path] | None = None) -> SshSettings:
    """Look `host` up.

    Args:
        host: As the user wrote it.
        files: Instead of `~/.ssh/config` and `/etc/ssh/ssh_config`.

    Raises:
        InputError: A file is there, but cannot be read or understood.
    """
    config = SSHConfig()
    for file in files if files is not None else (Path.home() / ".ssh/config", _SYSTEM / "ssh_config"):
        _parse(config, file)
    try:
        found: dict[str, str] = config.lookup(host)
        port = int(found["port"]) if "port" in found else None
    except (ConfigParseError, CouldNotCanonicalize, ValueError) as error:
        raise InputError(f"ssh_config cannot be applied to {host}: {error}.") from None
    for proxy in ("proxyjump", "proxycommand"):
        if found.get(proxy, "none") not in {"none", None}:
            _log.warning("ssh_config names a %s for %s, which is not followed here", proxy, host)
    identity_files: Iterable[str] = found.get("identityfile", ())
    return SshSettings(
        host=found["hostname"],
        port=port,
        user=found.get("user"),
        identity_files=tuple(Path(file).expanduser() for file in identity_files),
        identities_only=found.get("identitiesonly", "no").lower() == "yes",
        known_hosts=(
            *_paths(found.get("userknownhostsfile", "~/.ssh/known_hosts ~/.ssh/known_hosts2")),
            *_paths(found.get("globalknownhostsfile", f"{_SYSTEM}/ssh_known_hosts {_SYSTEM}/ssh_known_hosts2")),
        ),
        strictness="accept-new"
        if found.get("stricthostkeychecking", "ask").lower() in {"accept-new", "no", "off"}
        else "yes",
    )


def _parse(config: SSHConfig, file: Path) -> None:
    try:
        with file.open(encoding="utf-8", errors="surrogateescape") as lines:
            config.parse(lines)
    except FileNotFoundError:
        return
    except (OSError, ConfigParseError) as error:
        raise InputError(f"{file} cannot be used: {error}.") from None


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(Path(word).expanduser() for word in text.split() if word != "none")
