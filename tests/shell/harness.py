"""A shell on simulated arrays, and someone who types."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from attrs import Factory, define, frozen

import sansdk
from sanshell.shell import Shell
from sanshell.status import Status, UsageError

IQN = "iqn.1993-08.org.debian:01:bar"
OTHER_IQN = "iqn.1993-08.org.debian:01:foo"


@define
class Person:
    """Answers questions in turn; one too many says that nobody is there."""

    answers: list[str] = Factory(list)
    questions: list[str] = Factory(list)

    def ask(self, question: str) -> str:
        self.questions.append(question)
        if not self.answers:
            raise UsageError("nobody")
        return self.answers.pop(0)

    def secret(self, question: str) -> sansdk.Secret:
        return sansdk.Secret(self.ask(question))


@frozen
class Said:
    """What a command left behind."""

    status: Status
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the document holds
        return json.loads(self.out)


@frozen
class Typist:
    """Types command lines into a shell."""

    shell: Shell
    person: Person
    stdout: StringIO
    capsys: pytest.CaptureFixture[str]

    def __call__(self, line: str) -> Said:
        return self.said(lambda: self.shell.run_line(line))

    def said(self, run: Callable[[], Status]) -> Said:
        self.capsys.readouterr()
        before = len(self.stdout.getvalue())
        status = run()
        return Said(status, self.stdout.getvalue()[before:], self.capsys.readouterr().err)

    def good(self, line: str) -> Said:
        said = self(line)
        assert said.status is Status.OK, said.err
        return said

    def complete(self, line: str) -> list[str]:
        """What Tab offers at the end of a line."""
        begin = line.rfind(" ") + 1
        offered = self.shell.complete(line[begin:], line, begin, len(line))
        assert not offered.error or offered.error.startswith("Hint:")
        return [item.text for item in offered]
