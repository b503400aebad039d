"""The verbs of `sansim` on a real process, and what a plain SSH client sees of them."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from tests.simulator.conftest import connect
from tests.simulator.served import Home, Login, Served

HOST = "iqn.1993-08.org.debian:01:host"


def volumes(served: Served) -> bytes:
    return served.exec("solaris", "zfs list -H -o name -t volume")[1]


def test_arrays_are_listed_and_passwords_only_when_asked_for(home: Home) -> None:
    with home.serve() as served:
        solaris = served.array("solaris")
        table = home.done("arrays")
        assert solaris["url"] in table
        assert solaris["password"] not in table
        assert solaris["password"] in home.done("arrays", "--passwords")
        assert home.json("arrays", "hp") == {"arrays": [served.array("hp")]}
        assert "there is no array 'vax'; there is solaris or hp" in home.refused("arrays", "vax")


def test_a_fault_that_is_added_is_met_counted_and_removed(home: Home) -> None:
    with home.serve() as served:
        said = home.done("faults", "add", "solaris", "error", "zfs*", "--status", "9", "--stderr", "no\n")
        assert said == "fault 1 is set on solaris\n"
        assert home.json("faults", "add", "hp", "cut", "getVol*", "--times", "always")["number"] == 2
        assert served.exec("solaris", "zfs list") == (9, b"", b"no\n")
        assert served.exec("solaris", "zfs list")[0] == 0
        first, second = home.json("faults")["faults"]
        assert (first["number"], first["array"], first["kind"], first["struck"]) == (1, "solaris", "error", 1)
        assert (second["number"], second["array"], second["times"], second["struck"]) == (2, "hp", "always", 0)
        assert "zfs*" in home.done("faults", "list", "solaris")
        assert served.exec("hp", "getVolumeInfo") == (None, b"", b"")
        assert "number 99" in home.refused("faults", "remove", "2", "99")
        assert len(home.json("faults")["faults"]) == 2
        assert home.done("faults", "remove", "2") == "1 removed\n"
        assert served.exec("hp", "getVolumeInfo output=XML")[0] is not None
        assert home.done("faults", "clear") == "1 removed\n"
        assert home.done("faults") == "no faults are set\n"
        assert "there is none" in home.refused("faults", "remove", "2")


def test_faults_of_the_configuration_have_numbers_too(home: Home, tmp_path: Path) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text(
        "[[array]]\nkind = 'hp'\n[[array.fault]]\nkind = 'cut'\npattern = 'a'\n"
        "[[array.latency]]\npattern = 'b'\nseconds = 1\n"
    )
    with home.serve("--config", str(config)):
        assert home.json("faults", "add", "hp", "noop", "c")["number"] == 3
        assert [fault["number"] for fault in home.json("faults")["faults"]] == [1, 3]
        assert [latency["number"] for latency in home.json("latency")["latencies"]] == [2]


def test_a_program_that_hangs_is_shown_and_goes_on_when_its_fault_is_removed(home: Home) -> None:
    async def hang(array: Login) -> str:
        async with connect(array) as connection:
            process = await connection.create_process("zpool list -H -o name")
            running = home.json("sessions", "list", "solaris")
            while not (running["execs"] and running["execs"][0]["holds"]):
                running = home.json("sessions", "list", "solaris")
            (shown,) = running["execs"]
            assert (shown["text"], shown["status"]) == ("zpool list -H -o name", None)
            assert shown["holds"] == [{"program": "zpool list -H -o name", "by": "hang"}]
            assert running["connections"] == [{"array": "solaris", "user": "admin", "address": "127.0.0.1"}]
            assert "hang of zpool list" in home.done("sessions")
            home.done("faults", "remove", "1")
            return str((await process.wait()).stdout)

    with home.serve() as served:
        home.done("faults", "add", "solaris", "hang", "zpool*")
        assert asyncio.run(hang(served.login("solaris"))) == "tank\n"
        assert home.json("sessions")["execs"] == []


def test_a_latency_holds_programs_up_until_it_is_removed(home: Home) -> None:
    with home.serve() as served:
        assert home.json("latency", "add", "hp", "getCluster*", "0.05", "--spread", "0.02")["number"] == 1
        assert served.exec("hp", "getClusterInfo")[0] == 0
        (item,) = (json.loads(line) for line in home.done("log", "--json").splitlines())
        assert 0.03 <= item["latency"] <= 0.07
        (latency,) = home.json("latency", "list", "hp")["latencies"]
        assert (latency["pattern"], latency["struck"]) == ("getCluster*", 1)
        home.done("latency", "remove", "1")
        assert home.done("latency") == "no latencies are set\n"
        assert served.exec("hp", "getClusterInfo")[0] == 0
        assert json.loads(home.done("log", "--json", "--last", "1"))["latency"] == 0


def test_a_condition_befalls_and_is_lifted(home: Home) -> None:
    with home.serve() as served:
        said = home.done("conditions", "add", "solaris", "service-in-maintenance", "service=stmf")
        assert said == "condition 1 is set on solaris\n"
        assert b"maintenance" in served.exec("solaris", "svcs -H stmf")[1]
        (condition,) = home.json("conditions")["conditions"]
        assert (condition["kind"], condition["lifts"], condition["struck"]) == ("service-in-maintenance", True, 1)
        home.done("conditions", "lift", "1")
        assert b"online" in served.exec("solaris", "svcs -H stmf")[1]
        assert "number" in home.refused("conditions", "lift", "1")
        home.done("conditions", "add", "hp", "clock-jump", "seconds=60")
        assert home.done("conditions", "clear") == "0 lifted, 1 stay, which nothing takes back\n"
        assert "there is no condition 'flood'" in home.refused("conditions", "add", "hp", "flood", status=2)
        assert "write seconds" in home.refused("conditions", "add", "hp", "clock-jump", "minutes=1")


def test_a_condition_befalls_when_a_program_runs(home: Home) -> None:
    with home.serve() as served:
        home.done(
            *("faults", "add", "solaris", "condition", "zfs get*"),
            *("--condition", "other-admin", "command=zfs create tank/theirs"),
        )
        assert served.exec("solaris", "zfs get -H -o value type tank/theirs")[1] == b"filesystem\n"
        assert home.json("faults")["faults"][0]["struck"] == 1


def test_initiators_are_logged_in_as_exports_let_them_and_make_volumes_busy(home: Home) -> None:
    with home.serve() as served:
        served.exec("hp", "createVolume volumeName=v size=1GB clusterName=Cluster01 prompt=0")
        assert "does not admit" in home.refused("sessions", "connect", "hp", HOST, "v")
        served.exec("hp", f"createServer serverName=s initiator={HOST} prompt=0")
        served.exec("hp", "assignVolumeToServer volumeName=v serverName=s prompt=0")
        home.done("sessions", "connect", "hp", HOST, "v")
        (session,) = home.json("sessions", "list", "hp")["initiators"]
        assert (session["initiator"], session["volumes"]) == (HOST, ["v"])
        assert HOST.encode() in served.exec("hp", "getVolumeInfo volumeName=v")[1]
        home.done("sessions", "disconnect", "hp", HOST, session["target"])
        assert "is not logged in" in home.refused("sessions", "disconnect", "hp", HOST, "v")

        target = served.exec(
            "solaris",
            "zfs create -V 1G tank/v && stmfadm create-lu /dev/zvol/rdsk/tank/v >/dev/null &&"
            " stmfadm add-view $(stmfadm list-lu | cut -d' ' -f3) &&"
            " itadm create-target | sed 's/Target //; s/ .*//'",
        )[1].decode()
        target = target.strip()
        home.done("sessions", "connect", "solaris", HOST, target)
        assert HOST.encode() in served.exec("solaris", "stmfadm list-target -v")[1]
        (session,) = home.json("sessions", "list", "solaris")["initiators"]
        assert (session["target"], session["volumes"]) == (target, ["/dev/zvol/rdsk/tank/v"])
        home.done("sessions", "disconnect", "solaris", HOST, target)
        assert home.json("sessions")["initiators"] == []


def test_a_chap_secret_comes_from_a_file_or_from_standard_input(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("another-secret-1\n")
    with home.serve() as served:
        served.exec("hp", "createVolume volumeName=v size=1GB clusterName=Cluster01 prompt=0")
        said = served.exec("hp", "assignVolumeChap volumeName=v targetSecret=a-good-secret-1 chapName=them prompt=0")
        assert said[0] == 0, said
        connect_ = ("sessions", "connect", "hp", HOST, "v", "--user", "them", "--secret-file")
        assert "does not admit" in home.refused(*connect_, str(secret))
        home.done(*connect_, "-", stdin="a-good-secret-1\n")
        assert len(home.json("sessions")["initiators"]) == 1


def test_the_log_is_printed_for_people_and_programs(home: Home) -> None:
    with home.serve("--seed", "1") as served:
        served.exec("solaris", "echo one; zfs list nope")
        served.exec("hp", "getClusterInfo clusterName=Cluster01")
        assert home.done("log").splitlines() == [
            "2026-01-01 00:00:00 solaris admin 1 echo one; zfs list nope".replace(" 0", "T0", 1),
            "2026-01-01T00:00:00 hp admin 0 getClusterInfo clusterName=Cluster01",
        ]
        (item,) = (json.loads(line) for line in home.done("log", "--json", "solaris").splitlines())
        assert (item["array"], item["programs"], item["stdout"]) == ("solaris", ["zfs list nope"], "one\n")
        assert home.done("log", "--last", "1").count("\n") == 1
        assert home.done("log", "--last", "0") == ""


def test_the_log_is_followed_until_the_simulator_stops(home: Home) -> None:
    with home.serve() as served:
        served.exec("solaris", "echo before")
        with home.follow("log", "--follow", "--last", "1") as lines:
            assert lines.next().endswith(" solaris admin 0 echo before\n")
            served.exec("hp", "getClusterInfo")
            assert lines.next().endswith(" hp admin 0 getClusterInfo\n")
            home.done("faults", "add", "solaris", "error", "zfs*")
            served.exec("solaris", "zfs list")
            assert lines.next().endswith(" solaris admin 1 zfs list [error]\n")
            home.done("stop")
            assert lines.next() == ""
            assert lines.process.wait(30) == 0


def test_who_follows_the_log_ends_when_nobody_reads_it_any_more(home: Home) -> None:
    with home.serve() as served:
        served.exec("solaris", "echo before")
        with home.follow("log", "--follow", "--last", "1") as lines:
            assert lines.next().endswith(" echo before\n")
            assert lines.process.stdout is not None
            lines.process.stdout.close()
            assert lines.process.wait(30) == 1


def test_what_was_destroyed_is_back_after_restore(home: Home) -> None:
    with home.serve() as served:
        served.exec("solaris", "zfs create -V 1G tank/a")
        served.exec("hp", "createVolume volumeName=a size=1GB clusterName=Cluster01 prompt=0")
        home.done("snapshot", "good")
        home.done("snapshot", "half", "hp")
        assert served.exec("solaris", "zfs destroy tank/a")[0] == 0
        assert served.exec("hp", "deleteVolume volumeName=a prompt=0")[0] == 0
        assert home.json("restore", "good", "solaris") == {"name": "good", "arrays": ["solaris"]}
        assert volumes(served) == b"tank/a\n"
        assert served.exec("hp", "getVolumeInfo volumeName=a")[0] != 0
        home.done("restore", "good")
        assert served.exec("hp", "getVolumeInfo volumeName=a")[0] == 0
        kept = home.json("snapshots")["snapshots"]
        assert [(one["name"], one["arrays"]) for one in kept] == [("good", ["solaris", "hp"]), ("half", ["hp"])]
        assert "has nothing of array solaris" in home.refused("restore", "half", "solaris")
        assert "--replace" in home.refused("snapshot", "good")
        home.done("snapshot", "good", "--replace")
        home.done("snapshots", "--remove", "half")
        assert "there is no snapshot 'half'; there is good" in home.refused("restore", "half")


def test_reset_makes_arrays_as_they_were_made(home: Home) -> None:
    with home.serve() as served:
        served.exec("solaris", "zfs create -V 1G tank/a")
        served.exec("hp", "createVolume volumeName=a size=1GB clusterName=Cluster01 prompt=0")
        home.done("faults", "add", "hp", "cut", "x")
        home.done("reset", "solaris")
        assert volumes(served) == b""
        assert served.exec("hp", "getVolumeInfo volumeName=a")[0] == 0
        home.done("reset")
        assert served.exec("hp", "getVolumeInfo volumeName=a")[0] != 0
        assert home.json("faults") == {"faults": []}


def test_what_is_exported_is_imported_again_and_only_its_owner_may_read_it(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "state.toml"
    file.write_text("older, and open to all")
    file.chmod(0o644)
    with home.serve() as served:
        served.exec("solaris", "zfs create -V 1G tank/a")
        home.done("export", str(file))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert home.done("export") == file.read_text()
        assert list(tmp_path.iterdir()) == [file]
        served.exec("solaris", "zfs destroy tank/a")
        home.done("import", str(file))
        assert volumes(served) == b"tank/a\n"
        only = home.done("export", "--array", "solaris")
        assert "tank/a" in only
        assert 'kind = "hp"' not in only
        served.exec("solaris", "zfs destroy tank/a")
        home.done("import", "-", "--array", "solaris", stdin=only)
        assert volumes(served) == b"tank/a\n"
        file.write_text("format = 99\n")
        assert "format 99" in home.refused("import", str(file))
        assert "cannot read" in home.refused("import", str(tmp_path / "none"), status=2)
        assert "cannot write" in home.refused("export", str(tmp_path / "no" / "file"), status=2)


def test_time_passes_and_is_set(home: Home) -> None:
    with home.serve("--seed", "1") as served:
        assert "2026-01-01T00:00:00+00:00" in home.done("clock")
        clocks = home.json("clock", "advance", "90m", "solaris")["clocks"]
        assert clocks == [{"array": "solaris", "now": "2026-01-01T01:30:00+00:00", "ahead": 5400.0}]
        assert served.exec("solaris", "date -u +%H:%M") == (0, b"01:30\n", b"")
        home.done("clock", "jump", "--back", "1d")
        now = {one["array"]: one["now"] for one in home.json("clock", "show")["clocks"]}
        assert now == {"solaris": "2025-12-31T01:30:00+00:00", "hp": "2025-12-31T00:00:00+00:00"}
        assert "is no time" in home.refused("clock", "advance", "soon", status=2)


def test_stop_returns_when_all_is_closed(home: Home) -> None:
    with home.serve() as served:
        assert home.done("stop") == "stopped\n"
        with pytest.raises(ConnectionRefusedError):
            served.exec("solaris", "true")
        assert not served.control.exists()
        assert served.process.wait(30) == 0


@pytest.mark.parametrize(
    "words",
    [
        *([verb] for verb in ("serve", "check", "arrays", "log", "reset", "snapshot", "snapshots", "restore")),
        *([verb] for verb in ("export", "import", "stop")),
        *([group] for group in ("faults", "latency", "conditions", "sessions", "clock")),
        *([group, verb] for group in ("faults", "latency") for verb in ("list", "add", "remove", "clear")),
        *(["conditions", verb] for verb in ("list", "add", "lift", "clear")),
        *(["sessions", verb] for verb in ("list", "connect", "disconnect")),
        *(["clock", verb] for verb in ("show", "advance", "jump")),
    ],
    ids=" ".join,
)
def test_each_verb_explains_itself(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from sansim.cli import main  # noqa: PLC0415 - a process each would take a minute

    with pytest.raises(SystemExit, match="0"):
        main([*words, "--help"])
    said = capsys.readouterr().out
    assert said.startswith(f"usage: sansim {' '.join(words)}")
    assert len(said.splitlines()) > 5


def test_a_command_line_that_is_wrong_is_status_2(home: Home) -> None:
    assert "invalid choice" in home.refused("dance", status=2)
    assert "required" in home.refused("faults", "add", "hp", status=2)
