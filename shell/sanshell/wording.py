"""The SDK's messages in the words of the shell: where they name a keyword or a verb, name the option or command."""

import re
from typing import Final

_KEYWORD: Final = re.compile(
    r"""\b(?P<name>[a-z_]+)=
    (?: (?P<value>") | (?: True | \(…\) | (?P<anyone>sansdk\.ANYONE) )? (?=[\s,.:;]|$) )""",
    re.VERBOSE,
)
_VERB: Final = re.compile(r"\b(create|ensure|delete|remove)_(volume|export)\b")
_OPTIONS: Final = {"initiators": "--initiator", "password": "--password-file"}


def spoken(message: str) -> str:
    """`message`, with `force=True` as `--force`, `lun=` as `--lun`, `remove_export` as `export remove`."""
    return _VERB.sub(r"\2 \1", _KEYWORD.sub(_option, message))


def _option(found: re.Match[str]) -> str:
    if found["anyone"]:
        return "--anyone"
    option = _OPTIONS.get(found["name"], "--" + found["name"].replace("_", "-"))
    return f'{option} "' if found["value"] else option
