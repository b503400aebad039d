"""Reads what stands between words: blanks, operators, reserved words, redirections and their here-documents."""

import re

from attrs import define

from sansim.shell.syntax import (
    Incomplete,
    Literal,
    Redirect,
    Word,
)
from sansim.shell.words import WordReader, unquoted

__all__ = ["TokenReader"]

_BLANK = re.compile(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")
_REDIRECT = re.compile(r"([0-9]*)(<<<|<<-?|>>|<&|>&|<>|>\||<|>)")
_RESERVED = re.compile(
    r"(if|then|elif|else|fi|while|until|for|do|done|case|esac|in|time|function|\[\[|\]\]|[{}!])(?=[ \t\n;&|()<>]|$)"
)


@define
class _HereDocument:
    redirect: Redirect
    delimiter: str
    quoted: bool
    strip: bool


class TokenReader(WordReader):
    """A position in a text, and what may stand there beside words."""

    def __init__(self, text: str, first_line: int) -> None:
        super().__init__(text, first_line)
        self._pending: list[_HereDocument] = []

    def _blanks(self) -> None:
        match = _BLANK.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def _newlines(self) -> None:
        self._blanks()
        while self.text.startswith("\n", self.at):
            self._line_end()
            self._blanks()

    def _at_line_end(self) -> bool:
        return self.at >= len(self.text) or self.text[self.at] == "\n"

    def _line_end(self) -> None:
        """Pass a newline, and the here-documents that were announced in its line."""
        self.at += 1
        pending, self._pending = self._pending, []
        for document in pending:
            self._here_document(document)

    def _here_document(self, document: _HereDocument) -> None:
        lines: list[str] = []
        while True:
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            line = self.text[self.at : end]
            self.at = end + 1
            line = line.lstrip("\t") if document.strip else line
            if line == document.delimiter:
                break
            lines.append(line + "\n")
        text = "".join(lines)
        body = Word((Literal(text, quoted=True),)) if document.quoted else self.quoted_text(text)
        document.redirect.target = body

    def _at_separator(self) -> bool:
        self._blanks()
        return self.at >= len(self.text) or self.text[self.at] in "\n;&|()"

    def _operator(self, operator: str) -> bool:
        if not self.text.startswith(operator, self.at):
            return False
        if operator in ";&|" and self.text.startswith(operator * 2, self.at):
            return False
        self.at += len(operator)
        return True

    def _peek_reserved(self) -> str | None:
        match = _RESERVED.match(self.text, self.at)
        return None if match is None else match[1]

    def _take_reserved(self, word: str) -> bool:
        self._blanks()
        if self._peek_reserved() != word:
            return False
        self.at += len(word)
        return True

    def _expect(self, word: str) -> None:
        self._newlines()
        if not self._take_reserved(word):
            raise self.problem()

    def _redirects(self) -> tuple[Redirect, ...]:
        redirects = []
        while (redirect := self._redirect()) is not None:
            redirects.append(redirect)
        return tuple(redirects)

    def _redirect(self) -> Redirect | None:
        self._blanks()
        match = _REDIRECT.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        self._blanks()
        target = self.word()
        if not target.parts:
            raise self.problem()
        fd = int(match[1]) if match[1] else int(match[2][0] == ">")
        redirect = Redirect(fd, match[2], target)
        if match[2] in ("<<", "<<-"):
            quoted = any(isinstance(part, Literal) and part.quoted for part in target.parts)
            self._pending.append(_HereDocument(redirect, unquoted(target), quoted, match[2] == "<<-"))
        return redirect
