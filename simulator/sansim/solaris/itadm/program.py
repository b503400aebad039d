"""itadm: options, operand count, service, authorization, then the work — in this order.

Complaints about usage print the usage and exit with their own status; from the work on every failure ends
with `itadm SUB failed with error N`. Source: illumos `itadm.c`.
"""

from collections.abc import Awaitable, Callable, Mapping

from sansim.program import Answer, Call, Program
from sansim.solaris.iscsit.iscsit import Iscsit
from sansim.solaris.itadm import secrets as itadm_secrets
from sansim.solaris.itadm.console import Failure, Run
from sansim.solaris.itadm.defaults import DEFAULTS_COMMANDS
from sansim.solaris.itadm.grammar import SUBCOMMANDS, Parsed, Subcommand, UsageError, check_operands, options
from sansim.solaris.itadm.initiators import INITIATOR_COMMANDS
from sansim.solaris.itadm.portals import PORTAL_COMMANDS
from sansim.solaris.itadm.release import ILLUMOS_ITADM, ItadmRelease
from sansim.solaris.itadm.targets import TARGET_COMMANDS
from sansim.solaris.smf.smf import ISCSI_TARGET, Smf
from sansim.solaris.stmf.stmf import Stmf

__all__ = ["program"]

_COMMANDS: Mapping[str, Callable[[Run], Awaitable[None]]] = {
    **TARGET_COMMANDS,
    **PORTAL_COMMANDS,
    **INITIATOR_COMMANDS,
    **DEFAULTS_COMMANDS,
}
_PROPERTIES = {"a": "auth", "l": "alias", "r": "radiusserver", "i": "isns", "I": "isnsserver", "t": "tpg-tag"}
_SECRETS = {"d": "radiussecret", "D": "radiussecret", "s": "chapsecret", "S": "chapsecret"}
_OF_TARGETS = frozenset({"create-target", "modify-target"})
_MOST_ISNS_SERVERS = 8

_NOT_ONLINE = f"""\
The iSCSI target service must be online before running this command.
Use 'svcadm enable -r {ISCSI_TARGET}'
to enable the service and its prerequisite services and/or
'svcs -x {ISCSI_TARGET}' to determine why it is not online.
"""


def program(iscsit: Iscsit, stmf: Stmf, smf: Smf, release: ItadmRelease = ILLUMOS_ITADM) -> Program:
    """Return itadm over an iSCSI target service."""

    async def run(call: Call) -> Answer:
        words = call.argv[1:]
        row = SUBCOMMANDS.get(words[0]) if words else None
        try:
            parsed, properties = await _parse(call, row, release)
        except UsageError as error:
            text = str(error)
            printed = release.usage_of(row.name) if row else release.overall_usage()
            return Answer(printed, f"{text}\n" if text else "", error.status % 256)
        if not smf.online(ISCSI_TARGET):
            return Answer(stderr=_NOT_ONLINE, status=1)
        this = Run(call, parsed, properties, release, iscsit, stmf)
        try:
            await _COMMANDS[words[0]](this)
        except Failure as failure:
            if str(failure):
                this.error(str(failure))
            this.error(f"itadm {words[0]} failed with error {failure.number}")
            return this.answer(failure.number % 256)
        return this.answer(0)

    return run


async def _parse(call: Call, row: Subcommand | None, release: ItadmRelease) -> tuple[Parsed, dict[str, str]]:
    """Return options and operands, and the properties that options name.

    Raises:
        UsageError: They do not do.
    """
    words = list(call.argv[1:])
    if not words:
        raise UsageError
    given: list[tuple[str, str]] = []
    operands: list[str] = []
    properties: dict[str, str] = {}
    for letter, value in options(row, words, operands, release):
        given.append((letter, value))
        name = _property(letter, of_target=words[0] in _OF_TARGETS)
        if name is not None:
            # A repeated property counts where it stands last.
            properties.pop(name, None)
            properties[name] = await _read(call, letter, value, release)
    if row is None:
        raise UsageError("Error, no subcommand specified")
    check_operands(row, operands)
    return Parsed(tuple(given), tuple(operands)), properties


def _property(letter: str, *, of_target: bool) -> str | None:
    """Return the name of the property that an option sets, if it sets one."""
    prefix = "target" if of_target else ""
    if letter == "u":
        return f"{prefix}chapuser"
    if letter in "sS":
        return f"{prefix}chapsecret"
    return _SECRETS.get(letter) or _PROPERTIES.get(letter)


async def _read(call: Call, letter: str, value: str, release: ItadmRelease) -> str:
    """Return the value of an option's property; a secret is read from its file, or asked for, at once.

    Raises:
        UsageError: The value does not do.
    """
    if letter in "SD":
        return itadm_secrets.read(call, value, release)
    if letter in "sd":
        return await itadm_secrets.ask(call, f"Enter {'CHAP' if letter == 's' else 'RADIUS'} secret: ", release)
    if letter == "i":
        if "enable".startswith(value):
            return "enable"
        if "disable".startswith(value):
            return "disable"
        raise UsageError("invalid value for -i")
    if letter == "I" and len(value.split(",")) > _MOST_ISNS_SERVERS:
        raise UsageError("Too many iSNS servers specified, maximum of 8 allowed")
    return value
