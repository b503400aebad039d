"""Reads words: quotes, parameters, substitutions. The grammar of commands is in `parser.py`."""

import re
from abc import ABC, abstractmethod

from sansim.shell.printf import escaped
from sansim.shell.syntax import (
    Arithmetic,
    CommandSubstitution,
    Incomplete,
    Literal,
    Node,
    Parameter,
    Part,
    SyntaxProblem,
    Word,
)

__all__ = ["WordReader", "unquoted"]

_BARE = re.compile(r"[^ \t\n;&|()<>'\"$`\\]+")
_IN_QUOTES = re.compile(r'[^"$`\\]+')
_IN_BRACES = re.compile(r"[^}'\"$`\\]+")
_IN_BRACES_QUOTED = re.compile(r'[^}"$`\\]+')
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_SHORT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_OPERATOR = re.compile(r":?[-=?+]|##?|%%?|//?|:")
_ENDS = frozenset(" \t\n;&|()<>")


class WordReader(ABC):
    """A position in a text, and how to read a word from there."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self.at = 0
        self._first_line = first_line
        self._counted = text
        self._counted_to = 0
        self._lines = 0

    @abstractmethod
    def body_until(self, closing: str) -> Node:
        """Read commands up to a closing token, and that token."""

    @property
    def line(self) -> int:
        """The number of the line it stands in; what was counted before is not counted again."""
        if self._counted is not self.text or self._counted_to > self.at:
            self._counted, self._counted_to, self._lines = self.text, 0, 0
        self._lines += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._first_line + self._lines

    def problem(self) -> SyntaxProblem:
        """Return what is wrong here."""
        rest = self.text[self.at :].lstrip(" \t")
        if not rest:
            return Incomplete(self.line)
        match = re.match(r"\n|[;&|()<>]+|[^ \t\n;&|()<>]+", rest)
        token = rest[0] if match is None else match[0]
        return SyntaxProblem(self.line, "newline" if token == "\n" else token)  # noqa: S105 - a token of the grammar

    def word(self) -> Word:
        """Read one word; it may be empty only where quotes say so."""
        parts: list[Part] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in _ENDS:
                break
            match = _BARE.match(self.text, self.at)
            if match is not None:
                parts.append(Literal(match[0]))
                self.at = match.end()
            else:
                parts += self._special(char)
        return Word(tuple(parts))

    def quoted_text(self, text: str) -> Word:
        """Read a whole text as it would be between double quotes, where `"` is an ordinary character."""
        saved, self.text, self.at = (self.text, self.at), text, 0
        try:
            parts: list[Part] = []
            while self.at < len(self.text):
                if self.text[self.at] == '"':
                    parts.append(Literal('"', quoted=True))
                    self.at += 1
                else:
                    parts += self._quoted_part(_IN_QUOTES)
            return Word(tuple(parts))
        finally:
            self.text, self.at = saved

    def _special(self, char: str) -> list[Part]:
        """Read a quote, an escape or an expansion outside double quotes."""
        if char == "'":
            end = self._find("'", self.at + 1)
            part = Literal(self.text[self.at + 1 : end], quoted=True)
            self.at = end + 1
            return [part]
        if char == '"':
            return self._double_quotes()
        if char == "\\":
            if self.at + 1 >= len(self.text):
                raise Incomplete(self.line)
            following = self.text[self.at + 1]
            self.at += 2
            return [] if following == "\n" else [Literal(following, quoted=True)]
        return [self._expansion(quoted=False)]

    def _double_quotes(self) -> list[Part]:
        line = self.line
        self.at += 1
        parts: list[Part] = []
        while self.at < len(self.text):
            if self.text[self.at] == '"':
                self.at += 1
                return parts or [Literal("", quoted=True)]
            parts += self._quoted_part(_IN_QUOTES)
        raise Incomplete(line, '"')

    def _quoted_part(self, run: re.Pattern[str]) -> list[Part]:
        match = run.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            return [Literal(match[0], quoted=True)]
        if self.text[self.at] == "\\":
            following = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            if following == "\n":
                return []
            return [Literal(following if following in ("$", "`", '"', "\\") else "\\" + following, quoted=True)]
        return [self._expansion(quoted=True)]

    def _expansion(self, *, quoted: bool) -> Part:
        """Read what begins with `$` or a backquote."""
        if self.text[self.at] == "`":
            return self._backquotes(quoted=quoted)
        self.at += 1
        return self._dollar(quoted=quoted)

    def _dollar(self, *, quoted: bool) -> Part:
        """Read what follows a `$`."""
        if self.text.startswith("'", self.at) and not quoted:
            return self._escaped_quotes()
        if self.text.startswith("((", self.at):
            return self._arithmetic(quoted=quoted)
        if self.text.startswith("(", self.at):
            self.at += 1
            return CommandSubstitution(self.body_until(")"), quoted)
        if self.text.startswith("{", self.at):
            self.at += 1
            return self._braces(quoted=quoted)
        match = _SHORT_NAME.match(self.text, self.at)
        if match is None:
            return Literal("$", quoted)
        self.at = match.end()
        return Parameter(match[0], quoted=quoted)

    def _escaped_quotes(self) -> Literal:
        """Read `$'…'` (ksh93), in which backslashes escape."""
        end = self.at + 1
        while not self.text.startswith("'", end):
            if end >= len(self.text):
                raise Incomplete(self.line)
            end += 2 if self.text[end] == "\\" else 1
        text = self.text[self.at + 1 : end].replace("\\'", "'").replace('\\"', '"')
        self.at = end + 1
        return Literal(escaped(text), quoted=True)

    def _braces(self, *, quoted: bool) -> Parameter:
        length = re.compile(r"#(?=[A-Za-z0-9_@*?$!-])(?!-?\})").match(self.text, self.at)
        if length is not None:
            self.at = length.end()
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        operator = _OPERATOR.match(self.text, self.at)
        if length is not None or operator is None:
            if not self.text.startswith("}", self.at):
                raise self.problem()
            self.at += 1
            return Parameter(match[0], "" if length is None else "length", None, quoted)
        self.at = operator.end()
        # In `"${x#pattern}"` the pattern's own characters are active; in `"${x:-word}"` the word is quoted.
        pattern = operator[0][0] in "#%/"
        parts: list[Part] = []
        while self.at < len(self.text):
            if self.text[self.at] == "}":
                self.at += 1
                return Parameter(match[0], operator[0], Word(tuple(parts)), quoted)
            parts += self._brace_part(quoted=quoted and not pattern)
        raise Incomplete(self.line)

    def _brace_part(self, *, quoted: bool) -> list[Part]:
        if quoted and self.text[self.at] == '"':
            return self._double_quotes()
        if quoted:
            return self._quoted_part(_IN_BRACES_QUOTED)
        match = _IN_BRACES.match(self.text, self.at)
        if match is None:
            return self._special(self.text[self.at])
        self.at = match.end()
        return [Literal(match[0])]

    def _arithmetic(self, *, quoted: bool) -> Arithmetic:
        start = self.at = self.at + 2
        depth = 2
        while depth:
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
        return Arithmetic(self.quoted_text(self.text[start : self.at - 2]), quoted)

    def _backquotes(self, *, quoted: bool) -> CommandSubstitution:
        end = self.at + 1
        while True:
            end = self._find("`", end)
            if (end - len(self.text[:end].rstrip("\\"))) % 2 == 0:
                break
            end += 1
        text = re.sub(r"\\([$`\\])", r"\1", self.text[self.at + 1 : end])
        saved, self.text, self.at = (self.text, end + 1), text + "\n", 0
        try:
            return CommandSubstitution(self.body_until(""), quoted)
        finally:
            self.text, self.at = saved

    def _find(self, needle: str, start: int) -> int:
        end = self.text.find(needle, start)
        if end < 0:
            raise Incomplete(self.line, needle)
        return end


def unquoted(word: Word) -> str:
    """Return the delimiter that a here-document's word stands for."""
    return "".join(part.text for part in word.parts if isinstance(part, Literal))
