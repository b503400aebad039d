"""Shell patterns: `*`, `?`, `[…]`, in `case`, `${x#…}` and file names."""

import re
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["Segment", "compile_pattern", "has_pattern"]

Segment = tuple[str, bool]
"""Characters, and whether they are quoted: quoted ones match themselves only."""

_BRACKET = re.compile(r"\[([!^]?)(\]?(?:\[:[a-z]+:\]|[^\]])*)\]")
_CLASSES = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s",
    "blank": r" \t", "xdigit": "0-9A-Fa-f", "punct": re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
}  # fmt: skip


def has_pattern(segments: Sequence[Segment]) -> bool:
    """Tell whether an unquoted pattern character is there."""
    return any(not quoted and set(text) & set("*?[") for text, quoted in segments)


@lru_cache(maxsize=1024)
def compile_pattern(segments: tuple[Segment, ...]) -> re.Pattern[str]:
    """Translate a pattern."""
    return re.compile("".join(re.escape(text) if quoted else _translate(text) for text, quoted in segments), re.DOTALL)


def _translate(text: str) -> str:
    result, at = "", 0
    while at < len(text):
        bracket = _BRACKET.match(text, at)
        if bracket is not None:
            members = re.sub(r"\[:([a-z]+):\]", lambda m: f"\0{m[1]}\0", bracket[2])
            members = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
            members = re.sub(r"\0([a-z]+)\0", lambda m: _CLASSES.get(m[1], ""), members)
            result += f"[{'^' if bracket[1] else ''}{members}]"
            at = bracket.end()
            continue
        result += {"*": ".*", "?": "."}.get(text[at], re.escape(text[at]))
        at += 1
    return result
