"""Integer arithmetic of `$((…))`."""

import re
from collections.abc import Callable

__all__ = ["ArithmeticProblem", "DivisionByZero", "evaluate"]

_TOKEN = re.compile(
    r"\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\+\+|--|[-+*/%]=|\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>()!~&|^?:=,])"
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", "<=", ">", ">="), ("<<", ">>"), ("+", "-"),
    ("*", "/", "%"),
)  # fmt: skip


_STEPS = {"++": 1, "--": -1}
_ASSIGNING = frozenset(("=", "+=", "-=", "*=", "/=", "%="))


class ArithmeticProblem(Exception):
    """The expression cannot be evaluated.

    Attributes:
        text: The expression.
        token: The part of it that is wrong.
    """

    def __init__(self, text: str, token: str) -> None:
        super().__init__(text, token)
        self.text = text
        self.token = token


class DivisionByZero(ArithmeticProblem):
    """It divides by zero."""


def evaluate(text: str, get: Callable[[str], str], put: Callable[[str, str], None]) -> int:
    """Evaluate an expression over the shell's variables.

    Raises:
        ArithmeticProblem: It is no expression, or divides by zero.
    """
    return _Evaluation(text, get, put).run()


class _Evaluation:
    def __init__(self, text: str, get: Callable[[str], str], put: Callable[[str, str], None]) -> None:
        self._text = text
        self._get = get
        self._put = put
        self._tokens: list[str] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise ArithmeticProblem(text, text[at:].strip())
            self._tokens.append(match[1])
            at = match.end()
        self._at = 0

    def run(self) -> int:
        if not self._tokens:
            return 0
        value = self._assignment()
        while self._take(","):
            value = self._assignment()
        if self._at != len(self._tokens):
            raise self._problem()
        return value

    def _problem(self) -> ArithmeticProblem:
        return ArithmeticProblem(self._text, " ".join(self._tokens[max(0, min(self._at, len(self._tokens)) - 1) :]))

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _assignment(self) -> int:
        name = self._peek()
        operator = next(iter(self._tokens[self._at + 1 : self._at + 2]), "")
        if name.isidentifier() and operator in _ASSIGNING:
            self._at += 2
            value = self._assignment()
            if operator != "=":
                value = self._apply(operator[0], self._variable(self._get(name)), value)
            self._put(name, str(value))
            return value
        return self._ternary()

    def _ternary(self) -> int:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        first = self._assignment()
        if not self._take(":"):
            raise self._problem()
        second = self._assignment()
        return first if condition else second

    def _binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self._unary()
        value = self._binary(level + 1)
        while (operator := self._peek()) in _LEVELS[level]:
            self._at += 1
            value = self._apply(operator, value, self._binary(level + 1))
        return value

    def _apply(self, operator: str, left: int, right: int) -> int:
        if operator in "/%":
            if right == 0:
                raise DivisionByZero(self._text, self._tokens[self._at - 1])
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return quotient if operator == "/" else left - quotient * right
        operations: dict[str, Callable[[int, int], int]] = {
            "||": lambda a, b: int(bool(a or b)), "&&": lambda a, b: int(bool(a and b)),
            "|": int.__or__, "^": int.__xor__, "&": int.__and__, "==": int.__eq__, "!=": int.__ne__,
            "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__,
            "<<": int.__lshift__, ">>": int.__rshift__, "+": int.__add__, "-": int.__sub__, "*": int.__mul__,
        }  # fmt: skip
        return int(operations[operator](left, right))

    def _unary(self) -> int:
        token = self._peek()
        self._at += 1
        if token == "(":  # noqa: S105 - a parenthesis
            value = self._assignment()
            if not self._take(")"):
                raise self._problem()
            return value
        if token in _STEPS:
            return self._stepped(self._peek(), _STEPS[token], before=True)
        if token in ("-", "+", "!", "~") and token:
            value = self._unary()
            return {"-": -value, "+": value, "!": int(not value), "~": ~value}[token]
        if token[:1].isdecimal():
            octal = token.startswith("0") and token.isdecimal()
            return int(token, 8) if octal else int(token, 0)
        if token.isidentifier():
            if self._peek() in _STEPS:
                self._at -= 1
                return self._stepped(token, _STEPS[self._tokens[self._at + 1]], before=False)
            return self._variable(self._get(token))
        raise self._problem()

    def _stepped(self, name: str, step: int, *, before: bool) -> int:
        """`++name`, `name++` and their like, standing at the name."""
        if not name.isidentifier():
            raise self._problem()
        self._at += 1 if before else 2
        value = self._variable(self._get(name))
        self._put(name, str(value + step))
        return value + step if before else value

    def _variable(self, text: str) -> int:
        try:
            return int(text.strip() or "0", 10)
        except ValueError:
            raise self._problem() from None
