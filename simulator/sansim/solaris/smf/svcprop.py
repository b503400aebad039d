"""svcprop: properties of services. Source: illumos `svcprop.c`."""

import asyncio
from collections.abc import Iterator

from attrs import field, frozen

from sansim.program import Answer, Call, Program
from sansim.solaris.smf.options import OptionError, parse_options
from sansim.solaris.smf.patterns import matching
from sansim.solaris.smf.properties import Property, properties
from sansim.solaris.smf.refusal import Refusal
from sansim.solaris.smf.release import ILLUMOS_SMF, SmfRelease
from sansim.solaris.smf.smf import Service, Smf

__all__ = ["program"]

_POLL = 0.05
"""How long -w waits before it looks again, in seconds of the machine that runs the simulator."""
_MARK = "/:properties/"
_META = frozenset(";&()|^<>\n \t\\\"'`")
_SNAPSHOTS = frozenset({"initial", "last-import", "previous", "running", "start"})
_NONPERSISTENT = frozenset({"restarter", "general_ovr"})
_COMPONENTS = 2
_ARTICLES = {"instance": "an instance", "service": "a service"}


@frozen
class _Entity:
    """What an operand names: a service or an instance, and perhaps a group or a property of it."""

    fmri: str
    kind: str
    properties: tuple[Property, ...]
    names: tuple[str, ...] = ()


@frozen
class _Run:
    """What was asked for, and what was printed so far."""

    letters: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    snapshot: str | None
    _stdout: list[str] = field(factory=list)
    _stderr: list[str] = field(factory=list)

    @property
    def quiet(self) -> bool:
        return "q" in self.letters

    def show(self, entity: _Entity, found: list[Property], *, typed: bool, full: bool) -> None:
        """Print properties, with their names and types or without."""
        for one in found if not self.quiet else []:
            prefix = f"{entity.fmri}{_MARK}" if full else ""
            start = f"{prefix}{one.group}/{one.name} {one.kind} " if typed else ""
            self._stdout.append(start + " ".join(_quoted(value) for value in one.values) + "\n")

    def complain(self, text: str) -> None:
        """Print a line on standard error, unless it is not wanted; what follows is not looked for then.

        Raises:
            Refusal: Nobody wants to be told.
        """
        if self.quiet and "v" not in self.letters:
            raise Refusal("", 1)
        self._stderr.append(f"svcprop: {text}\n")

    def answer(self) -> Answer:
        """Return what was printed."""
        return Answer("".join(self._stdout), "".join(self._stderr), 1 if self._stderr else 0)


def program(smf: Smf, release: SmfRelease = ILLUMOS_SMF) -> Program:
    """Return svcprop over the services of a host."""

    async def run(call: Call) -> Answer:
        try:
            this, operands = _parse(call, release)
            entities = [one for operand in operands for one in _entities(smf, this, operand)]
            if "w" in this.letters and len(entities) > 1:
                names = "".join(f"\n\t{entity.fmri}" for entity in entities)
                this.complain(f"Pattern '{operands[0]}' matches multiple instances:{names}")
                return this.answer()
            if "w" in this.letters and entities:
                entities = await _changed(smf, this, operands[0])
            several = len(entities) > 1 or "f" in this.letters
            typed = several or "t" in this.letters or len({len(name) for name in this.names}) > 1
            for entity in entities:
                _process(this, entity, typed=typed, full=several)
        except OptionError as error:
            return Answer(stderr=f"{error}\n{release.svcprop}", status=2)
        except Refusal as refusal:
            return refusal.answer
        return this.answer()

    return run


