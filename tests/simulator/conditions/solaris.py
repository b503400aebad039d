"""What a plain SSH client asks of a Solaris host."""

import re

from sansim import SimulatedArray
from tests.simulator.conftest import exec_over_ssh

__all__ = ["refused", "said", "unit"]


def said(host: SimulatedArray, line: str) -> str:
    """What a command line prints that succeeds."""
    status, stdout, stderr = exec_over_ssh(host, line)
    assert (status, stderr) == (0, b""), (line, stdout, stderr)
    return stdout.decode()


def refused(host: SimulatedArray, line: str) -> tuple[int | None, str]:
    """The status and the complaint of a command line that fails."""
    status, _, stderr = exec_over_ssh(host, line)
    assert status != 0, line
    return status, stderr.decode()


def unit(host: SimulatedArray, volume: str) -> str:
    """The GUID of a new logical unit on a volume."""
    said(host, f"zfs create -V 1G {volume}")
    found = re.search(
        r"^LU Name|Logical unit created: (\w{32})", said(host, f"stmfadm create-lu /dev/zvol/rdsk/{volume}")
    )
    assert found is not None
    return found[1]
