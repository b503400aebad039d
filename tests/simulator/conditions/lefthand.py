"""What a plain SSH client asks of a LeftHand group."""

import re

from sansim import SimulatedArray
from tests.simulator.conftest import exec_over_ssh

__all__ = ["names", "refused", "said", "value", "volume"]


def said(group: SimulatedArray, line: str) -> str:
    """What a command answers that succeeds."""
    status, stdout, stderr = exec_over_ssh(group, f"{line} output=XML")
    assert (status, stderr) == (0, b""), (line, stdout)
    return stdout.decode()


def refused(group: SimulatedArray, line: str) -> str:
    """The name of the result of a command that fails."""
    status, stdout, _ = exec_over_ssh(group, f"{line} output=XML")
    assert status != 0, line
    return value(stdout.decode(), "name")


def value(answer: str, attribute: str) -> str:
    """The first value that an attribute has in an answer."""
    found = re.search(rf'\b{attribute}="([^"]*)"', answer)
    assert found is not None, (attribute, answer)
    return found[1]


def volume(group: SimulatedArray, name: str, more: str = "thinProvision=1") -> None:
    said(group, f"createVolume volumeName={name} clusterName=Cluster01 size=1GB {more}")


def names(group: SimulatedArray) -> set[str]:
    """The names of the storage nodes that are up, by the group's own word."""
    nodes = re.findall(r"<nsm [^>]*>", said(group, "getNsmInfo"))
    return {value(node, "name") for node in nodes if value(node, "status") == "up"}
