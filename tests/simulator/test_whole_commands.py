"""A command whose simulator is killed between any two of its writes is there whole or not at all (row 22)."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sansim import SimulatedArray, Simulator
from sansim.store import Row, Store
from tests.simulator.conftest import Run

Transactions = list[list[tuple[str, Row]]]

PATH = "PATH=$PATH:/usr/sbin; "
UNIT = "/dev/zvol/rdsk/tank/db1"
HOST = "iqn.1998-01.com.vmware:esx1"
TARGET = "iqn.2026-01.org.example:t1"
GUID = "$(sbdadm list-lu | grep '/db1$' | cut -d' ' -f1)"
SETUP = {
    "solaris": (
        f"zfs create tank/fs && zfs create -V 1G tank/fs/v && zfs create -V 1G tank/db1 && stmfadm create-lu {UNIT}",
        f"stmfadm add-view {GUID} && stmfadm create-hg web && stmfadm add-hg-member -g web {HOST}",
        f"itadm create-target -n {TARGET} && zfs snapshot -r tank/fs@monday && zfs snapshot tank/fs/v@tuesday",
    ),
    "hp": (
        "createVolume volumeName=v1 clusterName=Cluster01 size=2GB",
        "createVolume volumeName=v2 clusterName=Cluster01 size=2GB",
        "createServer serverName=esx1 initiator=iqn.1998-01.com.vmware:esx1",
        "assignVolumeToServer volumeName=v1 serverName=esx1",
        "createSnapshot volumeName=v1 snapshotName=monday",
        "createSnapshot volumeName=v1 snapshotName=tuesday",
    ),
}
LOOK = {
    "solaris": (
        f"{PATH}zfs list -Hp -t all -o name,volsize,refreservation,origin,used; stmfadm list-lu -v;"
        " itadm list-target -v; itadm list-tpg; stmfadm list-hg -v;"
        " for lu in $(stmfadm list-lu | cut -d' ' -f3); do stmfadm list-view -l $lu; done;"
        " svcs -H -o state,fmri iscsi/target stmf"
    ),
    "hp": "getClusterInfo clusterName=Cluster01 searchDepth=4 output=XML",
}
COMMANDS = (
    ("solaris", "zfs create -V 1G tank/db2"),
    ("solaris", "zfs create -o compression=on -o org.example:a=b tank/db2"),
    ("solaris", "zfs snapshot -r tank@all"),
    ("solaris", "zfs destroy -r tank/fs@monday"),
    ("solaris", "zfs clone -o org.example:a=b tank/fs/v@monday tank/clone"),
    ("solaris", "zfs rename tank/fs tank/other"),
    ("solaris", "zfs rollback -r tank/fs/v@monday"),
    ("solaris", "zfs set volsize=2G tank/db1"),
    ("solaris", "sbdadm create-lu /dev/zvol/rdsk/tank/fs/v"),
    ("solaris", f"stmfadm delete-lu {GUID}"),
    ("solaris", f"stmfadm modify-lu -p alias=x {GUID}"),
    ("solaris", "stmfadm delete-hg web"),
    ("solaris", "itadm create-target -n iqn.2026-01.org.example:t2"),
    ("solaris", f"itadm delete-target -f {TARGET}"),
    ("solaris", "itadm create-tpg one 10.0.0.1 10.0.0.2"),
    ("solaris", "svcadm disable -s iscsi/target"),
    ("hp", "createVolume volumeName=v3 clusterName=Cluster01 size=2GB"),
    ("hp", 'createSnapshot volumeName="v1;v2" snapshotName="a;b"'),
    ("hp", "modifyVolume volumeName=v1 size=4GB description=larger"),
    ("hp", "deleteVolume volumeName=v2 prompt=0"),
    ("hp", "rollbackSnapshot snapshotName=monday prompt=0"),
    ("hp", "cloneSnapshot snapshotName=monday volumeName=clone"),
    ("hp", "assignVolumeChap volumeName=v1 chapName=joe targetSecret=secretsecret1"),
    ("hp", "unassignVolume volumeName=v1 prompt=0"),
)


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Transactions]:
    """All that is written to state files, transaction by transaction."""
    seen: Transactions = []
    write = Store.write

    def noted(store: Store, rows: Iterable[tuple[str, Row]]) -> None:
        written = list(rows)
        write(store, written)
        seen.append(written)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", noted)
        yield seen


def look(array: SimulatedArray, run: Run) -> str:
    """Return what an administrator sees of an array, but for how long it took."""
    answer = run(array, LOOK[array.kind])[1].decode()
    return answer.partition("<cluster")[2] if array.kind == "hp" else answer


@pytest.mark.parametrize(("kind", "command"), COMMANDS)
def test_a_command_cut_between_its_writes_is_there_whole_or_not_at_all(
    tmp_path: Path, run: Run, transactions: Transactions, kind: str, command: str
) -> None:
    with Simulator((kind,), seed=1, state=tmp_path / "whole.db") as sim:
        array = sim[kind]
        for line in SETUP[kind]:
            assert run(array, line if kind == "hp" else f"{PATH}{line}")[0] == 0
        before, begun = look(array, run), len(transactions)
        assert run(array, command if kind == "hp" else f"{PATH}{command}")[0] == 0
        after, written = look(array, run), transactions[:]
    assert after != before
    assert len(written) > begun
    for cut in range(begun, len(written) + 1):
        path = tmp_path / f"cut-{cut}.db"
        with closing(Store(path)) as store:
            for rows in written[:cut]:
                store.write(rows)
        with Simulator((kind,), seed=1, state=path) as sim:
            assert look(sim[kind], run) in (
                [before] if cut == begun else [after] if cut == len(written) else [before, after]
            )
