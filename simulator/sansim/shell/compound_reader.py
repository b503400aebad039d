"""Reads compound commands: conditions, loops, groups, functions, `case`. The lists in them are read in `parser.py`."""

import re
from abc import abstractmethod

from sansim.shell.braces import unbraced
from sansim.shell.condition_reader import ConditionReader
from sansim.shell.syntax import (
    Case,
    CountedFor,
    For,
    Function,
    Group,
    If,
    Incomplete,
    Node,
    Sequence,
    While,
    Word,
)

__all__ = ["CompoundReader"]

_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\([ \t]*\)")
_FUNCTION_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)(?:[ \t]*\([ \t]*\))?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class CompoundReader(ConditionReader):
    """A position in a text where a compound command may stand."""

    @abstractmethod
    def _list(self) -> Node:
        """Read commands up to a reserved word that closes something, or `)`, or `;;`."""

    @abstractmethod
    def _and_or(self) -> Node:
        """Read pipelines joined by `&&` and `||`."""

    @abstractmethod
    def _command(self) -> Node:
        """Read one command."""

    @abstractmethod
    def _separate(self, commands: list[Node]) -> None:
        """Take the separator after a command, if one stands there."""

    def _double_parentheses(self) -> str | None:
        """Read `((expression))` and return what stands in it; None, and nothing read, where it is a subshell in one."""
        start, self.at = self.at, self.at + 2
        depth = 2
        while depth and self.at < len(self.text):
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
            if depth == 1 and not self.text.startswith(")", self.at):
                self.at = start
                return None
        if depth:
            raise Incomplete(self.line)
        return self.text[start + 2 : self.at - 2]

    def _named_function(self, _word: str) -> Node:
        self._blanks()
        match = _FUNCTION_NAME.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        self._newlines()
        return Function(match[1], self._command())

    def _function(self, match: re.Match[str]) -> Node:
        self.at = match.end()
        self._newlines()
        return Function(match[1], self._command())

    def _group(self, _word: str) -> Node:
        body = self._list()
        self._expect("}")
        return Group(body, self._redirects())

    def _if(self, _word: str) -> Node:
        branches: list[tuple[Node | None, Node]] = []
        while True:
            condition = self._list()
            self._expect("then")
            branches.append((condition, self._list()))
            if self._take_reserved("elif"):
                continue
            if self._take_reserved("else"):
                branches.append((None, self._list()))
            self._expect("fi")
            return If(tuple(branches), self._redirects())

    def _while(self, word: str) -> Node:
        condition = self._list()
        body = self._do()
        return While(condition, body, word == "until", self._redirects())

    def _for(self, _word: str) -> Node:
        self._blanks()
        if self.text.startswith("((", self.at) and (counted := self._double_parentheses()) is not None:
            return self._counted_for(counted)
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        self._newlines()
        words: list[Word] | None = None
        if self._take_reserved("in"):
            words = []
            while not self._at_separator():
                words += unbraced(self.word())
        self._blanks()
        self._operator(";")
        self._newlines()
        body = self._do()
        return For(match[0], None if words is None else tuple(words), body, self._redirects())

    def _counted_for(self, header: str) -> Node:
        parts = header.split(";")
        if len(parts) != 3:  # noqa: PLR2004 - first, while, step
            raise self.problem()
        first, condition, step = (self.quoted_text(part) for part in parts)
        self._blanks()
        self._operator(";")
        return CountedFor(first, condition, step, self._do(), self._redirects())

    def _do(self) -> Node:
        self._newlines()
        self._expect("do")
        body = self._list()
        self._expect("done")
        return body

    def _case(self, _word: str) -> Node:
        self._blanks()
        word = self.word()
        self._newlines()
        self._expect("in")
        arms: list[tuple[tuple[Word, ...], Node]] = []
        self._newlines()
        while not self._take_reserved("esac"):
            arms.append(self._arm())
            self._newlines()
        return Case(word, tuple(arms), self._redirects())

    def _arm(self) -> tuple[tuple[Word, ...], Node]:
        self._operator("(")
        patterns = []
        while True:
            self._blanks()
            patterns.append(self.word())
            self._blanks()
            if self._operator(")"):
                break
            if not self._operator("|"):
                raise self.problem()
        commands: list[Node] = []
        while True:
            self._newlines()
            if self.text.startswith(";;", self.at):
                self.at += 2
                break
            if self._peek_reserved() == "esac":
                break
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            commands.append(self._and_or())
            self._separate(commands)
        return tuple(patterns), Sequence(tuple(commands))
