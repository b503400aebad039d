"""The person at the terminal: what they are told and asked. Never through standard output, which is for data."""

import getpass
import sys
from typing import Protocol

from attrs import frozen

import sansdk
from sanshell.status import Declined, UsageError


class Terminal(Protocol):
    """Whoever can be asked."""

    def ask(self, question: str) -> str:
        """Put a question and return the answer."""
        ...

    def secret(self, question: str) -> sansdk.Secret:
        """Put a question and return the answer, which is not shown while it is typed."""
        ...


class Console:
    """The terminal that the process was started at."""

    def ask(self, question: str) -> str:
        """Put a question and return the answer.

        Raises:
            UsageError: Nobody is there.
            Declined: The answer is the end of the input.
        """
        self._need_person()
        sys.stderr.write(question)
        sys.stderr.flush()
        answer = sys.stdin.readline()
        if not answer:
            raise Declined
        return answer.strip()

    def secret(self, question: str) -> sansdk.Secret:
        """Put a question and return the answer, unseen.

        Raises:
            UsageError: Nobody is there.
            Declined: The answer is the end of the input.
        """
        self._need_person()
        try:
            return sansdk.Secret(getpass.getpass(question, stream=sys.stderr))
        except EOFError:
            raise Declined from None

    def _need_person(self) -> None:
        if not sys.stdin.isatty():
            raise UsageError("There is nobody to ask: standard input is no terminal.")


@frozen
class Question:
    """What is asked before something is lost.

    Attributes:
        facts: What would be lost, and who would notice.
        word: What a yes is: the name of the thing, where more than a slip of the hand should be needed.
    """

    facts: str
    word: str = "yes"


def confirm(terminal: Terminal, question: Question) -> None:
    """Go on only if the answer is the word.

    Raises:
        UsageError: Nobody can be asked.
        Declined: The answer is another.
    """
    try:
        answer = terminal.ask(f"{question.facts}\nType {question.word} to go on: ")
    except UsageError:
        raise UsageError("This needs a yes, and nobody is here to give it: say --yes.") from None
    if answer != question.word:
        raise Declined
