"""`zfs load-key`, `unload-key`, `change-key`: nothing is encrypted here, so they refuse.

Source: zfs_main.c, libzfs_crypto.c.
"""

from collections.abc import Sequence

from sansim.solaris.zfs.command import OWN, Failure, Run, UsageError, open_item

__all__ = ["change_key", "load_key", "unload_key"]


def load_key(run: Run, arguments: Sequence[str]) -> None:
    """Refuse to load a key."""
    _handle(run, arguments, "load-key", "Key load error")


def unload_key(run: Run, arguments: Sequence[str]) -> None:
    """Refuse to unload a key."""
    _handle(run, arguments, "unload-key", "Key unload error")


def _handle(run: Run, arguments: Sequence[str], command: str, error: str) -> None:
    options = run.options(command, arguments)
    given = dict(options)
    operands = options.operands
    if "a" not in given and not operands:
        raise UsageError("Missing dataset argument or -a option")
    if "a" in given and operands:
        raise UsageError("Cannot specify dataset with -a option")
    if {"a", "r"} & given.keys() and given.get("L", "prompt") != "prompt":
        raise UsageError("alternate keylocation may only be 'prompt' with -r or -a")
    there = [operand for operand in operands if _is_there(run, operand)]
    attempted = [] if "r" in given else there
    for name in attempted:
        run.complain(f"{error}: '{name}' is not encrypted.")
    if "n" in given:
        run.say(f"0 / {len(attempted)} key(s) successfully verified")
    if attempted or len(there) < len(operands):
        raise Failure("", 255 if attempted else 1)


def _is_there(run: Run, operand: str) -> bool:
    try:
        open_item(run.pools, operand, OWN)
    except Failure as failure:
        run.complain(failure.text)
        return False
    return True


def change_key(run: Run, arguments: Sequence[str]) -> None:
    """Refuse to change a key."""
    options = run.options("change-key", arguments)
    letters: set[str] = set()
    for letter, text in options:
        letters.add(letter)
        if letter == "o" and "=" not in text:
            raise Failure("missing '=' for property=value argument")
    if {"i", "o"} <= letters:
        raise UsageError("Properties not allowed for inheriting")
    if not options.operands:
        raise UsageError("Missing dataset argument")
    if len(options.operands) > 1:
        raise UsageError("Too many arguments")
    try:
        open_item(run.pools, options.operands[0], OWN)
    except Failure as failure:
        raise UsageError(failure.text) from failure
    if "l" in letters:
        raise Failure(f"Key load error: '{options.operands[0]}' is not encrypted.", 255)
    raise Failure("Key change error: Dataset not encrypted.", 255)
