"""A simulated host that is asked what it offers, and whether it does what no transcript shows."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

import asyncssh

from docs._ext.standing.synopses import PROGRAMS, USAGE_LINES, Option, Subcommand, synopsis
from sansim import ArrayConfig, SimulatedArray, Simulator

__all__ = ["offers", "probe", "unsupported"]

_SETUP: Final = (
    "zfs create -s -V 1G tank/v; zfs create tank/fs; zfs snapshot tank/v@a; zfs snapshot tank/fs@a;"
    " zfs clone tank/v@a tank/clone; zfs snapshot tank/v@b"
)
_SAMPLES: Final = (
    ("property=value", "compression=on"),
    ("<property", "compression"),
    ("perm", "create"),
    ("user", "root"),
    ("tag", "keep"),
    ("size", "1G"),
    ("clone-filesystem", "tank/clone"),
    ("bookmark", "tank/v#mark"),
    ("snapshot", "tank/v@a"),
    ("filesystem", "tank/fs"),
    ("volume", "tank/v"),
    ("newpool", "other"),
    ("new-device", "c0t4d0"),
    ("vdev", "c0t4d0"),
    ("device", "c0t1d0"),
    ("pool", "tank"),
    ("state", "maintenance"),
    ("service", "svc:/system/stmf:default"),
    ("FMRI", "svc:/system/stmf:default"),
    ("milestone", "all"),
    ("limit", "10"),
)
_PATIENCE: Final = 10
_OPERAND: Final = re.compile(r"<[^>]+>|\{[^}]+\}")


def offers(flavour: str) -> Mapping[str, tuple[Subcommand, ...]]:
    """Return what each program of a flavour of host offers, by its own usage; without those not there."""
    config = ArrayConfig(name="host", kind="solaris", flavour=flavour)
    with Simulator(arrays=(config,), seed=1) as simulator:
        usages = asyncio.run(_run(simulator["host"], USAGE_LINES.values()))
    found = {program: text for program, text in zip(PROGRAMS, usages, strict=True) if "not found" not in text}
    return {program: synopsis(program, text) for program, text in found.items()}


def probe(program: str, row: Subcommand, option: Option | None) -> str:
    """Return a line that uses a sub-command, or one option of it, as its usage says."""
    forms = [form for form in row.forms if option is None or _names(form, option)] or list(row.forms)
    operands = [_sample(word) for word in _OPERAND.findall(_without_brackets(forms[0])) if not word.startswith("<-")]
    given = []
    if option is not None:
        given = [option.name, _sample(option.argument)] if option.argument else [option.name]
    return " ".join([program, *([row.name] if row.name else []), *given, *operands])


def unsupported(flavour: str, lines: Iterable[str]) -> dict[str, str]:
    """Run each line on a fresh host and return those that ask for what is not simulated, with what that is."""
    config = ArrayConfig(name="host", kind="solaris", flavour=flavour)
    found = {}
    for line in lines:
        with Simulator(arrays=(config,), seed=1) as simulator:
            array = simulator["host"]
            with suppress(TimeoutError):  # what waits for something is simulated
                asyncio.run(_run(array, (_SETUP, line)))
            if array.log[-1].unsupported:
                found[line] = array.log[-1].unsupported[0]
    return found


def _names(form: str, option: Option) -> bool:
    letter = option.name.removeprefix("-")
    return re.search(rf"(?<![\w>])-\[?\w*{re.escape(letter)}", form) is not None


def _without_brackets(form: str) -> str:
    """Return a form without its optional parts."""
    while (shorter := re.sub(r"\[[^\[\]]*\]", "", form)) != form:
        form = shorter
    return re.sub(r"-\w <[^>]+>", "", form)


def _sample(text: str) -> str:
    return next((sample for part, sample in _SAMPLES if part in text), "x")


async def _run(array: SimulatedArray, lines: Iterable[str]) -> list[str]:
    async with asyncssh.connect(
        array.host,
        array.port,
        username=array.username,
        password=array.password,
        known_hosts=None,
        client_keys=None,
        agent_path=None,
        config=None,
    ) as connection:
        async with asyncio.timeout(_PATIENCE):
            done = [await connection.run(line, encoding="utf-8", errors="surrogateescape") for line in lines]
    return [str(answer.stdout) + str(answer.stderr) for answer in done]
