"""svcs and its kin: times, patterns, dependencies."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.smf import svcadm, svcprop, svcs
from sansim.solaris.smf.smf import ISCSI_TARGET, STMF, Smf
from sansim.state import State

_ROOT = Credentials("root", root=True)


class Host:
    def __init__(self) -> None:
        self.clock = Clock(datetime(2026, 11, 22, 9, 5, 1, tzinfo=UTC))
        self.smf = Smf(State(), self.clock)
        self.programs = {
            "svcs": svcs.program(self.smf, self.clock),
            "svcadm": svcadm.program(self.smf),
            "svcprop": svcprop.program(self.smf),
        }

    async def answer(self, line: str, who: Credentials = _ROOT) -> Answer:
        words = tuple(line.split())
        return await self.programs[words[0]](Call(words, who, _no_file))

    def run(self, line: str, who: Credentials = _ROOT) -> Answer:
        return asyncio.run(self.answer(line, who))


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
        "*iscsi/t*",
    ],
)
def test_a_service_has_many_names(host: Host, pattern: str) -> None:
    assert host.run(f"svcs -H -o fmri {pattern}").printed == f"{ISCSI_TARGET}\n"


@pytest.mark.parametrize("pattern", ["svc:/iscsi/target:default", "scsi/target", "targe", "target*", "system"])
def test_half_a_name_is_none(host: Host, pattern: str) -> None:
    answer = host.run(f"svcs -H {pattern}")
    assert answer == Answer(stderr=f"svcs: Pattern '{pattern}' doesn't match any instances\n", status=1)


def test_a_pattern_for_several_needs_a_wildcard(host: Host) -> None:
    answer = host.run("svcadm disable default")
    assert answer.status == 1
    assert "matches multiple instances" in answer.stderr
    assert host.run("svcadm disable *default") == Answer()
    states = set(host.run("svcs -H -o state -a").printed.splitlines())
    assert states == {"disabled", "online"}, "the instances of other names run on"


def test_a_service_starts_after_what_it_needs_and_does_not_stop_with_it(host: Host) -> None:
    seen: list[str] = []
    for fmri in (STMF, ISCSI_TARGET):
        host.smf.on_change(fmri, start=partial(seen.append, f"+{fmri}"), stop=partial(seen.append, f"-{fmri}"))
    host.run(f"svcadm disable {STMF}")
    host.run(f"svcadm restart {ISCSI_TARGET}")
    assert host.smf[ISCSI_TARGET].state == "offline"
    host.run(f"svcadm enable {STMF}")
    host.run(f"svcadm restart {STMF}")
    assert seen == [f"-{STMF}", f"-{ISCSI_TARGET}", f"+{STMF}", f"+{ISCSI_TARGET}", f"-{STMF}", f"+{STMF}"]


def test_a_service_that_starts_slowly_is_on_its_way(host: Host) -> None:
    host.smf.hold(STMF)
    host.run(f"svcadm restart {STMF}")
    assert host.run(f"svcs -H -o state {STMF}").printed == "online*\n"
    assert host.run(f"svcs -H -o state,nstate {STMF}").printed == "online         offline\n"
    assert host.run(f"svcs -H -o sta {STMF}").printed == "ON*\n"
    host.smf.release(STMF)
    assert host.run(f"svcs -H -o state {STMF}").printed == "online\n"
    host.smf.hold(STMF)
    host.run(f"svcadm disable {STMF}")
    host.smf.release(STMF)
    host.smf.hold(STMF)
    host.run(f"svcadm enable {STMF}")
    assert host.run(f"svcs -H -o state {STMF}").printed == "offline*\n"
    assert "Reason: Start method is running.\n" in host.run("svcs -x").printed
    host.smf.release(STMF)
    assert host.run("svcs -x") == Answer()


def test_who_waits_for_a_start_is_answered_when_it_is_there(host: Host) -> None:
    host.run(f"svcadm disable {STMF}")
    host.smf.hold(STMF)

    async def both() -> tuple[bool, Answer]:
        waiting = asyncio.create_task(host.answer(f"svcadm enable -s {STMF}"))
        await asyncio.sleep(0)
        assert host.smf[STMF].next_state == "online"
        early = waiting.done()
        host.smf.release(STMF)
        return early, await waiting

    assert asyncio.run(both()) == (False, Answer())


@pytest.mark.parametrize(
    ("exit_status", "said"),
    [
        (1, "Start method failed repeatedly, last exited with status 1."),
        (95, "Start method exited with $SMF_EXIT_ERR_FATAL."),
        (96, "Start method exited with $SMF_EXIT_ERR_CONFIG."),
    ],
)
def test_a_start_that_fails_ends_in_maintenance(host: Host, exit_status: int, said: str) -> None:
    host.run(f"svcadm disable {STMF}")
    host.smf.break_start(STMF, exit_status)
    assert host.run(f"svcadm enable -s {STMF}") == Answer(
        stderr=f'svcadm: Instance "{STMF}" is in maintenance state.\n', status=3
    )
    assert host.run("svcs -x").printed == (
        f"{STMF} (STMF)\n"
        " State: maintenance since Sun Nov 22 09:05:01 2026\n"
        f"Reason: {said}\n"
        "   See: http://illumos.org/msg/SMF-8000-KS\n"
        "   See: stmf(4D)\n"
        "   See: /var/svc/log/system-stmf:default.log\n"
        "Impact: This service is not running.\n"
    )
    host.run(f"svcadm clear {STMF}")
    assert host.run(f"svcs -H -o state {STMF}").printed == "maintenance\n"
    host.smf.mend_start(STMF)
    host.run(f"svcadm clear {STMF}")
    assert host.run(f"svcs -H -o state {STMF}").printed == "online\n"


def test_unasked_the_cause_is_explained_and_what_it_keeps_from_running(host: Host) -> None:
    assert host.run("svcs -x") == Answer()
    host.run(f"svcadm disable {STMF}")
    assert host.run("svcs -x") == Answer(), "a service that an administrator stopped is no trouble by itself"
    host.run(f"svcadm restart {ISCSI_TARGET}")
    assert host.run("svcs -x").printed == (
        f"{STMF} (STMF)\n"
        " State: disabled since Sun Nov 22 09:05:01 2026\n"
        "Reason: Disabled by an administrator.\n"
        "   See: http://illumos.org/msg/SMF-8000-05\n"
        "   See: stmf(4D)\n"
        "   See: /var/svc/log/system-stmf:default.log\n"
        "Impact: 1 dependent service is not running.  (Use -v for list.)\n"
    )
    assert host.run(f"svcs -xv {ISCSI_TARGET}").printed == (
        f"{ISCSI_TARGET} (iscsi target)\n"
        " State: offline since Sun Nov 22 09:05:01 2026\n"
        f"Reason: Service {STMF} is disabled.\n"
        "   See: http://illumos.org/msg/SMF-8000-GE\n"
        f"  Path: {ISCSI_TARGET}\n"
        f"          {STMF}\n"
        "   See: man -M /usr/share/man -s 8 itadm\n"
        "   See: /var/svc/log/network-iscsi-target:default.log\n"
        "Impact: This service is not running.\n"
    )
    assert host.run(f"svcs -xv {STMF}").printed.splitlines()[-2:] == [
        "Impact: 1 dependent service is not running:",
        f"        {ISCSI_TARGET}",
    ]


def test_all_that_is_known_of_a_service_is_listed(host: Host) -> None:
    assert host.run(f"svcs -l {ISCSI_TARGET} ssh").printed == (
        f"fmri         {ISCSI_TARGET}\n"
        "name         iscsi target\n"
        "enabled      true\n"
        "state        online\n"
        "next_state   none\n"
        "state_time   Sun Nov 22 09:05:01 2026\n"
        "logfile      /var/svc/log/network-iscsi-target:default.log\n"
        "restarter    svc:/system/svc/restarter:default\n"
        "dependency   require_any/error svc:/milestone/network (online)\n"
        f"dependency   require_all/none {STMF} (online)\n"
        "\n"
        "fmri         svc:/network/ssh:default\n"
        "name         SSH server\n"
        "enabled      true\n"
        "state        online\n"
        "next_state   none\n"
        "state_time   Sun Nov 22 09:05:01 2026\n"
        "logfile      /var/svc/log/network-ssh:default.log\n"
        "restarter    svc:/system/svc/restarter:default\n"
        "contract_id  49 \n"
        "dependency   require_all/none svc:/system/filesystem/local (online)\n"
        "dependency   optional_all/none svc:/network/loopback (online)\n"
        "dependency   optional_all/none svc:/network/physical (online)\n"
        "dependency   require_all/none svc:/system/utmp (online)\n"
    )
    host.run(f"svcadm disable -t {ISCSI_TARGET}")
    assert "enabled      false (temporary)\n" in host.run(f"svcs -l {ISCSI_TARGET}").printed


def test_processes_follow_their_service(host: Host) -> None:
    assert host.run("svcs -p ssh stmf").printed == (
        "STATE          STIME    FMRI\n"
        "online          9:05:01 svc:/network/ssh:default\n"
        "                9:05:01      303 sshd\n"
        "online          9:05:01 svc:/system/stmf:default\n"
    )
    assert host.run("svcs -v ssh").printed == (
        "STATE          NSTATE        STIME    CTID   FMRI\n"
        "online         -              9:05:01     49 svc:/network/ssh:default\n"
    )


def test_a_list_is_sorted_by_state_then_time_then_name(host: Host) -> None:
    host.clock.advance(60)
    host.run(f"svcadm disable {ISCSI_TARGET}")
    host.clock.advance(60)
    host.run("svcadm restart ssh")
    rows = host.run(f"svcs -H {STMF} {ISCSI_TARGET} ssh cron").printed.splitlines()
    assert rows == [
        f"disabled        9:06:01 {ISCSI_TARGET}",
        "online          9:05:01 svc:/system/cron:default",
        f"online          9:05:01 {STMF}",
        "online          9:07:01 svc:/network/ssh:default",
    ]


def test_a_property_is_waited_for(host: Host) -> None:
    async def both() -> Answer:
        waiting = asyncio.create_task(host.answer(f"svcprop -w -p restarter/state {STMF}"))
        await asyncio.sleep(0)
        host.smf.disable(STMF)
        return await waiting

    assert asyncio.run(both()) == Answer("disabled\n")


def test_who_may_manage_one_service_may_stop_it_alone(host: Host) -> None:
    operator = Credentials("op", authorizations=frozenset({"solaris.smf.manage.stmf"}))
    assert host.run(f"svcadm disable {STMF}", operator) == Answer()
    answer = host.run(f"svcadm disable {ISCSI_TARGET}", operator)
    assert answer == Answer(stderr=f"svcadm: {ISCSI_TARGET}: Permission denied.\n", status=1)


@pytest.mark.parametrize("line", ["svcadm", "svcadm nonsense", "svcadm enable", "svcadm enable -x a", "svcprop"])
def test_usage_goes_to_standard_error(host: Host, line: str) -> None:
    answer = host.run(line)
    assert answer.status == 2
    assert answer.printed == ""
    assert "Usage: " in answer.stderr
