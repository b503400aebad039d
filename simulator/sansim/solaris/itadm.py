"""itadm: options, operand count, service, authorization, then the work — in this order.

Complaints about usage print the usage and exit with their own status; from the work on every failure ends
with `itadm SUB failed with error N`. Source: illumos `itadm.c` (2014 and later).
"""

import errno
import os
from collections.abc import Callable, Mapping

from sansim.program import Answer, Call, Program
from sansim.solaris.iscsit import Iscsit
from sansim.solaris.itadm_console import Failure, Run
from sansim.solaris.itadm_grammar import (
    SUBCOMMANDS,
    Parsed,
    Subcommand,
    UsageError,
    check_operands,
    options,
    overall_usage,
    usage,
)
from sansim.solaris.itadm_initiators import INITIATOR_COMMANDS
from sansim.solaris.itadm_portals import PORTAL_COMMANDS
from sansim.solaris.itadm_targets import TARGET_COMMANDS
from sansim.solaris.smf import ISCSI_TARGET, Smf
from sansim.solaris.stmf import Stmf

__all__ = ["program"]

_COMMANDS: Mapping[str, Callable[[Run], None]] = {
    **TARGET_COMMANDS,
    **PORTAL_COMMANDS,
    **INITIATOR_COMMANDS,
}
_SHORTEST_SECRET = 12
_LONGEST_SECRET = 255
_MOST_ISNS_SERVERS = 8

_NOT_ONLINE = f"""\
The iSCSI target service must be online before running this command.
Use 'svcadm enable -r {ISCSI_TARGET}'
to enable the service and its prerequisite services and/or
'svcs -x {ISCSI_TARGET}' to determine why it is not online.
"""


def program(iscsit: Iscsit, stmf: Stmf, smf: Smf) -> Program:
    """Return itadm over an iSCSI target service."""

    async def run(call: Call) -> Answer:
        words = call.argv[1:]
        row = SUBCOMMANDS.get(words[0]) if words else None
        try:
            parsed, secrets = _parse(call, row)
        except UsageError as error:
            text = str(error)
            printed = usage(row) if row else overall_usage()
            return Answer(printed, f"{text}\n" if text else "", error.status % 256)
        if not smf.online(ISCSI_TARGET):
            return Answer(stderr=_NOT_ONLINE, status=1)
        this = Run(call, parsed, secrets, iscsit, stmf)
        try:
            _COMMANDS[words[0]](this)
        except Failure as failure:
            if str(failure):
                this.error(str(failure))
            this.error(f"itadm {words[0]} failed with error {failure.number}")
            return this.answer(failure.number % 256)
        return this.answer(0)

    return run


def _parse(call: Call, row: Subcommand | None) -> tuple[Parsed, Mapping[str, str]]:
    """Return options and operands, and the secrets that options named.

    Raises:
        UsageError: They do not do.
    """
    words = call.argv[1:]
    if not words:
        raise UsageError
    given: list[tuple[str, str]] = []
    operands: list[str] = []
    secrets: dict[str, str] = {}
    for letter, value in options(row, list(words[1:]), operands):
        given.append((letter, value))
        _take(call, letter, value, secrets)
    if row is None:
        raise UsageError("Error, no subcommand specified")
    check_operands(row, operands)
    return Parsed(tuple(given), tuple(operands)), secrets


def _take(call: Call, letter: str, value: str, secrets: dict[str, str]) -> None:
    """Do what an option does when it is read: secrets are read from their files at once.

    Raises:
        UsageError: The value does not do.
    """
    if letter in "SD":
        secrets[letter] = _read_secret(call, value)
    elif letter in "sd":
        # A secret is asked for on the terminal; a command without one has nobody to ask.
        raise UsageError(f"Could not read secret: {os.strerror(errno.ENXIO)}", errno.ENXIO)
    elif letter == "i" and not ("enable".startswith(value) or "disable".startswith(value)):
        raise UsageError("invalid value for -i")
    elif letter == "I" and len(value.split(",")) > _MOST_ISNS_SERVERS:
        raise UsageError("Too many iSNS servers specified, maximum of 8 allowed")


def _read_secret(call: Call, path: str) -> str:
    try:
        text = call.read_file(path).decode(errors="surrogateescape")
    except PermissionError as error:
        raise UsageError(f"Could not open secret file {path}: Permission denied", errno.EACCES) from error
    except OSError as error:
        raise UsageError(f"Invalid secret file {path}", errno.EBADF) from error
    secret = text.removesuffix("\n").partition("\0")[0]
    if not _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET:
        raise UsageError("Secret must be between 12 and 255 characters", errno.EINVAL)
    return secret
