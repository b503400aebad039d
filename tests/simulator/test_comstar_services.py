"""svcs and its kin: times, patterns, dependencies."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris import svcadm, svcprop, svcs
from sansim.solaris.smf import ISCSI_TARGET, STMF, Smf
from sansim.state import State


class Host:
    def __init__(self) -> None:
        self.clock = Clock(datetime(2026, 11, 22, 9, 5, 1, tzinfo=UTC))
        self.smf = Smf(State(), self.clock)
        self.programs = {
            "svcs": svcs.program(self.smf, self.clock),
            "svcadm": svcadm.program(self.smf),
            "svcprop": svcprop.program(self.smf),
        }

    def run(self, line: str) -> Answer:
        words = tuple(line.split())

        async def once() -> Answer:
            return await self.programs[words[0]](Call(words, Credentials("root", root=True), _no_file))

        return asyncio.run(once())


def _no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.mark.parametrize(
    ("later", "shown"),
    [(0, " 9:05:01"), (86399, " 9:05:01"), (86400, "Nov_22"), (86400 * 359, "Nov_22"), (86400 * 360, "2026")],
)
def test_the_time_of_a_state_is_shown_ever_more_coarsely(host: Host, later: int, shown: str) -> None:
    host.clock.advance(later)
    row = f"{'online':<15}{shown:<9}{ISCSI_TARGET}\n"
    assert host.run(f"svcs {ISCSI_TARGET}").printed == f"STATE          STIME    FMRI\n{row}"


@pytest.mark.parametrize(
    "pattern",
    [
        "svc:/network/iscsi/target:default",
        "svc:/network/iscsi/target",
        "network/iscsi/target:default",
        "network/iscsi/target",
        "iscsi/target",
        "target",
        "target:default",
        "*iscsi*",
    ],
)
def test_a_service_has_many_names(host: Host, pattern: str) -> None:
    assert host.run(f"svcs -H -o fmri {pattern}").printed == f"{ISCSI_TARGET}\n"


@pytest.mark.parametrize("pattern", ["svc:/iscsi/target:default", "scsi/target", "targe", "network"])
def test_half_a_name_is_none(host: Host, pattern: str) -> None:
    answer = host.run(f"svcs -H {pattern}")
    assert answer == Answer(stderr=f"svcs: Pattern '{pattern}' doesn't match any instances\n", status=1)


def test_a_pattern_for_several_needs_a_wildcard(host: Host) -> None:
    answer = host.run("svcadm disable default")
    assert answer.status == 1
    assert "matches multiple instances" in answer.stderr
    assert host.run("svcadm disable *default") == Answer()
    assert host.run("svcs -H -o state -a").printed == "disabled\ndisabled\n"


def test_a_service_runs_when_what_it_needs_does(host: Host) -> None:
    started: list[str] = []
    for fmri in (STMF, ISCSI_TARGET):
        host.smf.on_change(
            fmri,
            start=partial(started.append, f"+{fmri}"),
            stop=partial(started.append, f"-{fmri}"),
        )
    host.run(f"svcadm disable {STMF}")
    assert host.smf[ISCSI_TARGET].state == "offline"
    host.run(f"svcadm enable {STMF}")
    host.run(f"svcadm restart {STMF}")
    assert started == [
        f"-{ISCSI_TARGET}",
        f"-{STMF}",
        f"+{STMF}",
        f"+{ISCSI_TARGET}",
        f"-{ISCSI_TARGET}",
        f"-{STMF}",
        f"+{STMF}",
        f"+{ISCSI_TARGET}",
    ]


def test_only_what_ails_is_explained_unasked(host: Host) -> None:
    assert host.run("svcs -x") == Answer()
    host.run(f"svcadm disable {STMF}")
    assert host.run("svcs -x").printed.splitlines()[0] == ISCSI_TARGET
    assert f"Service {STMF} is not running" in host.run("svcs -x").printed
    assert "Disabled by an administrator" in host.run(f"svcs -x {STMF}").printed


def test_a_temporary_order_leaves_the_lasting_one(host: Host) -> None:
    host.run(f"svcadm disable -t {STMF}")
    assert host.run(f"svcprop -p general/enabled {STMF}").printed == "true\n"
    assert host.run(f"svcprop -p general_ovr/enabled {STMF}").printed == "false\n"
    host.run(f"svcadm enable {STMF}")
    assert host.run(f"svcprop -p general_ovr/enabled {STMF}").status == 1
    assert host.run(f"svcs -H -o state {STMF}").printed == "online\n"


def test_several_properties_come_with_names_and_types(host: Host) -> None:
    answer = host.run(f"svcprop -p general/enabled -p restarter/state {STMF}")
    assert answer.printed == "general/enabled boolean true\nrestarter/state astring online\n"
    both = host.run(f"svcprop -p general/enabled {STMF} {ISCSI_TARGET}")
    assert both.printed == "".join(f"{fmri}/:properties/general/enabled boolean true\n" for fmri in (STMF, ISCSI_TARGET))


@pytest.mark.parametrize("line", ["svcadm", "svcadm nonsense", "svcadm enable", "svcadm enable -x a", "svcprop"])
def test_usage_goes_to_standard_error(host: Host, line: str) -> None:
    answer = host.run(line)
    assert answer.status == 2
    assert answer.printed == ""
    assert "Usage: " in answer.stderr
