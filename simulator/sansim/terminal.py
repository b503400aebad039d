"""The line discipline of a pseudo-terminal: echo, editing, and line ends, as a kernel does them.

What a client types becomes lines for the program; what the program writes gets carriage returns. Only the
keys that a line needs: backspace, ^U, ^W, ^C, ^D.
"""

from attrs import define, field, frozen

__all__ = ["Cooked", "Terminal"]

_ERASE = b"\b \b"
_INTERRUPT, _END, _BACKSPACE, _DELETE, _KILL, _WORD = 0x03, 0x04, 0x08, 0x7F, 0x15, 0x17
_PRINTABLE = 0x20


@frozen
class Cooked:
    """What became of some typed bytes: complete lines for the program, echo for the client, end of input."""

    lines: bytes = b""
    echo: bytes = b""
    end: bool = False


@define
class Terminal:
    """One pseudo-terminal; it keeps the line being typed."""

    _line: bytearray = field(factory=bytearray, init=False)
    _after_return: bool = field(default=False, init=False)

    def typed(self, data: bytes) -> Cooked:
        """Take what the client typed."""
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
            elif byte == _INTERRUPT:
                # The line is given up; the shell sees an empty one and prompts again.
                self._line.clear()
                lines += b"\n"
                echo += b"^C\r\n"
            else:
                echo += self._edit(byte)
        return Cooked(bytes(lines), bytes(echo), end)

    def _edit(self, byte: int) -> bytes:
        """Change the line being typed and return the echo."""
        if byte in (_BACKSPACE, _DELETE):
            erased = len(self._line[-1:])
        elif byte == _KILL:
            erased = len(self._line)
        elif byte == _WORD:
            erased = len(self._line) - (self._line.rstrip().rfind(b" ") + 1)
        elif byte < _PRINTABLE and byte != ord("\t"):
            return b""
        else:
            self._line.append(byte)
            return bytes((byte,))
        del self._line[len(self._line) - erased :]
        return _ERASE * erased

    @staticmethod
    def written(data: bytes) -> bytes:
        """Return what the program wrote as the client gets it."""
        return data.replace(b"\n", b"\r\n")
