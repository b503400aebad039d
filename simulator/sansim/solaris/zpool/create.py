"""`zpool create`, `zpool destroy` and `zpool export` (source: illumos zpool_main.c, libzfs_pool.c)."""

from collections.abc import Iterator, Sequence

from attrs import Factory, define, evolve

from sansim.solaris.pools.disks import Group, Layout
from sansim.solaris.pools.model import Pool, pool_of
from sansim.solaris.pools.moves import create, destroy, export
from sansim.solaris.pools.vdevs import LOG
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zfs.names import check_pool_name
from sansim.solaris.zfs.settings import as_settings, read_changes
from sansim.solaris.zpool.command import PoolRun, not_simulated, open_pool, options, refused, single
from sansim.solaris.zpool.layout import check_distinct, read_layout
from sansim.solaris.zpool.properties import FEATURE, find
from sansim.solaris.zpool.settings import When, check, with_properties

__all__ = ["check_new_name", "create_pool", "destroy_pool", "enter_property", "export_pools", "layout_lines"]

_RESERVED = ("mirror", "raidz", "draid", "spare")
_LONGEST_NAME = 256 - 2 - 2 * len("$ORIGIN")


@define
class _Request:
    letters: set[str] = Factory(set)
    mountpoint: str | None = None
    altroot: str | None = None
    temporary: str | None = None
    values: dict[str, str] = Factory(dict)
    root: dict[str, int | str] = Factory(dict)


def create_pool(run: PoolRun, arguments: Sequence[str]) -> None:
    """Make a pool with its root filesystem."""
    request = _Request()
    read = options(run, "create", arguments)
    for letter, text in read:
        _read_option(run, request, letter, text)
    if not read.operands:
        raise UsageError("missing pool name argument")
    if len(read.operands) == 1:
        raise UsageError("missing vdev specification")
    name, *words = read.operands
    if "/" in name:
        raise Failure(
            f"cannot create '{name}': invalid character '/' in pool name\nuse 'zfs create' to create a dataset"
        )
    layout = read_layout(run, words, force="f" in request.letters)
    if all(group.role for group in layout.groups):
        raise Failure("invalid vdev specification: at least one toplevel vdev must be specified")
    _check_paths(request)
    if "n" in request.letters:
        run.say(f"would create '{name}' with the following layout:\n")
        run.out += layout_lines(name, layout, numbered=False)
        return
    _make(run, request, name, layout)


def _read_option(run: PoolRun, request: _Request, letter: str, text: str) -> None:
    match letter:
        case "f" | "n" | "d":
            request.letters.add(letter)
        case "m":
            request.mountpoint = text
        case "R":
            request.altroot = text
            enter_property(run, request.values, "altroot", text)
            request.values.setdefault("cachefile", "none")
        case "t":
            _read_temporary(request, text)
        case "o" | "O":
            _read_property(run, request, letter, text)
        case _:
            raise not_simulated(run, f"create -{letter}")


def _read_temporary(request: _Request, text: str) -> None:
    if "/" in text:
        raise Failure(
            f"cannot create '{text}': invalid character '/' in temporary name\nuse 'zfs create' to create a dataset"
        )
    request.temporary = text
    request.values.setdefault("cachefile", "none")


def _read_property(run: PoolRun, request: _Request, letter: str, text: str) -> None:
    name, equals, value = text.partition("=")
    if not equals:
        raise Failure(f"missing '=' for -{letter} option")
    if letter == "O":
        _enter_root(request, name, value)
        return
    enter_property(run, request.values, name, value)
    if name == "altroot":
        request.altroot = value


def _enter_root(request: _Request, name: str, value: str) -> None:
    if name == "mountpoint":
        request.mountpoint = value
    elif name in request.root:
        raise Failure(f"property '{name}' specified multiple times")
    else:
        request.root[name] = value


def enter_property(run: PoolRun, values: dict[str, str], name: str, value: str) -> None:
    """Enter a property of a pool among those read before.

    Raises:
        Failure: It is none, or came before.
    """
    prop = None if name.startswith(FEATURE) else find(run.zpool, name)
    if prop is None and not name.startswith(FEATURE):
        raise Failure(f"property '{name}' is not a valid pool property")
    if (name.startswith(FEATURE) and "version" in values) or (name == "version" and any(map(_is_feature, values))):
        raise Failure("'feature@' and 'version' properties cannot be specified together")
    normal = prop.name if prop else name
    if normal in values and normal != "cachefile":
        raise Failure(f"property '{name}' specified multiple times")
    values[normal] = value


def _is_feature(name: str) -> bool:
    return name.startswith(FEATURE)


