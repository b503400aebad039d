r"""What a prompt says: `\u`, `\h`, `\w` and their like, and the shell's own expansions."""

import re

from sansim.shell.expansion import expand_text
from sansim.shell.interpreter import Shell
from sansim.shell.parser import Parser

__all__ = ["expanded"]

_ESCAPE = re.compile(r"\\([uhHwW$s\\ne])")


async def expanded(shell: Shell, prompt: str) -> str:
    """Return what a prompt's text prints now."""
    user = shell.process_of.credentials.user
    home, cwd = shell.get("HOME") or "/", shell.cwd
    place = "~" + cwd[len(home) :] if cwd == home or cwd.startswith(f"{home}/") else cwd
    texts = {
        "u": user,
        "h": shell.system.hostname.partition(".")[0],
        "H": shell.system.hostname,
        "w": place,
        "W": "~" if place == "~" else cwd.rpartition("/")[2] or "/",
        "$": "#" if user == "root" else "$",
        "s": shell.name.removeprefix("-"),
        "n": "\n",
        "e": "\x1b",
        "\\": "\\",
    }
    text = _ESCAPE.sub(lambda match: texts[match[1]], prompt)
    return await expand_text(shell, Parser(text).quoted_text(text)) if "$" in text[:-2] or "`" in text else text
