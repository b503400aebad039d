"""Command lines by chance: forms filled with names that may exist, some of them spoilt afterwards."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml
from attrs import frozen
from hypothesis import strategies as st

PIPE: Final = "|"
"""The word that stands for a pipe; no other word of a line is one."""


@frozen
class Nth:
    """A thing whose name is known only when the line is run: the n-th logical unit or target of the host."""

    kind: str
    number: int


Word = str | Nth
Words = tuple[Word, ...]

_FORMS: Final = tuple(
    line
    for line in Path(__file__).with_name("forms.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
_FILLINGS: Final[Mapping[str, Sequence[str]]] = yaml.safe_load(
    Path(__file__).with_name("fillings.yml").read_text(encoding="utf-8")
)
_WILD: Final = (*_FILLINGS["WILD"], "", "a" * 300, "tank/" + "b" * 252, "iqn." + "a" * 250, "\x7f", "\x1b[0m", "\udcff")
_KINDS: Final = {"LU": "unit", "TARGET": "target"}
"""The placeholders that stand, two times of three, for a thing that the host has."""

_UNKNOWN: Final = st.one_of(
    st.sampled_from(_WILD),
    st.text(st.characters(blacklist_characters="\0\n\r", blacklist_categories=["Cs"]), max_size=12),
)


def _filling(name: str) -> st.SearchStrategy[Word]:
    named: st.SearchStrategy[Word] = st.sampled_from(_FILLINGS[name])
    if name in _KINDS:
        present = st.builds(Nth, st.just(_KINDS[name]), st.integers(0, 3))
        return st.one_of(present, present, named)
    return named


_PLACEHOLDER: Final = re.compile(r"[A-Z]{3,}|LU")
_PART: Final = re.compile(r"\[(?P<optional>[^\]]+)\]|(?P<word>\S+)")


def _word(text: str) -> st.SearchStrategy[Words]:
    """Fill one word of a form; `word...` gives one to three."""
    name = text.removesuffix("...")
    match = _PLACEHOLDER.search(name)
    if match is None or name.startswith("/") or (match.start() > 0 and name[0] == "-"):
        return st.just((name,))
    if match[0] != name:
        before = name[: match.start()]
        return _filling(match[0]).map(lambda word: (f"{before}{word}",))
    one = _filling(name)
    return st.lists(one, min_size=1, max_size=3).map(tuple) if text.endswith("...") else one.map(lambda word: (word,))


def _optional(text: str) -> st.SearchStrategy[Words]:
    """Fill an optional part: half of them are left out; `-o WORD...` repeats the option with the word."""
    words = text.split()
    repeats = 2 if len(words) > 1 and words[-1].endswith("...") else 1
    part = st.tuples(*(_word(word.removesuffix("...") if repeats > 1 else word) for word in words)).map(_joined)
    return st.one_of(st.just(()), st.lists(part, min_size=1, max_size=repeats).map(_joined))


def _joined(parts: Sequence[Words]) -> Words:
    return tuple(word for part in parts for word in part)


def _form(text: str) -> st.SearchStrategy[Words]:
    parts = [
        _optional(match["optional"]) if match["optional"] else _word(match["word"]) for match in _PART.finditer(text)
    ]
    return st.tuples(*parts).map(_joined)


def _inserted(words: list[Word], place: int, word: Word) -> None:
    words.insert(place, word)


def _replaced(words: list[Word], place: int, word: Word) -> None:
    words[place : place + 1] = [word]


def _dropped(words: list[Word], place: int, _: Word) -> None:
    del words[place : place + 1]


def _doubled(words: list[Word], place: int, _: Word) -> None:
    words[place:place] = words[place : place + 1]


def _exchanged(words: list[Word], place: int, _: Word) -> None:
    words[place : place + 2] = words[place : place + 2][::-1]


_SPOILINGS: Final[tuple[Callable[[list[Word], int, Word], None], ...]] = (
    _inserted,
    _replaced,
    _dropped,
    _doubled,
    _exchanged,
)


@st.composite
def _spoilt(draw: st.DrawFn, line: Words) -> Words:
    """Spoil a line in one or two places; the program stays, and no pipe comes in."""
    words = list(line)
    for _ in range(draw(st.integers(1, 2))):
        spoil = draw(st.sampled_from(_SPOILINGS))
        spoil(words, draw(st.integers(1, max(1, len(words) - 1))), draw(_UNKNOWN.filter(lambda word: word != PIPE)))
    return tuple(words)


def lines(programs: Sequence[str]) -> st.SearchStrategy[Words]:
    """Return command lines of some programs: three of four as the forms have them, the others spoilt."""
    forms = [form for form in _FORMS if form.split(maxsplit=1)[0] in programs]
    whole = st.sampled_from(forms).flatmap(_form)
    return st.one_of(whole, whole, whole, whole.filter(lambda line: PIPE not in line).flatmap(_spoilt))


def quoted(words: Sequence[str]) -> str:
    """Return the words as one line for the host's shell."""
    return " ".join(PIPE if word == PIPE else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    """Quote a word; bytes that are no text reach the host by its printf, since an SSH command is text."""
    try:
        word.encode()
    except UnicodeEncodeError:
        octets = "".join(f"\\{byte:03o}" for byte in word.encode(errors="surrogateescape"))
        return f"\"$(printf '{octets}')\""
    return shlex.quote(word)
