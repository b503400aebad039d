"""Makes fields of words: parameters, substitutions, splitting, file names."""

import re
from typing import Protocol

from sansim.shell.arithmetic import ArithmeticProblem, evaluate
from sansim.shell.dialect import Dialect, no_arithmetic
from sansim.shell.files import Files, absolute
from sansim.shell.patterns import Segment, compile_pattern, has_pattern
from sansim.shell.syntax import Arithmetic, CommandSubstitution, Literal, Node, Parameter, Word

__all__ = ["ExpansionProblem", "Scope", "expand_fields", "expand_pattern", "expand_text", "unevaluated"]

Field = list[Segment]


class ExpansionProblem(Exception):
    """A word cannot be expanded: the shell says so and, when it runs a script, ends with a status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


class Scope(Protocol):
    """What expansion asks of the shell."""

    positional: tuple[str, ...]
    cwd: str
    dialect: Dialect

    def get(self, name: str) -> str | None:
        """Return a variable or special parameter, None when it is unset."""

    def put(self, name: str, value: str) -> None:
        """Set a variable."""

    def option(self, letter: str) -> bool:
        """Tell whether an option of `set` is on."""

    async def substitute(self, body: Node) -> str:
        """Run commands and return their output."""

    @property
    def files(self) -> Files:
        """The files, for patterns."""


async def expand_fields(scope: Scope, words: tuple[Word, ...]) -> list[str]:
    """Expand words to fields, as the arguments of a command."""
    fields: list[str] = []
    for word in words:
        if word.plain is not None:
            fields.append(word.plain)
            continue
        for field in await _Fields(scope).expand(word):
            text = "".join(part for part, _ in field)
            if not scope.option("f") and has_pattern(field):
                fields += _file_names(scope, field) or [text]
            else:
                fields.append(text)
    return fields


async def expand_text(scope: Scope, word: Word) -> str:
    """Expand a word to one text, without splitting: assignments, targets of redirections, here-documents."""
    if word.plain is not None:
        return word.plain
    return "".join(text for text, _ in await expand_pattern(scope, word))


async def expand_pattern(scope: Scope, word: Word) -> tuple[Segment, ...]:
    """Expand a word to one field, keeping what is quoted in it."""
    fields = await _Fields(scope, splitting=False).expand(word)
    return tuple(fields[0]) if fields else ()


def unevaluated(scope: Scope, problem: ArithmeticProblem) -> ExpansionProblem:
    """Return what goes wrong with a word whose arithmetic cannot be evaluated."""
    return ExpansionProblem(no_arithmetic(scope.dialect, problem), scope.dialect.failed_status)


class _Fields:
    """The fields that one word becomes, while it is read."""

    def __init__(self, scope: Scope, *, splitting: bool = True) -> None:
        self._scope = scope
        self._splitting = splitting
        self._fields: list[Field] = []
        self._open = False

    async def expand(self, word: Word) -> list[Field]:
        for number, part in enumerate(word.parts):
            if isinstance(part, Literal):
                text = part.text
                if number == 0 and not part.quoted and text.startswith("~"):
                    text = self._home(text)
                self._add(text, quoted=part.quoted)
            elif isinstance(part, Parameter):
                await self._parameter(part)
            elif isinstance(part, CommandSubstitution):
                self._value(await self._scope.substitute(part.body), quoted=part.quoted)
            else:
                self._value(await self._arithmetic(part), quoted=part.quoted)
        return self._fields

    def _home(self, text: str) -> str:
        head, slash, rest = text.partition("/")
        return (self._scope.get("HOME") or head) + slash + rest if head == "~" else text

    async def _arithmetic(self, part: Arithmetic) -> str:
        text = await expand_text(self._scope, part.expression)
        try:
            return str(evaluate(text, lambda name: self._scope.get(name) or "0", self._scope.put))
        except ArithmeticProblem as problem:
            raise unevaluated(self._scope, problem) from None

    async def _parameter(self, part: Parameter) -> None:
        if part.name in ("@", "*") and part.operator in ("", "length"):
            self._positional(part)
            return
        value = self._scope.get(part.name)
        operator = part.operator
        if operator == "length":
            self._add(str(len(value or "")), quoted=part.quoted)
        elif operator[-1:] in ("-", "=", "?", "+") and operator:
            await self._default(part, value)
        elif operator in ("/", "//"):
            self._value(await self._replaced(part, value or ""), quoted=part.quoted)
        elif operator == ":":
            self._value(await self._part_of(part, value or ""), quoted=part.quoted)
        elif operator:
            self._value(await self._trimmed(part, value or ""), quoted=part.quoted)
        else:
            self._value(self._set(part.name, value), quoted=part.quoted)

    def _set(self, name: str, value: str | None) -> str:
        if value is None and self._scope.option("u"):
            dialect = self._scope.dialect
            raise ExpansionProblem(dialect.unset.format(name=name), dialect.unset_status)
        return value or ""

    def _positional(self, part: Parameter) -> None:
        values = self._scope.positional
        if part.operator == "length":
            self._add(str(len(values)), quoted=part.quoted)
        elif part.quoted and part.name == "@" and self._splitting:
            for number, value in enumerate(values):
                if number:
                    self._break()
                self._add(value, quoted=True)
        elif part.quoted or not self._splitting:
            separator = self._ifs()[:1] if part.name == "*" else " "
            self._add(separator.join(values), quoted=part.quoted)
        else:
            for number, value in enumerate(values):
                if number:
                    self._break()
                self._value(value, quoted=False)

    async def _default(self, part: Parameter, value: str | None) -> None:
        """`${x:-word}` and its like; the argument's own quotes hold."""
        kind = part.operator[-1]
        missing = value is None or (part.operator.startswith(":") and not value)
        argument = part.argument or Word(())
        if kind == "+":
            if not missing:
                await self.expand(argument)
        elif not missing:
            self._value(value or "", quoted=part.quoted)
        elif kind == "-":
            await self.expand(argument)
        elif kind == "=":
            text = await expand_text(self._scope, argument)
            self._scope.put(part.name, text)
            self._value(text, quoted=part.quoted)
        else:
            text = await expand_text(self._scope, argument)
            dialect = self._scope.dialect
            usual = dialect.missing if value is None else dialect.unset_or_null
            said = f"{part.name}: {text}" if text else usual.format(name=part.name)
            raise ExpansionProblem(said, dialect.unset_status)

    async def _replaced(self, part: Parameter, value: str) -> str:
        """`${x/pattern/text}` and `${x//pattern/text}` (ksh93)."""
        before: list[Segment] = []
        after: list[Segment] = []
        found = False
        for text, quoted in await expand_pattern(self._scope, part.argument or Word(())):
            if found or quoted or "/" not in text:
                (after if found else before).append((text, quoted))
                continue
            head, _, tail = text.partition("/")
            before.append((head, quoted))
            after.append((tail, quoted))
            found = True
        replacement = "".join(text for text, _ in after)
        pattern = compile_pattern(tuple(before))
        if not any(text for text, _ in before):
            return value
        return pattern.sub(lambda _: replacement, value, count=0 if part.operator == "//" else 1)

    async def _part_of(self, part: Parameter, value: str) -> str:
        """`${x:offset:length}` (ksh93)."""
        text = await expand_text(self._scope, part.argument or Word(()))
        offset, _, length = text.partition(":")
        try:
            start = evaluate(offset, lambda name: self._scope.get(name) or "0", self._scope.put)
            start = max(0, len(value) + start) if start < 0 else start
            size = (
                evaluate(length, lambda name: self._scope.get(name) or "0", self._scope.put) if length else len(value)
            )
        except ArithmeticProblem as problem:
            raise unevaluated(self._scope, problem) from None
        return value[start : start + size] if size >= 0 else value[start:size]

    async def _trimmed(self, part: Parameter, value: str) -> str:
        """`${x#pattern}` and its like."""
        segments = await expand_pattern(self._scope, part.argument or Word(()))
        whole = compile_pattern(segments)
        longest = len(part.operator) > 1
        if part.operator[0] == "#":
            ends = range(len(value), -1, -1) if longest else range(len(value) + 1)
            return next((value[end:] for end in ends if whole.fullmatch(value, 0, end)), value)
        starts = range(len(value) + 1) if longest else range(len(value), -1, -1)
        return next((value[:start] for start in starts if whole.fullmatch(value, start)), value)

    def _ifs(self) -> str:
        separators = self._scope.get("IFS")
        return " \t\n" if separators is None else separators

    def _value(self, text: str, *, quoted: bool) -> None:
        """Add what an expansion gave, splitting it where it is not quoted."""
        separators = self._ifs()
        if quoted or not self._splitting or not separators:
            if text or quoted:
                self._add(text, quoted=quoted)
            return
        blanks = "".join(char for char in separators if char in " \t\n")
        others = "".join(char for char in separators if char not in " \t\n")
        pattern = f"[{re.escape(blanks)}]+" if blanks else r"(?!)"
        if others:
            blank = f"[{re.escape(blanks)}]*" if blanks else ""
            pattern = f"{blank}[{re.escape(others)}]{blank}|{pattern}"
        at = 0
        for match in re.finditer(pattern, text):
            # A separator that is no blank ends a field even where the field is empty.
            if match.start() > at or (match[0].strip(blanks) and not self._open):
                self._add(text[at : match.start()], quoted=False)
            self._break()
            at = match.end()
        if at < len(text):
            self._add(text[at:], quoted=False)

    def _add(self, text: str, *, quoted: bool) -> None:
        if not self._open:
            self._fields.append([])
            self._open = True
        self._fields[-1].append((text, quoted))

    def _break(self) -> None:
        self._open = False


def _file_names(scope: Scope, field: Field) -> list[str]:
    """Return the paths that match, sorted; a leading dot is matched by a dot only."""
    text = "".join(part for part, _ in field)
    components: list[list[Segment]] = [[]]
    for part, quoted in field:
        first, *others = part.split("/")
        components[-1].append((first, quoted))
        components += [[(other, quoted)] for other in others]
    found = [""] if not text.startswith("/") else ["/"]
    for number, component in enumerate(components):
        name = "".join(part for part, _ in component)
        if not name:
            continue
        last = number == len(components) - 1
        found = [path for base in found for path in _matches(scope, base, component, name, last=last)]
    return sorted(found)


def _matches(scope: Scope, base: str, component: Field, name: str, *, last: bool) -> list[str]:
    end = "" if last else "/"
    directory = absolute(scope.cwd, base or ".")
    if not has_pattern(component):
        return [base + name + end] if scope.files.exists(absolute(directory, name)) else []
    pattern = compile_pattern(tuple(component))
    return [
        base + found + end
        for found in scope.files.entries(directory)
        if pattern.fullmatch(found) and found.startswith(".") <= name.startswith(".")
    ]