def _check_paths(request: _Request) -> None:
    if request.altroot is not None and not request.altroot.startswith("/"):
        raise Failure(f"invalid alternate root '{request.altroot}': must be an absolute path")
    where = request.mountpoint
    if where is not None and where not in ("legacy", "none") and not where.startswith("/"):
        raise Failure(f"invalid mountpoint '{where}': must be an absolute path, 'legacy', or 'none'")


def check_new_name(name: str) -> str | None:
    """Say what is wrong with the name of a new pool, None if nothing is."""
    if len(name) >= _LONGEST_NAME:
        return "name is too long"
    if reason := check_pool_name(name):
        return reason
    if name.startswith(_RESERVED) or name == "log":
        return "name is reserved"
    if name[0] == "c" and name[1:2].isdigit():
        return "pool name is reserved"
    return None


def _make(run: PoolRun, request: _Request, name: str, layout: Layout) -> None:
    action = f"cannot create '{name}'"
    with refused(action):
        if reason := check_new_name(name):
            raise Failure(f"{action}: {reason}\npool name may have been omitted")
        values = list(_checked(run, request, name))
        blank = Pool(request.temporary or name, 0, 0, 0, lasting_name=name if request.temporary else None)
        if "d" in request.letters or "version" in request.values:
            blank = evolve(blank, disabled=tuple(feature.name for feature in run.zpool.features))
        pool = with_properties(run, blank, values)
        if pool.version is not None:
            pool = evolve(pool, disabled=())
        if request.mountpoint is not None:
            request.root["mountpoint"] = request.mountpoint
        changes = read_changes(run.release, action, "filesystem", request.root)
        run.permit_pool()
        check_distinct(layout)
        create(run.pools, pool, layout, as_settings(changes))


def _checked(run: PoolRun, request: _Request, name: str) -> Iterator[tuple[str, str]]:
    blank = Pool(name, 0, 0, 0)
    for item, text in request.values.items():
        yield item, check(run, blank, item, text, When.CREATION)


def layout_lines(name: str | None, layout: Layout, *, numbered: bool) -> Iterator[str]:
    """Yield the lines of a dry run: the pool, if it is named, its groups and disks, and log devices."""
    if name is not None:
        yield f"\t{name}\n"
    for role in ("", "dedup", "special", LOG):
        groups = [group for group in layout.groups if group.role == role]
        if groups and role:
            yield f"\t{role}\n"
        for group in groups:
            yield from _group_lines(group, numbered=numbered)


def _group_lines(group: Group, *, numbered: bool) -> Iterator[str]:
    depth = 2
    if group.kind != "disk":
        yield f"\t  {group.kind}{'-0' if numbered else ''}\n"
        depth = 4
    for device in group.devices:
        yield f"\t{'':{depth}}{device.name}\n"


def destroy_pool(run: PoolRun, arguments: Sequence[str]) -> None:
    """Destroy a pool and all that lies in it."""
    read = options(run, "destroy", arguments)
    list(read)
    name = single(read.operands, "missing pool argument")
    try:
        open_pool(run, name)
    except Failure as failure:
        hint = "\nuse 'zfs destroy' to destroy a dataset" if "/" in name else ""
        raise Failure(failure.text + hint) from failure
    if trouble := _unmount(run, name):
        raise Failure(f"{trouble}\ncould not destroy '{name}': could not unmount datasets")
    with refused(f"cannot destroy '{name}'"):
        run.permit_pool()
        destroy(run.pools, name)


def export_pools(run: PoolRun, arguments: Sequence[str]) -> None:
    """Export pools, each for itself."""
    read = options(run, "export", arguments)
    letters = {letter for letter, _ in read}
    names = list(read.operands)
    if "a" in letters:
        if names:
            raise UsageError("too many arguments")
        names = sorted(run.pools.pools)
    elif not names:
        raise UsageError("missing pool argument")
    complete = True
    for name in names:
        try:
            _export(run, name)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    if not complete:
        raise Failure("")


def _export(run: PoolRun, name: str) -> None:
    open_pool(run, name)
    if trouble := _unmount(run, name):
        raise Failure(trouble)
    with refused(f"cannot export '{name}'"):
        run.permit_pool()
        export(run.pools, name)


def _unmount(run: PoolRun, name: str) -> str | None:
    """Say why the filesystems of a pool cannot be unmounted, None if they can."""
    mounted = [item for item in run.pools.datasets.values() if item.mounted and pool_of(item.name) == name]
    if not mounted or run.may_configure:
        return None
    return f"cannot unmount '/{mounted[-1].name}': {run.zpool.not_owner}"
