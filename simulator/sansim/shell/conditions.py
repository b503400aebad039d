"""`test` and `[`."""

from collections.abc import Callable

from sansim.shell.files import Files, absolute

__all__ = ["ConditionProblem", "NoNumber", "condition"]

_NUMBERS = {
    "-eq": int.__eq__, "-ne": int.__ne__, "-lt": int.__lt__, "-le": int.__le__, "-gt": int.__gt__,
    "-ge": int.__ge__,
}  # fmt: skip
_AGES = ("-nt", "-ot", "-ef")
_TEXTS = {"=": str.__eq__, "==": str.__eq__, "!=": str.__ne__, "<": str.__lt__, ">": str.__gt__}


class ConditionProblem(Exception):
    """The words are no condition."""


class NoNumber(ConditionProblem):
    """A word is compared as a number and is none; the problem's text is that word."""


def condition(files: Files, cwd: str, words: list[str]) -> bool:
    """Evaluate the words of `test`.

    Raises:
        ConditionProblem: They are no condition.
    """
    parser = _Condition(files, cwd, words)
    if not words:
        return False
    value = parser.alternatives()
    if parser.left:
        raise ConditionProblem("unknown operator")
    return value


def _kind(files: Files, path: str) -> str:
    device = files.device(path)
    return "" if device is None else device.kind


class _Condition:
    def __init__(self, files: Files, cwd: str, words: list[str]) -> None:
        self._files = files
        self._cwd = cwd
        self.left = list(words)

    def alternatives(self) -> bool:
        value = self._all()
        while self.left[:1] == ["-o"]:
            self.left.pop(0)
            value = self._all() or value
        return value

    def _all(self) -> bool:
        value = self._not()
        while self.left[:1] == ["-a"]:
            self.left.pop(0)
            value = self._not() and value
        return value

    def _not(self) -> bool:
        # Where an operator stands between two words, these are words whatever they look like.
        if self.left[:1] == ["!"] and len(self.left) > 1 and not self._is_binary():
            self.left.pop(0)
            return not self._not()
        return self._primary()

    def _is_binary(self) -> bool:
        return len(self.left) > 2 and self.left[1] in {*_TEXTS, *_NUMBERS, *_AGES}  # noqa: PLR2004 - left, operator, right

    def _primary(self) -> bool:
        if not self.left:
            raise ConditionProblem("argument expected")
        if self._is_binary():
            return self._binary(self.left.pop(0), self.left.pop(0), self.left.pop(0))
        word = self.left.pop(0)
        if word == "(" and self.left:
            value = self.alternatives()
            if self.left[:1] != [")"]:
                raise ConditionProblem("( unbalanced")
            self.left.pop(0)
            return value
        if len(word) == 2 and word[0] == "-" and self.left and self.left[0] not in ("-a", "-o", ")"):  # noqa: PLR2004
            return self._unary(word, self.left.pop(0))
        return bool(word)

    def _binary(self, left: str, operator: str, right: str) -> bool:
        if operator in _AGES:
            return self._age(absolute(self._cwd, left), operator, absolute(self._cwd, right))
        if operator in _TEXTS:
            return bool(_TEXTS[operator](left, right))
        try:
            return bool(_NUMBERS[operator](int(left), int(right)))
        except ValueError:
            raise NoNumber(left if not left.isdecimal() else right) from None

    def _age(self, left: str, operator: str, right: str) -> bool:
        files = self._files
        if operator == "-ef":
            return files.exists(left) and files.real(left) == files.real(right)
        newer, older = (left, right) if operator == "-nt" else (right, left)
        return files.exists(newer) and (not files.exists(older) or files.modified(newer) > files.modified(older))

    def _unary(self, operator: str, word: str) -> bool:
        if operator in ("-n", "-z"):
            return bool(word) == (operator == "-n")
        path = absolute(self._cwd, word)
        files = self._files
        tests: dict[str, Callable[[str], bool]] = {
            **dict.fromkeys(("-e", "-r", "-w"), files.exists),
            **dict.fromkeys(("-b", "-c"), lambda name: _kind(files, name) == operator[1]),
            **dict.fromkeys(("-h", "-L"), files.is_link),
            **dict.fromkeys(("-p", "-S", "-t", "-u", "-g", "-k"), lambda _: False),
            "-f": files.is_file,
            "-d": files.is_directory,
            "-s": lambda name: files.size(name) > 0,
            "-x": lambda name: files.is_directory(name) or bool(files.mode(name) & 0o111),
        }
        if operator not in tests:
            raise ConditionProblem(f"{operator}: unknown operator")
        return tests[operator](path)
