"""`printf` and the escapes of `echo`."""

import re

__all__ = ["escaped", "formatted"]

_ESCAPE = re.compile(r"\\(0[0-7]{0,3}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_DIRECTIVE = re.compile(r"%(?P<flags>[-+ 0#]*)(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?(?P<kind>[%a-zA-Z])")


class _Stop(Exception):
    r"""`\c`: nothing more is printed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def escaped(text: str) -> str:
    """Replace backslash escapes."""

    def replace(match: re.Match[str]) -> str:
        found = match[1]
        if found[0] in "01234567":
            return chr(int(found, 8) & 0xFF)
        return _LETTERS.get(found, "\\" + found)

    return _ESCAPE.sub(replace, text)


def formatted(template: str, arguments: list[str]) -> tuple[str, str | None]:
    """Return what `printf` prints, and what it complains of.

    The template is used again while arguments are left.
    """
    formatter = _Formatter(arguments)
    output = ""
    try:
        while True:
            before = formatter.used
            output += formatter.once(template)
            if formatter.used in (before, len(arguments)) or not arguments:
                return output, formatter.problem
    except _Stop as stop:
        return output + stop.text, formatter.problem


class _Formatter:
    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self.used = 0
        self.problem: str | None = None

    def once(self, template: str) -> str:
        output, at = "", 0
        for match in _DIRECTIVE.finditer(template):
            output += escaped(template[at : match.start()])
            try:
                output += self._directive(match)
            except _Stop as stop:
                raise _Stop(output + stop.text) from None
            at = match.end()
        return output + escaped(template[at:])

    def _next(self) -> str:
        self.used += 1
        return self._arguments[self.used - 1] if self.used <= len(self._arguments) else ""

    def _directive(self, match: re.Match[str]) -> str:
        kind = match["kind"]
        if kind == "%":
            return "%"
        flags, width, precision = match["flags"], match["width"], match["precision"]
        if width == "*":
            width = self._next()
        if precision == "*":
            precision = self._next()
        layout = f"%{flags}{width}" + ("" if precision is None else f".{precision}")
        text = self._next() if self.used < len(self._arguments) else ""
        if kind in "diouxX":
            return (layout + ("d" if kind in "iu" else kind)) % self._integer(text)
        if kind in "eEfFgG":
            return (layout + kind) % float(text or 0)
        return self._text(kind, layout + "s", text)

    def _text(self, kind: str, layout: str, text: str) -> str:
        if kind == "b":
            head, stop, _ = text.partition("\\c")
            if stop:
                raise _Stop(layout % escaped(head))
            text = escaped(text)
        elif kind not in "sc":
            self.problem = f"printf: %{kind}: unknown format specifier"
            return ""
        return layout % (text[:1] if kind == "c" else text)

    def _integer(self, text: str) -> int:
        if text[:1] in ("'", '"') and len(text) > 1:
            return ord(text[1])
        try:
            return int(text or "0", 0) if not text.lstrip("-").startswith("0") else int(text, 8)
        except ValueError:
            try:
                return int(text, 0)
            except ValueError:
                self.problem = f"printf: {text}: invalid argument of type i"
                return 0
