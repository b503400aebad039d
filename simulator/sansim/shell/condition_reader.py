"""Reads `[[ … ]]`: conditions, their operators and their operands."""

import re
from collections.abc import Callable

from sansim.shell.syntax import (
    Condition,
    Conditional,
    Literal,
    Node,
    Word,
)
from sansim.shell.tokens import TokenReader

__all__ = ["ConditionReader"]

_UNARY = re.compile(r"-[a-zA-Z]")
_COMPARISON = re.compile(r"=~|==|!=|=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef)(?=[ \t\n])")
_REGULAR = re.compile(r"\S+")


class ConditionReader(TokenReader):
    """A position in a text where a condition may stand."""

    def _conditional(self, _word: str) -> Node:
        condition = self._alternatives()
        self._newlines()
        if not self._take_reserved("]]"):
            raise self.problem()
        return Conditional(condition, self._redirects())

    def _alternatives(self) -> Condition:
        return self._joined("||", lambda: self._joined("&&", self._negation))

    def _joined(self, operator: str, part: Callable[[], Condition]) -> Condition:
        found = part()
        self._newlines()
        while self._operator(operator):
            self._newlines()
            found = Condition(operator, (found, part()))
            self._newlines()
        return found

    def _negation(self) -> Condition:
        self._newlines()
        if self._take_reserved("!"):
            return Condition("!", (self._negation(),))
        if self._operator("("):
            found = self._alternatives()
            self._newlines()
            if not self._operator(")"):
                raise self.problem()
            return found
        return self._comparison()

    def _comparison(self) -> Condition:
        first = self._operand()
        if first.plain is not None and _UNARY.fullmatch(first.plain) and not self._at_condition_end():
            return Condition(first.plain, (self._operand(),))
        if self._at_condition_end():
            return Condition("", (first,))
        self._blanks()
        match = _COMPARISON.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        return Condition(match[0].strip(), (first, self._operand(pattern=match[0].strip() == "=~")))

    def _operand(self, *, pattern: bool = False) -> Word:
        self._newlines()
        match = _REGULAR.match(self.text, self.at) if pattern else None
        if match is not None and not set(match[0]) & set("'\"$\\"):
            self.at = match.end()
            return Word((Literal(match[0]),))
        word = self.word()
        if not word.parts or word.plain == "]]":
            raise self.problem()
        return word

    def _at_condition_end(self) -> bool:
        self._newlines()
        return self.at >= len(self.text) or self.text.startswith(("]]", "&&", "||", ")"), self.at)
