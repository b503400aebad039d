"""`zpool import` (source: illumos zpool_main.c)."""

from collections.abc import Iterator, Sequence

from attrs import Factory, define

from sansim.solaris.pools.label import Label
from sansim.solaris.pools.model import Pool, Setting
from sansim.solaris.pools.moves import import_pool
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zpool.command import PoolRun, not_simulated, options, refused
from sansim.solaris.zpool.create import check_new_name, enter_property
from sansim.solaris.zpool.health import diagnose
from sansim.solaris.zpool.list import name_width
from sansim.solaris.zpool.names import CLASSES, Naming, Node, class_trees, data_trees, pool_node
from sansim.solaris.zpool.settings import When, check

__all__ = ["import_pools"]

_NARROWEST_NAME = 10
_REWIND = "--rewind-to-checkpoint"
_NOT_SIMULATED = "cEFrTVX"
_BY_NAME = " action: The pool can be imported using its name or numeric identifier"
_HEALTHY = f"{_BY_NAME}.\n"
_WITHOUT_FEATURES = f"{_BY_NAME}, though\n\tsome features will not be available without an explicit 'zpool upgrade'.\n"
_DEGRADED = (
    " action: The pool can be imported despite missing or damaged devices.  The\n"
    "\tfault tolerance of the pool may be compromised if imported.\n"
)
_MISSING = " action: The pool cannot be imported. Attach the missing\n\tdevices and try again.\n"
_NEW_NAME = "use the form 'zpool import [-t] <pool | id> <newpool>' to give it a new temporary or permanent name"


@define
class _Request:
    letters: set[str] = Factory(set)
    directories: list[str] = Factory(list)
    values: dict[str, str] = Factory(dict)


def import_pools(run: PoolRun, arguments: Sequence[str]) -> None:
    """List the pools that could be imported, or import one or all of them."""
    request = _Request()
    rewind = _REWIND in arguments
    read = options(run, "import", [word for word in arguments if word != _REWIND])
    for letter, text in read:
        _read_option(run, request, letter, text)
    operands = read.operands
    _check(run, request, operands)
    if rewind:
        raise not_simulated(run, f"import {_REWIND}")
    labels = _found(run, request)
    if operands:
        _import_one(run, request, labels, operands)
    elif not labels:
        run.complain("no pools available to import")
    elif "a" in request.letters:
        _import_all(run, request, labels)
    else:
        run.out.append("\n".join(_shown(run, label) for label in labels))


def _read_option(run: PoolRun, request: _Request, letter: str, text: str) -> None:
    if letter in _NOT_SIMULATED:
        raise not_simulated(run, f"import -{letter}")
    request.letters.add(letter)
    if letter == "d":
        request.directories.append(text)
    elif letter == "R":
        enter_property(run, request.values, "altroot", text)
        request.values.setdefault("cachefile", "none")
    elif letter == "t":
        request.values.setdefault("cachefile", "none")
    elif letter == "o" and "=" in text:
        name, _, value = text.partition("=")
        enter_property(run, request.values, name, value)


def _check(run: PoolRun, request: _Request, operands: Sequence[str]) -> None:
    letters = request.letters
    if {"l", "N"} <= letters:
        raise UsageError("-l is incompatible with -N")
    if "l" in letters and "a" not in letters and not operands:
        raise UsageError("-l is only meaningful during an import")
    if "n" in letters:
        raise UsageError("-n or -X only meaningful with -F")
    if (operands and "a" in letters) or len(operands) > 2:  # noqa: PLR2004 - a pool and its new name
        raise UsageError("too many arguments")
    if "a" not in letters and not operands and not run.may_configure:
        raise Failure("cannot discover pools: permission denied")


def _found(run: PoolRun, request: _Request) -> list[Label]:
    """Return the pools that are on the disks of the directories to be searched."""
    wanted = "D" in request.letters
    if not run.may_configure:
        return []
    root = run.zpool.disks.root
    labels = [label for label in run.pools.labels.values() if label.destroyed is wanted]
    if not request.directories:
        return [label for label in labels if not _in_files(label.pool)]
    return [
        label
        for label in labels
        if any(
            _directory(disk.name, root) == directory.rstrip("/")
            for directory in request.directories
            for vdev in label.pool.vdevs
            for disk in vdev.disks
        )
    ]


