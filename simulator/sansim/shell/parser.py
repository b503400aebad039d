"""Reads programs: lists, pipelines, simple commands; what they are made of is read in the modules below it."""

import re
from collections.abc import Mapping

from sansim.shell.braces import unbraced
from sansim.shell.compound_reader import CompoundReader
from sansim.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Assignment,
    Background,
    Incomplete,
    Node,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    Subshell,
    Word,
)

__all__ = ["Parser"]

_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\([ \t]*\)")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
_CLOSING = frozenset(("then", "elif", "else", "fi", "do", "done", "esac", "}"))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMAND_NAME = re.compile(r"[^ \t\n;&|()<>'\"$`\\=]+(?=[ \t\n;&|()<>]|$)")


class Parser(CompoundReader):
    """Reads a program command by command."""

    def __init__(self, text: str, aliases: Mapping[str, str] = {}, first_line: int = 1) -> None:
        super().__init__(text, first_line)
        self._aliases = aliases

    def next(self) -> Node | None:
        """Read the next complete command, up to its line's end; None at the end of the text.

        Raises:
            Incomplete: The text ends inside the command.
            SyntaxProblem: It is no command.
        """
        self._newlines()
        if self.at >= len(self.text):
            return None
        commands: list[Node] = []
        while True:
            commands.append(self._and_or())
            self._blanks()
            if self._operator("&"):
                commands[-1] = Background(commands[-1])
            elif not self._operator(";") and not self._at_line_end():
                raise self.problem()
            self._blanks()
            if self._at_line_end():
                self._line_end()
                return Sequence(tuple(commands))

    def whole(self) -> Node:
        """Read the text to its end as one list."""
        commands = []
        while (command := self.next()) is not None:
            commands.append(command)
        return Sequence(tuple(commands))

    def body_until(self, closing: str) -> Node:
        """Read commands up to a closing `)`, or to the end of the text for an empty one."""
        commands: list[Node] = []
        while True:
            self._newlines()
            if closing and self.text.startswith(closing, self.at):
                self.at += len(closing)
                break
            if self.at >= len(self.text):
                if closing:
                    raise Incomplete(self.line)
                break
            commands.append(self._and_or())
            self._separate(commands)
        return Sequence(tuple(commands))

    def _separate(self, commands: list[Node]) -> None:
        """Take the separator after a command, if one stands there."""
        self._blanks()
        if self._operator("&"):
            commands[-1] = Background(commands[-1])
        elif not self.text.startswith(";;", self.at):
            self._operator(";")

    def _list(self) -> Node:
        """Read commands up to a reserved word that closes something, or `)`, or `;;`."""
        commands: list[Node] = []
        while True:
            self._newlines()
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            if self._peek_reserved() in _CLOSING or self.text.startswith((")", ";;"), self.at):
                if not commands:
                    raise self.problem()
                return Sequence(tuple(commands))
            commands.append(self._and_or())
            before = self.at
            self._separate(commands)
            self._blanks()
            if self.at == before and not (self._at_line_end() or self.text.startswith((")", ";;"), self.at)):
                raise self.problem()

    def _and_or(self) -> Node:
        first = self._pipeline()
        rest: list[tuple[str, Node]] = []
        while True:
            self._blanks()
            operator = self.text[self.at : self.at + 2]
            if operator not in ("&&", "||"):
                return AndOr(first, tuple(rest)) if rest else first
            self.at += 2
            self._newlines()
            rest.append((operator, self._pipeline()))

    def _pipeline(self) -> Node:
        self._blanks()
        timed = self._take_reserved("time")
        self._blanks()
        negated = self._take_reserved("!")
        stages = [self._command()]
        while True:
            self._blanks()
            if not self.text.startswith("|", self.at) or self.text.startswith("||", self.at):
                break
            self.at += 1
            self._newlines()
            stages.append(self._command())
        return Pipeline(tuple(stages), negated, timed) if negated or timed or len(stages) > 1 else stages[0]

    def _command(self) -> Node:
        self._blanks()
        if self._aliases:
            self._expand_alias()
        if self.text.startswith("((", self.at) and (expression := self._double_parentheses()) is not None:
            return ArithmeticCommand(self.quoted_text(expression), self._redirects())
        if self.text.startswith("(", self.at):
            self.at += 1
            return Subshell(self.body_until(")"), self._redirects())
        reserved = self._peek_reserved()
        if reserved is None:
            match = _FUNCTION.match(self.text, self.at)
            return self._function(match) if match is not None else self._simple()
        compound = {
            "{": self._group,
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "case": self._case,
            "[[": self._conditional,
            "function": self._named_function,
        }.get(reserved)
        if compound is None:
            raise self.problem()
        self._take_reserved(reserved)
        return compound(reserved)

    def _expand_alias(self) -> None:
        """Put the text of an alias in the place of its name; inside its own text a name is not expanded again."""
        expanded: set[str] = set()
        while (match := _COMMAND_NAME.match(self.text, self.at)) is not None:
            name = match[0]
            if name not in self._aliases or name in expanded:
                return
            expanded.add(name)
            self.text = self.text[: self.at] + self._aliases[name] + self.text[match.end() :]
            self._blanks()

    def _simple(self) -> Node:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        line = self.line
        while True:
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            if self._at_separator():
                break
            match = _ASSIGNMENT.match(self.text, self.at) if not words else None
            if match is not None:
                self.at = match.end()
                assignments.append(Assignment(match[1], self.word(), bool(match[2])))
            else:
                words += unbraced(self.word())
        if not (assignments or words or redirects):
            raise self.problem()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)
