"""Plans as programs that a person can read, keep and run by hand."""

import re
import shlex
from collections.abc import Sequence
from typing import Final

from attrs import Factory, define

from sansdk.commands.quoting import SecretWord
from sansdk.script import Dialect, words
from sansdk.secrets import Secret
from sansdk.steps import Item

_FUNCTION: Final = re.compile(r"^(?P<name>\w+)\(\) \{(?:.*\}$|\n(?:.*\n)*?\}$)", re.MULTILINE)
_NAME: Final = re.compile(r"\w+")


def program(items: Sequence[Item], dialect: Dialect) -> str:
    """Items as a sh program for a person: it stops at the first failure, and shows how to undo each step.

    A secret is written to a file from a variable of the environment, `SANSDK_SECRET_1` and so on.
    """
    secrets = _SecretVariables()
    body = [line for item in items for line in _shown(item, dialect, secrets.file)]
    head = [
        "#!/bin/sh",
        "set -eu; umask 077",
        f"sd_privilege={shlex.quote(dialect.privilege or '')}",
        *_called(dialect.prelude, body),
        *secrets.files(),
    ]
    return "".join(f"{line}\n" for line in (*head, *body))


def commands(items: Sequence[Item]) -> str:
    """Items as plain commands for a person, for an array without a shell."""
    secrets = _SecretVariables()
    return "".join(f"{line}\n" for item in items for line in _shown(item, Dialect(), secrets.variable))


def _shown(item: Item, dialect: Dialect, secret: SecretWord) -> list[str]:
    lines = [f"# {item.intent}"]
    for step in item.steps:
        lines.append(words(step.command, dialect, secret))
        if step.undo is not None:
            lines.append(f"#   undo: {words(step.undo, dialect, secret)}")
    return lines


def _called(prelude: str, lines: Sequence[str]) -> list[str]:
    """The functions of a prelude that lines call, and those that these call, in the prelude's order."""
    functions = {match["name"]: match[0] for match in _FUNCTION.finditer(prelude)}
    wanted: set[str] = set()
    texts = list(lines)
    while texts:
        words = set(_NAME.findall(texts.pop()))
        found = (words & functions.keys()) - wanted
        wanted |= found
        texts += [functions[name].partition("{")[2] for name in found]
    return [text for name, text in functions.items() if name in wanted]


@define
class _SecretVariables:
    """Gives each secret a variable of the environment, for a program that a person runs."""

    names: dict[Secret, str] = Factory(dict)

    def variable(self, secret: Secret) -> str:
        """The variable, as a word."""
        name = self.names.setdefault(secret, f"SANSDK_SECRET_{len(self.names) + 1}")
        return f'"${{{name}:?}}"'

    def file(self, secret: Secret) -> str:
        """A file that holds it, as a word."""
        self.variable(secret)
        return f'"$sd_dir/{self.names[secret]}"'

    def files(self) -> list[str]:
        """Lines that write those files, and remove them at the end."""
        if not self.names:
            return []
        writes = [f'printf %s "${{{name}:?}}" >"$sd_dir/{name}"' for name in self.names.values()]
        return ["sd_dir=$(mktemp -d)", "trap 'rm -rf \"$sd_dir\"' EXIT", *writes]
