"""The interactive shell: greeting, prompt, history, questions.

Seen: the greeting, that each answer stands between empty lines, that a known client drops the first eight
lines of a session in which it typed a command and `exit` at once. That two of the eight are empty lines above
the greeting is inferred.
"""

from collections.abc import Awaitable, Callable

from sansim.lefthand.cliq import Cliq
from sansim.lefthand.completion import Completion, complete
from sansim.lefthand.lines import Lines
from sansim.lefthand.questions import agreed
from sansim.program import Answer, pieces

__all__ = ["Prompt", "Run"]

Run = Callable[[str, Callable[[], Answer]], Awaitable[Answer | None]]
"""Carries a command line out; None when the client was lost meanwhile."""

_PROMPT = "CLIQ>"


class Prompt:
    """One login, or one command whose client has a terminal and so can be asked."""

    def __init__(self, cliq: Cliq, lines: Lines, run: Run) -> None:
        self._cliq = cliq
        self._lines = lines
        self._run = run
        self._history: list[str] = []

    async def serve(self) -> None:
        """Greet, and answer commands until `exit`, the end of the input, or the loss of the client."""
        flavour = self._cliq.flavour
        await self._lines.write(f"\n\n{flavour.banner} (type exit to quit)\n{flavour.copyright}\n\n")
        while True:
            typed = await self._lines.read(_PROMPT, complete=self._complete)
            if typed is None:
                return
            line = await self._recalled(typed.strip())
            if line.lower() == "exit":
                return
            if line:
                self._history.append(line)
                answer, _ = await self._carry_out(line)
                if answer is None:
                    return
                await self._show(answer)

    async def once(self, line: str) -> int | None:
        """Answer the one command of an exec and return its status, None when nobody is there any more."""
        answer, asked = await self._carry_out(line)
        if answer is None:
            return None
        await self._lines.write("\n" if asked else "")
        async for piece in pieces(answer.stdout):
            await self._lines.write(piece)
        await self._lines.write(answer.stderr)
        return answer.status

    def _complete(self, line: str) -> Completion:
        return complete(line, self._cliq.flavour)

    async def _recalled(self, line: str) -> str:
        """Return the command that `!N` stands for; `!#` lists the commands there are."""
        if not line.startswith("!"):
            return line
        if line == "!#":
            await self._lines.write(
                "".join(f"{number:>5}  {command}\n" for number, command in enumerate(self._history, start=1))
            )
            return ""
        number = line.removeprefix("!")
        if not (number.isascii() and number.isdecimal()) or not 0 < int(number) <= len(self._history):
            await self._lines.write(f"{line}: no such command\n")
            return ""
        recalled = self._history[int(number) - 1]
        await self._lines.write(f"{recalled}\n")
        return recalled

    async def _carry_out(self, line: str) -> tuple[Answer | None, bool]:
        """Ask what is to be asked and carry a command out; tell whether anything was asked."""
        question = self._cliq.question(line)
        confirmed = True
        if question is not None:
            await self._lines.write(question.text)
            confirmed = agreed(await self._lines.read(question.prompt, shown=bool(question.prompt)))
        asked = question is not None
        answer = await self._run(line, lambda: self._cliq.answer(line, confirmed=confirmed, headed=not asked))
        return answer, asked

    async def _show(self, answer: Answer) -> None:
        """Write an answer between empty lines, as far as it does not bring them along."""
        ended = "\n"
        async for piece in pieces(answer.stdout):
            if ended == "\n" and piece.startswith("\n"):
                ended = ""
            text = (ended + piece).rstrip("\n") if piece else ""
            ended = (ended + piece)[len(text) :]
            await self._lines.write(text)
        await self._lines.write(f"{answer.stderr}\n\n")
