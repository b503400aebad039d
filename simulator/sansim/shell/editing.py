"""The line editor of an interactive shell: keys in, what the terminal shows out, as emacs mode has it."""

import codecs
from collections.abc import Callable, Sequence
from enum import Enum
from typing import ClassVar

from attrs import define, field

__all__ = ["Editor", "Event"]

_SEQUENCES = {
    "[A": "\x10", "OA": "\x10", "[B": "\x0e", "OB": "\x0e", "[C": "\x06", "OC": "\x06", "[D": "\x02", "OD": "\x02",
    "[H": "\x01", "OH": "\x01", "[1~": "\x01", "[F": "\x05", "OF": "\x05", "[4~": "\x05", "[3~": "delete",
    "b": "word left", "f": "word right", "d": "delete word", "\x7f": "erase word", "\x08": "erase word",
}  # fmt: skip
_LONGEST = 4


class Event(Enum):
    """What a key asks of the shell."""

    LINE = "line"
    END = "end"
    COMPLETE = "complete"


@define
class Editor:
    """One line while it is edited.

    Attributes:
        prompt: What stands before it.
        history: The lines before it, the oldest first.
        text: The line so far.
        at: Where the cursor is in it.
    """

    prompt: str
    history: Sequence[str] = ()
    text: str = ""
    at: int = 0
    _place: int = field(init=False)
    _draft: str = ""
    _killed: str = ""
    _escape: str | None = None
    _literal: bool = False
    _after_return: bool = False
    _decoder: codecs.IncrementalDecoder = field(
        factory=lambda: codecs.getincrementaldecoder("utf-8")("surrogateescape"), init=False
    )

    @_place.default
    def _last(self) -> int:
        return len(self.history)

    def feed(self, keys: bytes) -> tuple[str, Event | None, bytes]:
        """Take keys until one of them asks something of the shell.

        Returns:
            What the terminal shows of it, what is asked, and the keys that are left.
        """
        shown = ""
        for number in range(len(keys)):
            for char in self._decoder.decode(keys[number : number + 1]):
                text, event = self._key(char)
                shown += text
                if event is not None:
                    return shown, event, keys[number + 1 :]
        return shown, None, b""

    def show(self) -> str:
        """Return the prompt and the line, the cursor in its place."""
        return self.prompt + self.text + "\b" * (len(self.text) - self.at)

    def insert(self, text: str) -> str:
        """Put text before the cursor."""
        rest = self.text[self.at :]
        self.text = self.text[: self.at] + text + rest
        self.at += len(text)
        return text + rest + "\b" * len(rest)

    def _key(self, char: str) -> tuple[str, Event | None]:
        follows_return, self._after_return = self._after_return, char == "\r"
        if self._literal:
            self._literal = False
            return self.insert(char), None
        if self._escape is not None:
            return self._sequence(char), None
        if char in "\r\n":
            # A line end of two bytes is one.
            return ("", None) if char == "\n" and follows_return else ("\r\n", Event.LINE)
        if char == "\x04" and not self.text:
            return "", Event.END
        if char == "\t":
            return "", Event.COMPLETE
        return self._do(char), None

    def _sequence(self, char: str) -> str:
        """Take the next key of a sequence that began with escape."""
        sequence = (self._escape or "") + char
        self._escape = None
        if sequence in _SEQUENCES:
            return self._do(_SEQUENCES[sequence])
        if len(sequence) < _LONGEST and (sequence in "[O" or sequence[1:].isdecimal()):
            self._escape = sequence
        return ""

    def _do(self, key: str) -> str:
        action = self._ACTIONS.get(key)
        if action is not None:
            return action(self)
        return self.insert(key) if key.isprintable() or len(key.encode("utf-8", "surrogateescape")) > 1 else ""

    # What keys do. Each returns what the terminal shows of it.

    def _move(self, to: int) -> str:
        """Put the cursor elsewhere: back by backspaces, forward by what stands there."""
        to = max(0, min(len(self.text), to))
        moved = "\b" * (self.at - to) if to < self.at else self.text[self.at : to]
        self.at = to
        return moved

    def _cut(self, start: int, end: int) -> str:
        """Take out a part of the line, the cursor then in its place."""
        start, end = max(0, start), min(len(self.text), end)
        if start >= end:
            return ""
        shown = self._move(start)
        rest = self.text[end:]
        self.text = self.text[:start] + rest
        return f"{shown}{rest}{' ' * (end - start)}" + "\b" * (len(rest) + end - start)

    def _kill(self, start: int, end: int) -> str:
        """Take out a part of the line, for `^Y`."""
        self._killed = self.text[max(0, start) : end] or self._killed
        return self._cut(start, end)

    def _word_start(self) -> int:
        start = self.at
        while start and not self.text[start - 1].isalnum():
            start -= 1
        while start and self.text[start - 1].isalnum():
            start -= 1
        return start

    def _word_end(self) -> int:
        end = self.at
        while end < len(self.text) and not self.text[end].isalnum():
            end += 1
        while end < len(self.text) and self.text[end].isalnum():
            end += 1
        return end

    def _blank_start(self) -> int:
        return len(self.text[: self.at].rstrip().rpartition(" ")[0]) + (" " in self.text[: self.at].rstrip())

    def _recall(self, step: int) -> str:
        """Show another line of the history, or the one that was being typed."""
        place = self._place + step
        if not 0 <= place <= len(self.history):
            return "\a"
        if self._place == len(self.history):
            self._draft = self.text
        self._place = place
        shown = self._cut(0, len(self.text))
        return shown + self.insert(self._draft if place == len(self.history) else self.history[place])

    def _transpose(self) -> str:
        at = min(self.at, len(self.text) - 1)
        if at < 1:
            return ""
        pair = self.text[at] + self.text[at - 1]
        return self._move(at - 1) + self._cut(at - 1, at + 1) + self.insert(pair)

    def _await_sequence(self) -> str:
        self._escape = ""
        return ""

    def _await_literal(self) -> str:
        self._literal = True
        return ""

    def _clear_screen(self) -> str:
        return "\x1b[H\x1b[2J" + self.show()

    _ACTIONS: ClassVar[dict[str, Callable[["Editor"], str]]] = {
        "\x01": lambda self: self._move(0),
        "\x02": lambda self: self._move(self.at - 1),
        "\x04": lambda self: self._cut(self.at, self.at + 1),
        "\x05": lambda self: self._move(len(self.text)),
        "\x06": lambda self: self._move(self.at + 1),
        "\x08": lambda self: self._cut(self.at - 1, self.at),
        "\x7f": lambda self: self._cut(self.at - 1, self.at),
        "\x0b": lambda self: self._kill(self.at, len(self.text)),
        "\x0c": lambda self: self._clear_screen(),
        "\x0e": lambda self: self._recall(1),
        "\x10": lambda self: self._recall(-1),
        "\x14": lambda self: self._transpose(),
        "\x15": lambda self: self._kill(0, self.at),
        "\x16": lambda self: self._await_literal(),
        "\x17": lambda self: self._kill(self._blank_start(), self.at),
        "\x19": lambda self: self.insert(self._killed),
        "\x1b": lambda self: self._await_sequence(),
        "delete": lambda self: self._cut(self.at, self.at + 1),
        "word left": lambda self: self._move(self._word_start()),
        "word right": lambda self: self._move(self._word_end()),
        "delete word": lambda self: self._kill(self.at, self._word_end()),
        "erase word": lambda self: self._kill(self._word_start(), self.at),
    }
