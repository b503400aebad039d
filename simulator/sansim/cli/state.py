"""`sansim reset`, `snapshot`, `snapshots`, `restore`, `export`, `import`: all that arrays hold."""

import os
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from sansim.cli.output import show, table, unreadable
from sansim.cli.verbs import Verbs, client, verb
from sansim.config import ConfigError

__all__ = ["add"]

_KEPT = "Snapshots are kept in the running simulator and go with it; what is to last longer is exported."
_STANDARD = Path("-")


def add(verbs: Verbs) -> None:
    """Add the verbs."""
    parser = verb(
        verbs,
        "reset",
        _reset,
        "let an array, or all, be as freshly made from its configuration",
        "What runs there is killed; passwords and host keys stay.",
    )
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only this one")
    parser = verb(verbs, "snapshot", _snapshot, "keep all that the arrays hold now under a name", _KEPT)
    parser.add_argument("name", metavar="NAME", help="how to call it")
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only of this one")
    parser.add_argument("--replace", action="store_true", help="replace an earlier one of that name")
    parser = verb(verbs, "snapshots", _snapshots, "list the snapshots that are kept", _KEPT)
    parser.add_argument("--remove", metavar="NAME", help="remove one of them instead")
    parser = verb(verbs, "restore", _restore, "let the arrays hold again what a snapshot says", _KEPT)
    parser.add_argument("name", metavar="NAME", help="which snapshot")
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only this one")
    parser = verb(
        verbs,
        "export",
        _export,
        "write what the arrays hold as readable TOML",
        "CHAP secrets are in it: a file is readable for its owner only, from the start.",
    )
    parser.add_argument("file", nargs="?", type=Path, default=_STANDARD, metavar="FILE", help="where to; - is stdout")
    parser.add_argument("--array", metavar="ARRAY", help="only this one")
    parser = verb(
        verbs,
        "import",
        _import,
        "let the arrays hold what an exported TOML says, all of it or nothing",
        "Arrays that the file does not name stay as they are. What runs on the others is killed.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `export` wrote; - is stdin")
    parser.add_argument("--array", metavar="ARRAY", help="the one array of the file, under this name")


def _reset(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("reset", array=options.array)
    return show(options, answer, f"as freshly made: {', '.join(answer['arrays'])}")


def _snapshot(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("snapshot", name=options.name, array=options.array, replace=options.replace)
    return show(options, answer, f"snapshot {options.name} of {', '.join(answer['arrays'])}")


def _snapshots(options: Namespace) -> int:
    with client(options) as simulator:
        if options.remove is not None:
            answer = simulator.ask("remove-snapshot", name=options.remove)
            return show(options, answer, f"snapshot {options.remove} is removed")
        answer = simulator.ask("snapshots")
    rows = [(one["name"], one["taken"], one["arrays"]) for one in answer["snapshots"]]
    return show(options, answer, table(("name", "taken", "arrays"), rows, "no snapshots are kept"))


def _restore(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("restore", name=options.name, array=options.array)
    return show(options, answer, f"as in snapshot {options.name}: {', '.join(answer['arrays'])}")


def _export(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("export", array=options.array)
    if options.file == _STANDARD:
        return show(options, answer, answer["text"].removesuffix("\n"))
    try:
        _write(options.file, answer["text"])
    except OSError as error:
        raise ConfigError(f"cannot write {options.file}: {error.strerror}") from error
    return show(options, {"file": str(options.file)}, f"written to {options.file}")


def _write(path: Path, text: str) -> None:
    """Write a file that its owner alone may read; a reader finds the old one or the whole new one."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink()
        raise


def _import(options: Namespace) -> int:
    try:
        text = sys.stdin.read() if options.file == _STANDARD else options.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {options.file}: {unreadable(error)}") from error
    with client(options) as simulator:
        answer = simulator.ask("import", text=text, array=options.array)
    return show(options, answer, f"as {options.file} says")