def _in_files(pool: Pool) -> bool:
    return all(disk.name.startswith("/") for vdev in pool.vdevs for disk in vdev.disks)


def _directory(name: str, root: str) -> str:
    return name.rpartition("/")[0] if name.startswith("/") else root


def _import_all(run: PoolRun, request: _Request, labels: Sequence[Label]) -> None:
    complete = True
    for label in labels:
        try:
            _import(run, request, label, None)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    if not complete:
        raise Failure("")


def _import_one(run: PoolRun, request: _Request, labels: Sequence[Label], operands: Sequence[str]) -> None:
    wanted = operands[0]
    if wanted.isdigit():
        there = any(str(pool.guid) == wanted for pool in run.pools.pools.values())
        matching = [label for label in labels if str(label.pool.guid) == wanted]
    else:
        there = wanted in run.pools.pools
        matching = [label for label in labels if label.pool.name == wanted]
    if there and (len(operands) == 1 or operands[0] == operands[1]):
        raise Failure(f"cannot import '{wanted}': a pool with that name already exists\n{_NEW_NAME}")
    if len(matching) > 1:
        raise Failure(f"cannot import '{wanted}': more than one matching pool\nimport by numeric ID instead")
    if not matching:
        raise Failure(f"cannot import '{wanted}': no such pool available")
    _import(run, request, matching[0], operands[1] if operands[1:] else None)


def _import(run: PoolRun, request: _Request, label: Label, new_name: str | None) -> None:
    old = label.pool.name
    action = f"cannot import '{old}'" if new_name is None else f"cannot import '{old}' as '{new_name}'"
    if label.destroyed and "f" not in request.letters and label.pool.state == "UNAVAIL":
        raise Failure(f"{action}: one or more devices is currently unavailable")
    if new_name is not None and (reason := check_new_name(new_name)):
        raise Failure(f"cannot import '{old}': {reason}")
    with refused(action):
        settings = [
            Setting(name, check(run, label.pool, name, text, When.IMPORT)) for name, text in request.values.items()
        ]
        run.permit_pool()
        mount, temporary = "N" not in request.letters, "t" in request.letters and new_name is not None
        import_pool(run.pools, label, new_name or old, settings, mount=mount, temporary=temporary)


def _shown(run: PoolRun, label: Label) -> str:
    pool = label.pool
    diagnosis = diagnose(run.zpool, pool)
    text = f"   pool: {pool.name}\n     id: {pool.guid}\n  state: {pool.state}"
    text += " (DESTROYED)\n" if label.destroyed else "\n"
    if diagnosis is not None:
        text += diagnosis.importing
    if pool.state == "ONLINE":
        text += _WITHOUT_FEATURES if diagnosis is not None and diagnosis.harmless else _HEALTHY
    else:
        text += _DEGRADED if pool.state == "DEGRADED" else _MISSING
    comment = next((item.value for item in pool.settings if item.name == "comment"), None)
    if comment is not None:
        text += f"comment: {comment}\n"
    if diagnosis is not None and diagnosis.message:
        text += f"   see: {run.zpool.status.url.format(diagnosis.message)}\n"
    return text + " config:\n\n" + "".join(f"{line}\n" for line in _config(run, pool))


def _config(run: PoolRun, pool: Pool) -> Iterator[str]:
    naming = Naming()
    width = max(_NARROWEST_NAME, name_width(run, pool, naming))
    yield _line(pool_node(pool), width)
    for node in data_trees(run.pools, pool, naming):
        yield _line(node, width)
    for heading, disks in (("cache", pool.caches), ("spares", pool.spares)):
        if disks:
            yield f"\t{heading}"
        for disk in disks:
            yield f"\t  {naming.disk(run.pools, disk)}"
    for role in CLASSES:
        nodes = list(class_trees(run.pools, pool, naming, role))
        if nodes:
            yield run.zpool.status.class_line.format(role)
        for node in nodes:
            yield _line(node, width)


def _line(node: Node, width: int) -> str:
    indent = 2 * node.depth
    line = f"\t{'':{indent}}{node.name:<{width - indent}}  {node.state}"
    return f"{line}  {node.remark}" if node.remark else line
