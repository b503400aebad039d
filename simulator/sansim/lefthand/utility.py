"""The command `utility`: programs of the storage node's system, of which it runs those of a fixed list.

Seen: the list that it shows alone, the exit code and the output of a program that it is told to run, the file with the
version. What the other programs print is inferred: a Linux of its time. What they could print and this node cannot is
refused.
"""

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import GENERAL_ERROR
from sansim.lefthand.node_system import NodeSystem
from sansim.lefthand.rendering import Element
from sansim.lefthand.results import Refusal

__all__ = ["ALLOWED", "SHOWN", "utility"]

ALLOWED = (
    "arp", "cat", "createschedule", "deleteschedule", "df", "dmesg", "du", "dumpdb", "env", "find", "forceauth",
    "gatherlogs", "groupsupportinfo", "haldiag", "hardwarereport", "ifconfig", "iperf", "iperfstatus", "ls", "lsof",
    "lspci", "netigram", "netstat", "nmap", "nsmsupportinfo", "ntpq", "perldb", "ping", "platformlogs", "ps", "pwd",
    "recoverquorum", "rmlog", "saniqtrace", "service", "servicectl", "tcpdump", "textdb", "top", "tpcqueues",
    "traceroute", "xmldb", "zcat",
)  # fmt: skip
"""The programs that may be run (seen, 12.6; that other releases have the same is inferred)."""

_RESULT = "0"
"""What stands as `result` beside the exit code of a program that ran (seen, 13.5)."""


@frozen
class _Ran:
    """What became of a program that ran."""

    output: str
    exit_code: int = 0


def utility(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Run a program, or show which programs may be run."""
    if "run" not in arguments:
        return [Element("utility", {}, content="".join(f"{name}\n" for name in ALLOWED))]
    line = arguments.text("run")
    name, *words = line.split() or [""]
    if name not in ALLOWED:
        raise Refusal(GENERAL_ERROR, f"Utility '{name}' is not allowed.")
    ran = _run(NodeSystem(group, flavour), name, words)
    if ran is None:
        raise Refusal(GENERAL_ERROR, f"Utility '{line}' could not be run.", f"utility {line}")
    return [Element("utility", {"exitCode": str(ran.exit_code), "result": _RESULT}, content=ran.output)]


def _run(system: NodeSystem, name: str, words: Sequence[str]) -> _Ran | None:
    """Return what a program printed; None where this node does not know."""
    if name == "cat":
        return _cat(system, words)
    show = SHOWN.get(" ".join((name, *words)))
    return None if show is None else _Ran(show(system))


def _cat(system: NodeSystem, paths: Sequence[str]) -> _Ran | None:
    """Print files; without one the program waits for input that never comes."""
    files = system.files()
    if not paths or not set(paths) <= set(files):
        return None
    return _Ran("".join(files[path] for path in paths))


SHOWN: Mapping[str, Callable[[NodeSystem], str]] = {
    "arp": NodeSystem.neighbours,
    "arp -n": NodeSystem.neighbours,
    "df": NodeSystem.file_systems,
    "df -k": NodeSystem.file_systems,
    "ifconfig": NodeSystem.interfaces,
    "ifconfig -a": NodeSystem.interfaces,
    "netstat -rn": NodeSystem.routes,
    "ps": NodeSystem.processes,
}
"""What this node answers, word for word as it may be asked."""