def _parse(call: Call, release: SmfRelease) -> tuple[_Run, list[str]]:
    """Return what the words ask for, and the operands.

    Raises:
        OptionError: getopt complains.
        Refusal: They do not do.
    """
    options, operands = parse_options((call.called, *call.argv[1:]), "Ccfp:qs:tvw" + ("z:" if release.zones else ""))
    letters = frozenset(letter for letter, _ in options)
    names = tuple(tuple(value.split("/")) for letter, value in options if letter == "p")
    for name in names:
        if len(name) > _COMPONENTS:
            text = f"svcprop: -p argument `{'/'.join(name)}' has too many components.\n"
            raise Refusal(text + release.svcprop, 2)
    if len(letters & {*"Ccsw"}) > 1 or not operands:
        raise Refusal(release.svcprop, 2)
    if "w" in letters and (len(names) > 1 or len(operands) > 1):
        raise Refusal(release.svcprop, 2)
    if "z" in letters:
        raise Refusal("svcprop: invalid zone\n", 1, "svcprop -z")
    snapshot = next((value for letter, value in reversed(options) if letter == "s"), None)
    if snapshot is not None and snapshot not in _SNAPSHOTS:
        raise Refusal("" if "q" in letters else "svcprop: No such snapshot.\n", 1)
    return _Run(letters, names, snapshot), operands


def _entities(smf: Smf, this: _Run, operand: str) -> Iterator[_Entity]:
    pattern, _, path = operand.partition(_MARK)
    names = tuple(path.split("/")) if path else ()
    services = matching(smf, pattern)
    if not services:
        this.complain(f"Pattern '{operand}' doesn't match any entities")
    elif pattern.startswith("svc:/") and ":" not in pattern.removeprefix("svc:/"):
        if this.snapshot is not None:
            raise Refusal("svcprop: Only instances have snapshots.\n", 1)
        known = tuple(one for one in properties(services[0], 0) if not one.of_instance)
        yield _Entity(pattern, "service", known, names)
    else:
        places = {one.fmri: place for place, one in enumerate(smf)}
        for service in services:
            yield _Entity(service.fmri, "instance", _known(this, service, places[service.fmri]), names)


def _known(this: _Run, service: Service, place: int) -> tuple[Property, ...]:
    """Return the properties that are looked at: only the instance's own with -C, only lasting ones with -s."""
    found = properties(service, place)
    if "C" in this.letters:
        found = [one for one in found if one.of_instance]
    if this.snapshot is not None:
        found = [one for one in found if one.group not in _NONPERSISTENT]
    return tuple(found)


def _process(this: _Run, entity: _Entity, *, typed: bool, full: bool) -> None:
    if entity.names and this.names:
        raise Refusal("svcprop: The -p option cannot be used with property operands.\n", 2)
    wanted = (entity.names,) if entity.names else this.names
    if not wanted:
        ordered = sorted(entity.properties, key=lambda one: _first(entity, one.group))
        this.show(entity, ordered, typed=True, full=full)
    for group, *rest in wanted:
        found = [one for one in entity.properties if one.group == group]
        chosen = [one for one in found if not rest or one.name == rest[0]]
        if not found:
            this.complain(f"Couldn't find property group `{group}' for {entity.kind} `{entity.fmri}'.")
        elif not chosen:
            this.complain(f"Couldn't find property `{group}/{rest[0]}' for {entity.kind} `{entity.fmri}'.")
        else:
            this.show(entity, chosen, typed=typed or not rest, full=full)


def _first(entity: _Entity, group: str) -> int:
    """Return where a group begins: its properties are listed together."""
    return next(place for place, one in enumerate(entity.properties) if one.group == group)


async def _changed(smf: Smf, this: _Run, operand: str) -> list[_Entity]:
    """Wait until the property group that is looked at changes, and return what has it then.

    Raises:
        Refusal: No group is named, or it or its property is not there.
    """
    before = _watched(this, *_entities(smf, this, operand))
    while True:
        entities = list(_entities(smf, this, operand))
        if _watched(this, *entities) != before:
            return entities
        await asyncio.sleep(_POLL)


def _watched(this: _Run, entity: _Entity) -> list[Property]:
    """Return the properties of the group that is waited for."""
    path = (*entity.names, *(this.names[0] if this.names else ()))
    if not path:
        raise Refusal(f"svcprop: Cannot wait for {_ARTICLES[entity.kind]}.\n", 2)
    found = [one for one in entity.properties if one.group == path[0]]
    if not found or (len(path) > 1 and not any(one.name == path[1] for one in found)):
        raise Refusal("" if this.quiet else "svcprop: Not found.\n", 1)
    return found


def _quoted(value: str) -> str:
    """Return a value as a shell reads it."""
    return "".join(f"\\{letter}" if letter in _META else letter for letter in value) or '""'
