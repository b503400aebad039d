"""Braces: `{a,b}` and `{1..3}` make several words of one, before anything else is expanded."""

import re

from sansim.shell.syntax import Literal, Part, Word

__all__ = ["unbraced"]

_GROUP = re.compile(r"\{((?:[^{},]*,)+[^{},]*)\}")
_RANGE = re.compile(r"\{(-?\d+)\.\.(-?\d+)\}")
_MOST = 10_000


def unbraced(word: Word) -> tuple[Word, ...]:
    """Return the words that a word stands for; braces that hold more than plain characters are left as they are."""
    for place, part in enumerate(word.parts):
        if not isinstance(part, Literal) or part.quoted or "{" not in part.text:
            continue
        choices = _choices(part.text)
        if choices is None:
            continue
        before, after = word.parts[:place], word.parts[place + 1 :]
        return tuple(found for choice in choices for found in unbraced(Word((*before, *_literal(choice), *after))))
    return (word,)


def _literal(text: str) -> tuple[Part, ...]:
    return (Literal(text),) if text else ()


def _choices(text: str) -> list[str] | None:
    """Return what the first group of a text makes of it, None when it has none."""
    group, numbers = _GROUP.search(text), _RANGE.search(text)
    found = group if numbers is None or (group is not None and group.start() < numbers.start()) else numbers
    if found is None:
        return None
    if found is group:
        values = found[1].split(",")
    else:
        first, last = int(found[1]), int(found[2])
        if abs(last - first) >= _MOST:
            return None
        step = 1 if last >= first else -1
        values = [str(number) for number in range(first, last + step, step)]
    return [text[: found.start()] + value + text[found.end() :] for value in values]
