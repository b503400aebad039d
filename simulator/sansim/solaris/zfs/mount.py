"""`zfs mount`, `unmount`, `share`, `unshare` (source: illumos zfs_main.c, libzfs_mount.c; OpenZFS 2.1)."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from attrs import evolve

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.model import Dataset, setting
from sansim.solaris.pools.mounts import at_once, mountpoint, with_those_on_it
from sansim.solaris.zfs.command import Failure, Run, UsageError, open_item
from sansim.solaris.zfs.values import value

__all__ = ["mount", "share", "unmount", "unshare"]

_FILESYSTEM = frozenset({"filesystem"})
_PROTOCOLS = ("nfs", "smb")


def mount(run: Run, arguments: Sequence[str]) -> None:
    """Mount filesystems, or list those that are mounted."""
    options = run.options("mount", arguments, "missing argument for '{}' option")
    everything = with_options = False
    for letter, text in options:
        everything |= letter == "a"
        if letter == "o":
            with_options = True
            if not text:
                raise UsageError("empty mount options (-o) specified")
    if not everything and not options.operands:
        if with_options:
            raise UsageError("missing filesystem argument (specify -a for all)")
        for dataset in run.pools.datasets.values():
            if dataset.mounted:
                run.say(f"{dataset.name:<30}  {mountpoint(run.pools.datasets, dataset.name)}")
        return
    _each(run, "mount", options.operands, _mount, everything=everything)


def share(run: Run, arguments: Sequence[str]) -> None:
    """Share filesystems as their properties say."""
    options = run.options("share", arguments)
    everything = "a" in {letter for letter, _ in options}
    operands = options.operands
    if not everything and not operands:
        raise UsageError("missing filesystem argument (specify -a for all)")
    if everything and operands:
        if operands[0] not in _PROTOCOLS:
            raise UsageError("share type must be 'nfs' or 'smb'")
        operands = operands[1:]
    _each(run, "share", operands, _share, everything=everything)


def _each(
    run: Run, verb: str, operands: Sequence[str], act: Callable[[Run, Dataset], None], *, everything: bool
) -> None:
    """Do something to one filesystem, or to all that do it by themselves."""
    if everything:
        if operands:
            raise UsageError("too many arguments")
        for name in sorted(run.pools.datasets):
            dataset = run.pools.dataset(name)
            if at_once(run.pools.datasets, name) and _refused(run, verb, dataset) is None:
                act(run, dataset)
        return
    if len(operands) > 1:
        raise UsageError("too many arguments")
    open_item(run.pools, operands[0], _FILESYSTEM)
    dataset = run.pools.dataset(operands[0])
    if (reason := _refused(run, verb, dataset)) is not None:
        raise Failure(f"cannot {verb} '{dataset.name}': {reason}")
    act(run, dataset)


def _refused(run: Run, verb: str, dataset: Dataset) -> str | None:
    """Say why a filesystem cannot be mounted or shared, None if it can."""
    path = mountpoint(run.pools.datasets, dataset.name)
    reason = None
    if verb == "share" and not _shares(run, dataset):
        reason = run.release.mounts.not_shared
    elif path == "legacy":
        reason = f"legacy mountpoint\nuse {verb}(8) to {verb} this filesystem"
    elif path == "none":
        reason = "no mountpoint set"
    elif setting(dataset.settings, "canmount") == "off":
        reason = "'canmount' property is set to 'off'"
    elif verb == "mount" and dataset.mounted:
        reason = "filesystem already mounted"
    elif verb == "share" and dataset.mounted and not dataset.unshared:
        reason = "filesystem already shared"
    return reason


def _shares(run: Run, dataset: Dataset) -> bool:
    properties = run.release.properties
    held = (value(run.pools, dataset, properties[name]) for name in ("sharenfs", "sharesmb"))
    return any(each is not None and each.value != "off" for each in held)


def _mount(run: Run, dataset: Dataset) -> None:
    try:
        run.permit(dataset.name, "mount")
    except Refused as refused:
        raise Failure(f"cannot mount '{dataset.name}': Insufficient privileges") from refused
    with run.pools.state.change():
        run.pools.datasets[dataset.name] = evolve(dataset, mounted=True)


def _share(run: Run, dataset: Dataset) -> None:
    try:
        run.permit(dataset.name, "share")
    except Refused as refused:
        raise Failure(f"cannot share '{dataset.name}': {refused.reason}") from refused
    with run.pools.state.change():
        run.pools.datasets[dataset.name] = evolve(dataset, mounted=True, unshared=False)


def unmount(run: Run, arguments: Sequence[str]) -> None:
    """Unmount filesystems."""
    options = run.options("unmount", arguments)
    if "a" in {letter for letter, _ in options}:
        if options.operands:
            raise UsageError("too many arguments")
        for dataset in list(run.pools.datasets.values()):
            if dataset.mounted and at_once(run.pools.datasets, dataset.name):
                _unmount(run, [dataset.name])
        return
    dataset = _mounted(run, "unmount", _single(options.operands))
    if mountpoint(run.pools.datasets, dataset.name) == "legacy":
        raise Failure(f"cannot unmount '{dataset.name}': legacy mountpoint\nuse umount(8) to unmount this filesystem")
    if not dataset.mounted:
        raise Failure(f"cannot unmount '{dataset.name}': not currently mounted")
    below = list(run.pools.space.below(dataset.name))
    _unmount(run, reversed(with_those_on_it(run.pools.datasets, dataset.name, below)))


def unshare(run: Run, arguments: Sequence[str]) -> None:
    """Take back what is shared."""
    options = run.options("unshare", arguments)
    if "a" in {letter for letter, _ in options}:
        if options.operands:
            raise UsageError("too many arguments")
        for dataset in list(run.pools.datasets.values()):
            if dataset.mounted and _shares(run, dataset):
                _unshare(run, dataset)
        return
    operand = _single(options.operands)
    dataset = _mounted(run, "unshare", operand)
    if not _shares(run, dataset):
        raise Failure(f"cannot unshare '{operand}': {run.release.mounts.not_unshared}")
    if dataset.unshared or not dataset.mounted:
        raise Failure(f"cannot unshare '{operand}': not currently shared")
    _unshare(run, dataset)


def _single(operands: Sequence[str]) -> str:
    if not operands:
        raise UsageError("missing filesystem argument")
    if len(operands) > 1:
        raise UsageError("too many arguments")
    return operands[0]


def _mounted(run: Run, verb: str, operand: str) -> Dataset:
    """Return the filesystem of a name, or the one that is mounted at a path."""
    if not operand.startswith("/"):
        open_item(run.pools, operand, _FILESYSTEM)
        return run.pools.dataset(operand)
    at = partial(mountpoint, run.pools.datasets)
    for dataset in run.pools.datasets.values():
        if dataset.mounted and at(dataset.name) == operand:
            return dataset
    try:
        run.call.read_file(operand)
    except FileNotFoundError as error:
        raise Failure(f"cannot {verb} '{operand}': No such file or directory") from error
    except OSError:
        # It is there, but no regular file.
        pass
    raise Failure(f"cannot {verb} '{operand}': not a mountpoint")


def _unmount(run: Run, names: Iterable[str]) -> None:
    for name in names:
        dataset = run.pools.dataset(name)
        if not dataset.mounted:
            continue
        try:
            run.permit(name, "mount")
        except Refused as refused:
            path = mountpoint(run.pools.datasets, name)
            raise Failure(f"cannot unmount '{path}': {run.release.mounts.not_owner}") from refused
        with run.pools.state.change():
            run.pools.datasets[name] = evolve(dataset, mounted=False)


def _unshare(run: Run, dataset: Dataset) -> None:
    try:
        run.permit(dataset.name, "share")
    except Refused as refused:
        raise Failure(f"cannot unshare '{dataset.name}': {refused.reason}") from refused
    with run.pools.state.change():
        run.pools.datasets[dataset.name] = evolve(dataset, unshared=True)
