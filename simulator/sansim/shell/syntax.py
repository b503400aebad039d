"""The shell's syntax as values: what the parser makes and the interpreter runs."""

from typing import TypeAlias

from attrs import define, field, frozen

__all__ = [
    "AndOr", "Arithmetic", "ArithmeticCommand", "Assignment", "Background", "Case", "CommandSubstitution",
    "Condition", "Conditional", "CountedFor", "For", "Function", "Group", "If", "Incomplete", "Literal", "Node",
    "Parameter", "Part", "Pipeline", "Redirect", "Sequence", "Simple", "Subshell", "SyntaxProblem", "While", "Word",
]  # fmt: skip


class SyntaxProblem(Exception):
    """The text is no shell program.

    Attributes:
        line: The number of the line.
        token: What stands there and should not.
    """

    def __init__(self, line: int, token: str) -> None:
        super().__init__(line, token)
        self.line = line
        self.token = token


class Incomplete(SyntaxProblem):
    """The text ends inside a command, or inside the quotes that are its token: more input may complete it."""

    def __init__(self, line: int, quote: str = "") -> None:
        super().__init__(line, quote)


@frozen
class Literal:
    """Characters that stand for themselves; quoted ones match and split nothing."""

    text: str
    quoted: bool = False


@frozen
class Parameter:
    """`$name` and `${name…}`. `operator` is one of `:-`, `-`, `#`, `%%` …, or `length`; empty for none."""

    name: str
    operator: str = ""
    argument: "Word | None" = None
    quoted: bool = False


@frozen
class CommandSubstitution:
    """`$(…)` or backquotes."""

    body: "Node"
    quoted: bool = False


@frozen
class Arithmetic:
    """`$((…))`; the expression is expanded like a quoted text first."""

    expression: "Word"
    quoted: bool = False


Part: TypeAlias = Literal | Parameter | CommandSubstitution | Arithmetic


@frozen
class Word:
    """One word before expansion.

    Attributes:
        parts: What it is made of.
        plain: Its text where expansion changes nothing, else None.
    """

    parts: tuple[Part, ...]
    plain: str | None = field(init=False)

    @plain.default
    def _plain(self) -> str | None:
        texts = []
        for part in self.parts:
            if not isinstance(part, Literal) or (not part.quoted and set(part.text) & set("*?[~")):
                return None
            texts.append(part.text)
        return "".join(texts)


@define
class Redirect:
    """`N>word` and its like. The body of a here-document is filled in when its line has ended."""

    fd: int
    operator: str
    target: Word


@frozen
class Assignment:
    """`name=word`, or `name+=word`, which appends."""

    name: str
    value: Word
    appended: bool = False


@frozen
class Simple:
    """A simple command, and the line that it begins in."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    line: int = 1


@frozen
class Sequence:
    """Commands one after the other."""

    commands: tuple["Node", ...]


@frozen
class AndOr:
    """`first && second || third`; each of the rest with its operator."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


@frozen
class Pipeline:
    """`a | b`, perhaps with `!` or `time` before it."""

    stages: tuple["Node", ...]
    negated: bool = False
    timed: bool = False


@frozen
class Background:
    """`command &`."""

    body: "Node"


@frozen
class Group:
    """`{ …; }`."""

    body: "Node"
    redirects: tuple[Redirect, ...] = ()


@frozen
class Subshell:
    """`( … )`."""

    body: "Node"
    redirects: tuple[Redirect, ...] = ()


@frozen
class If:
    """`if … then … elif … else … fi`: conditions with their bodies; the last condition None is `else`."""

    branches: tuple[tuple["Node | None", "Node"], ...]
    redirects: tuple[Redirect, ...] = ()


@frozen
class While:
    """`while … do … done`, or `until`."""

    condition: "Node"
    body: "Node"
    until: bool
    redirects: tuple[Redirect, ...] = ()


@frozen
class For:
    """`for name in words; do … done`; words None are the positional parameters."""

    name: str
    words: tuple[Word, ...] | None
    body: "Node"
    redirects: tuple[Redirect, ...] = ()


@frozen
class CountedFor:
    """`for ((first; while; step)); do … done` (ksh93)."""

    first: Word
    condition: Word
    step: Word
    body: "Node"
    redirects: tuple[Redirect, ...] = ()


@frozen
class ArithmeticCommand:
    """`((expression))`: it succeeds when the expression is not 0 (ksh93)."""

    expression: Word
    redirects: tuple[Redirect, ...] = ()


@frozen
class Condition:
    """What stands in `[[ ]]`: `&&`, `||`, `!` of conditions, an operator of words, or one word without operator."""

    operator: str
    operands: tuple["Condition | Word", ...]


@frozen
class Conditional:
    """`[[ … ]]` (ksh93)."""

    condition: Condition
    redirects: tuple[Redirect, ...] = ()


@frozen
class Case:
    """`case word in patterns) … ;; esac`."""

    word: Word
    arms: tuple[tuple[tuple[Word, ...], "Node"], ...]
    redirects: tuple[Redirect, ...] = ()


@frozen
class Function:
    """`name() compound`."""

    name: str
    body: "Node"


Node: TypeAlias = (
    Simple
    | Sequence
    | AndOr
    | Pipeline
    | Background
    | Group
    | Subshell
    | If
    | While
    | For
    | CountedFor
    | Case
    | Function
    | ArithmeticCommand
    | Conditional
)
