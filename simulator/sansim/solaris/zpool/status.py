"""`zpool status` (source: illumos zpool_main.c)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import define

from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.scans import RATE
from sansim.solaris.pools.vdevs import ONLINE, Disk, Scan
from sansim.solaris.zfs.command import Failure
from sansim.solaris.zfs.numbers import human
from sansim.solaris.zpool.command import PoolRun, open_pools, options
from sansim.solaris.zpool.health import diagnose
from sansim.solaris.zpool.list import name_width
from sansim.solaris.zpool.names import CLASSES, Naming, Node, class_trees, data_trees, disk_node, pool_node
from sansim.solaris.zpool.release import StatusTexts
from sansim.solaris.zpool.repeat import read_repeat, stamp

__all__ = ["ctime", "status"]

_NARROWEST_NAME = 10
_SLOWEST_TO_TELL = 10 << 20
"""Bytes a second below which the time that is left is not told."""


@define
class _Request:
    letters: frozenset[str]
    naming: Naming
    stamp: str | None
    everything: bool
    first: bool = True
    seen: int = 0

    def begin(self, text: str) -> str:
        """Return the text of a pool, an empty line before all but the first."""
        gap = "" if self.first else "\n"
        self.first = False
        return gap + text


def status(run: PoolRun, arguments: Sequence[str]) -> None:
    """Show what pools consist of and how they are; with -x only those in trouble."""
    read = options(run, "status", arguments)
    found = dict(read)
    form = found.get("T")
    stamp(form, run.pools.clock.now())
    operands, repeat = read_repeat(read.operands)
    request = _Request(frozenset(found), Naming("g" in found, "P" in found), form, not operands)
    if repeat is None:
        run.out.append(_report(run, request, operands))
    else:
        run.repeat(repeat, lambda: _report(run, request, operands))
    if operands and not all(name in run.pools.pools for name in operands):
        raise Failure("")


def _report(run: PoolRun, request: _Request, operands: Sequence[str]) -> str:
    text = stamp(request.stamp, run.pools.clock.now())
    for pool in open_pools(run, operands)[0]:
        text += _pool(run, request, pool)
        request.seen += 1
    if request.everything and not request.seen:
        if run.zpool.status.nothing_on_stderr:
            run.complain("no pools available")
        else:
            text += "no pools available\n"
    elif "x" in request.letters and request.first and request.everything:
        text += "all pools are healthy\n"
    return text


def _pool(run: PoolRun, request: _Request, pool: Pool) -> str:
    texts = run.zpool.status
    diagnosis = diagnose(run.zpool, pool)
    if "x" in request.letters and (diagnosis is None or diagnosis.harmless):
        if request.everything:
            return ""
        request.first = False
        return f"pool '{pool.name}' is healthy\n"
    text = request.begin(f"  pool: {pool.name}\n state: {pool.state}\n")
    if diagnosis is not None:
        text += diagnosis.text
        if diagnosis.message:
            text += f"   see: {texts.url.format(diagnosis.message)}\n"
    text += _scan(texts, pool.scan, run.pools.clock.now()) + _removal(pool)
    text += "config:\n\n"
    text += "".join(f"{line}\n" for line in _config(run, request, pool))
    text += "\nerrors: No known data errors\n"
    if "D" in request.letters:
        text += "\n dedup: no DDT entries\n"
    return text


def _config(run: PoolRun, request: _Request, pool: Pool) -> Iterator[str]:
    pools, texts = run.pools, run.zpool.status
    width = max(_NARROWEST_NAME, name_width(run, pool, request.naming))
    slow = "s" in request.letters
    title = _line("NAME", 0, width, "STATE", ("READ", "WRITE", "CKSUM"))
    broken = slow and texts.slow_title.startswith("\n")
    yield title + (texts.slow_title if slow and not broken else "")
    # Some releases end the line of titles before they print the last of them.
    lead = texts.slow_title[1:] if broken else ""
    yield lead + _node(request, pool_node(pool), width)
    for node in data_trees(pools, pool, request.naming):
        yield _node(request, node, width)
    for role in CLASSES:
        nodes = list(class_trees(pools, pool, request.naming, role))
        if nodes:
            yield texts.class_line.format(role)
        for node in nodes:
            yield _node(request, node, width)
    for heading, disks in (("cache", pool.caches), ("spares", pool.spares)):
        if disks:
            yield f"\t{heading}"
        for disk in disks:
            node = disk_node(pools, disk, request.naming, 1)
            yield _spare(pool, disk, node, width) if heading == "spares" else _node(request, node, width)


def _node(request: _Request, node: Node, width: int) -> str:
    show = str if "p" in request.letters else human
    read, write, checksum = (show(count) for count in node.errors)
    line = _line(node.name, 2 * node.depth, width, node.state, (read, write, checksum))
    if "s" in request.letters:
        line += f" {'0' if node.disk is not None or 'p' in request.letters else '-':>5}"
    if node.remark:
        line += f"  {node.remark}"
    if node.disk is not None and node.disk.fresh:
        line += "  (resilvering)"
    if node.disk is not None and "i" in request.letters:
        line += "  (uninitialized)"
    if node.disk is not None and "t" in request.letters:
        line += "  (trim unsupported)"
    return line


def _line(name: str, indent: int, width: int, state: str, counts: tuple[str, str, str]) -> str:
    read, write, checksum = counts
    return f"\t{'':{indent}}{name:<{width - indent}}  {state:<8} {read:>5} {write:>5} {checksum:>5}"


def _spare(pool: Pool, disk: Disk, node: Node, width: int) -> str:
    used = any(
        member.spare and member.successor is not None and member.successor.name == disk.name
        for vdev in pool.vdevs
        for member in vdev.disks
    )
    state = "INUSE" if used else "AVAIL" if disk.state == ONLINE else node.state
    remark = "  currently in use" if used else ""
    return f"\t  {node.name:<{width - 2}}  {state:<8}{remark}"


def _scan(texts: StatusTexts, scan: Scan | None, now: datetime) -> str:
    if scan is None:
        return "" if texts.idle is None else f"{texts.scan}{texts.idle}\n"
    if scan.state == "finished":
        words = texts.finished[scan.function]
        seconds = int((scan.end - scan.start).total_seconds())
        return texts.scan + words.format(
            repaired=human(scan.repaired, texts.byte), time=texts.duration(seconds), date=f"{ctime(scan.end)}\n"
        )
    if scan.state == "canceled":
        return f"{texts.scan}{scan.function} canceled on {ctime(scan.end)}\n"
    return texts.scan + _progress(texts, scan, now)


def _progress(texts: StatusTexts, scan: Scan, now: datetime) -> str:
    until = scan.paused or now
    elapsed = max(1, int((until - scan.start).total_seconds()))
    done = min(scan.total, elapsed * RATE)
    share = 100 * done / scan.total if scan.total else 100.0
    rate = done // elapsed
    verb = "repaired" if scan.function == "scrub" else "resilvered"
    total, seen, speed, copied = (
        human(number, texts.byte)
        for number in (scan.total, done, rate, 0 if scan.function == "scrub" else min(scan.repaired, done))
    )
    left = f", {texts.to_go((scan.total - done) // rate)} to go" if rate >= _SLOWEST_TO_TELL else texts.no_estimate
    if scan.paused is not None:
        text = f"scrub paused since {ctime(scan.paused)}\n\tscrub started on {ctime(scan.start)}\n" + texts.resting
    else:
        text = f"{scan.function} in progress since {ctime(scan.start)}\n" + texts.running
    return text.format(total=total, seen=seen, speed=speed, copied=copied, verb=verb, share=share, left=left)


def _removal(pool: Pool) -> str:
    removal = pool.removal
    if removal is None:
        return ""
    minutes = int((removal.end - removal.start).total_seconds()) // 60
    return (
        f"remove: Removal of vdev {removal.number} copied {human(removal.copied)} in "
        f"{minutes // 60}h{minutes % 60}m, completed on {ctime(removal.end)}\n"
        f"    {human(removal.memory)} memory used for removed device mappings\n"
    )


def ctime(moment: datetime) -> str:
    """Return a time as the C library prints it, without the end of the line."""
    return moment.strftime("%a %b %e %H:%M:%S %Y")
