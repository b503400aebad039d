"""Backup programs of other people, unmodified, against two simulated Linux hosts with OpenZFS.

zfs-autobackup comes from PyPI, syncoid and sanoid from Debian; a test is skipped where its program is not
installed. Tried with zfs-autobackup 3.3, sanoid and syncoid 2.1.0.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sansim import Simulator
from tests.strangers.conftest import HOSTS, Machine


def needs(program: str) -> pytest.MarkDecorator:
    missing = shutil.which(program, path="/usr/sbin:/usr/local/sbin") or shutil.which(program)
    return pytest.mark.skipif(missing is None, reason=f"{program} is not installed")


def names(machine: Machine, host: str, *, kind: str = "snapshot", below: str = "tank") -> list[str]:
    return machine.ssh(host, f"zfs list -H -o name -t {kind} -r {below}").split()


def guids(machine: Machine, host: str, below: str) -> list[str]:
    return machine.ssh(host, f"zfs get -H -p -o value -t snapshot -r guid {below}").split()


@pytest.fixture
def data(machine: Machine) -> None:
    """A tree with a volume and a filesystem on the near host, and a place for backups on the far one."""
    machine.ssh("near", "zfs create tank/data && zfs create -s -V 1G tank/data/v && zfs create tank/data/fs")
    machine.ssh("far", "zfs create tank/backup")


@needs("zfs-autobackup")
@pytest.mark.usefixtures("data")
def test_zfs_autobackup_replicates_and_prunes(machine: Machine) -> None:
    machine.ssh("near", "zfs set autobackup:offsite=true tank/data")
    command = (
        *("zfs-autobackup", "--ssh-config", str(machine.ssh_config), "--ssh-source", "near", "--ssh-target", "far"),
        *("--allow-empty", "--keep-source", "1", "--keep-target", "2", "--snapshot-format", "{}-%Y%m%d%H%M%S%f"),
        *("offsite", "tank/backup"),
    )
    for _ in range(3):
        assert "All operations completed successfully" in machine.run(*command, "--verbose")
    near = names(machine, "near")
    far = names(machine, "far", below="tank/backup")
    assert len(near) == 3, "each dataset keeps its newest snapshot, which both sides have"
    assert {name.removeprefix("tank/backup/") for name in far} >= set(near)
    assert set(guids(machine, "near", "tank/data")) <= set(guids(machine, "far", "tank/backup"))


@needs("syncoid")
@pytest.mark.usefixtures("data")
def test_syncoid_replicates_a_tree(machine: Machine) -> None:
    command = ("syncoid", "--recursive", "root@near:tank/data", "root@far:tank/backup/data")
    machine.run(*command)
    machine.ssh("near", "zfs snapshot -r tank/data@by-hand")
    machine.run(*command)
    assert names(machine, "far", kind="volume") == ["tank/backup/data/v"]
    assert "tank/backup/data/v@by-hand" in names(machine, "far")
    assert guids(machine, "near", "tank/data") == guids(machine, "far", "tank/backup/data")


@needs("syncoid")
@pytest.mark.usefixtures("data")
def test_syncoid_uses_bookmarks(machine: Machine) -> None:
    command = ("syncoid", "--create-bookmark", "--no-sync-snap", "root@near:tank/data/v", "root@far:tank/backup/v")
    machine.ssh("near", "zfs snapshot tank/data/v@one")
    machine.run(*command)
    machine.ssh("near", "zfs destroy tank/data/v@one && zfs snapshot tank/data/v@two")
    machine.run(*command)
    assert names(machine, "far") == ["tank/backup/v@one", "tank/backup/v@two"]


@needs("sanoid")
@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("hosts", [1], indirect=True, ids=["clock-in-the-past"])
def test_sanoid_takes_and_prunes_snapshots(machine: Machine, hosts: Simulator, tmp_path: Path) -> None:
    for program in ("zfs", "zpool"):
        # sanoid knows no other host than its own: its zfs and zpool are those of the near one.
        machine.command(program, f'exec ssh near {program} "$@"')
    settings = tmp_path / "sanoid"
    settings.mkdir()
    (settings / "sanoid.conf").write_text(
        "[tank/data]\n  use_template = often\n  recursive = yes\n"
        "[template_often]\n  frequently = 0\n  hourly = 2\n  daily = 1\n  monthly = 0\n  yearly = 0\n"
        "  autosnap = yes\n  autoprune = yes\n"
    )
    command = (
        *("sanoid", "--configdir", str(settings), "--cache-dir", str(tmp_path / "cache")),
        *("--run-dir", str(tmp_path / "run"), "--verbose"),
    )
    for hour in range(5):
        machine.ssh("near", f"zfs snapshot -r tank/data@autosnap_2026-11-24_0{hour}:00:00_hourly")
    clock = hosts["near"].clock
    clock.advance((datetime.now(UTC) - clock.now()).total_seconds())
    machine.run(*command, "--take-snapshots")
    taken = [name for name in names(machine, "near", below="tank/data") if "2026-11-24_0" not in name]
    assert sorted(name.rpartition("_")[2] for name in taken) == ["daily"] * 3 + ["hourly"] * 3
    machine.run(*command, "--force-update", "--prune-snapshots")
    kept = names(machine, "near", below="tank/data")
    assert set(taken) <= set(kept)
    assert len(kept) == len(taken) + 3, "the newest of the old ones makes the second hourly of each dataset"


def test_both_hosts_are_reached_by_openssh(machine: Machine) -> None:
    assert [machine.ssh(name, "hostname") for name in HOSTS] == [f"{name}\n" for name in HOSTS]
