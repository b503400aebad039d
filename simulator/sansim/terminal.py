r"""The line discipline of a pseudo-terminal: echo, editing, and line ends, as a kernel does them.

What a client types becomes lines for the program; what the program writes gets carriage returns. The keys are
those that `stty` shows on a fresh login: backspace, ^U, ^W, ^C, ^\, ^Z, ^D.
"""

from attrs import define, field, frozen

__all__ = ["SIGNAL_KEYS", "Cooked", "Terminal"]

_ERASE = b"\b \b"
_END, _BACKSPACE, _DELETE, _KILL, _WORD = 0x04, 0x08, 0x7F, 0x15, 0x17
_PRINTABLE = 0x20
SIGNAL_KEYS = {0x03: "INT", 0x1C: "QUIT", 0x1A: "TSTP"}
"""The keys that send a signal."""


@frozen
class Cooked:
    """What became of some typed bytes: complete lines for the program, echo for the client, end of input."""

    lines: bytes = b""
    echo: bytes = b""
    end: bool = False


@define
class Terminal:
    """One pseudo-terminal; it keeps the line being typed.

    Attributes:
        echo: Whether what is typed is shown.
        canonical: Whether lines are edited here; else every byte goes on as it comes.
        signals: Whether the signal keys send signals.
        output: Whether line ends are translated in what is written.
    """

    echo: bool = True
    canonical: bool = True
    signals: bool = True
    output: bool = True
    _line: bytearray = field(factory=bytearray, init=False)
    _after_return: bool = field(default=False, init=False)

    def typed(self, data: bytes) -> Cooked:
        """Take what the client typed."""
        if not self.canonical:
            return Cooked(data, self.written(data) if self.echo else b"")
        lines, echo, end = bytearray(), bytearray(), False
        for byte in data:
            follows_return, self._after_return = self._after_return, byte == ord("\r")
            if byte == ord("\n") and follows_return:
                continue
            if byte in b"\r\n":
                lines += self._line + b"\n"
                echo += b"\r\n"
                self._line.clear()
            elif byte == _END:
                if self._line:
                    lines += self._line
                    self._line.clear()
                else:
                    end = True
            else:
                echo += self._edit(byte)
        return Cooked(bytes(lines), bytes(echo) if self.echo else b"", end)

    def taken(self) -> bytes:
        """Return the unfinished line and forget it: something else edits from here."""
        line = bytes(self._line)
        self._line.clear()
        return line

    def _edit(self, byte: int) -> bytes:
        """Change the line being typed and return the echo."""
        if byte in (_BACKSPACE, _DELETE):
            erased = self._last_character()
        elif byte == _KILL:
            erased = len(self._line)
        elif byte == _WORD:
            erased = len(self._line) - (self._line.rstrip().rfind(b" ") + 1)
        elif byte < _PRINTABLE and byte != ord("\t"):
            return b""
        else:
            self._line.append(byte)
            return bytes((byte,))
        letters = self._line[len(self._line) - erased :].decode("utf-8", "replace")
        del self._line[len(self._line) - erased :]
        return _ERASE * len(letters)

    def _last_character(self) -> int:
        """Return how many bytes the last character has."""
        size = len(self._line[-1:])
        while size and size < len(self._line) and self._line[-size] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8
            size += 1
        return size

    def written(self, data: bytes) -> bytes:
        """Return what the program wrote as the client gets it."""
        return data.replace(b"\n", b"\r\n") if self.output else data
