"""What a shell says when something is wrong, and the few things that it does unlike the others: data.

All shells here run the same language; a dialect is how one of them talks. Sources: bash 5.2.15, dash 0.5.12 and
ksh93 as they answer; for illumos's ksh93 a public report of 2025 that quotes it.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from sansim.shell.arithmetic import ArithmeticProblem, DivisionByZero
from sansim.shell.syntax import Incomplete, SyntaxProblem

__all__ = ["BASH", "BOURNE", "DASH", "KSH93", "Dialect", "no_arithmetic", "no_syntax"]


@frozen(kw_only=True)
class Dialect:
    """How one shell talks. Texts hold `{name}`, `{reason}` and their like for what they are about.

    Attributes:
        first: What its messages about line 1 of a program begin with.
        later: What those about a later line begin with.
        typed: What messages at a terminal begin with.
        not_found: There is no such command.
        no_program: There is nothing at the path of a command.
        not_executable: It may not be run.
        cannot_open, cannot_create, exists: A redirection fails; `exists` under `set -C`.
        no_descriptor: A redirection to a descriptor that is not open.
        reasons: The words for an error of the system where they are not the usual ones.
        no_place: The reason when a redirection makes a file in a directory that is not there.
        unexpected: A token stands where it may not.
        unfinished: The program ends inside a command.
        unmatched: The program ends inside quotes.
        syntax_first: What a message about syntax begins with.
        syntax_status: The exit status then.
        quotes_source: Whether a second message quotes the line of an unexpected token, but at a terminal.
        read_only: A variable may not be set.
        unset, missing, unset_or_null: It has no value under `set -u`; none, or an empty one, under `${…?}`.
        unset_status: The exit status of these three.
        division, no_expression: Arithmetic fails.
        failed_status: The exit status of a redirection, an expansion or an assignment that fails.
        cd_failed: `cd` cannot go there.
        cd_status: The exit status then.
        type_unknown: `type` knows no such command.
        type_status: The exit status then.
        type_to_stdout: Whether that is a plain line on the standard output.
        keyword: What `type` calls a reserved word.
        no_bracket: `[` without its `]`.
        no_number: A number is asked of a word in `test`.
        no_source: `.` cannot read its file.
        special_ends: Whether that, or another special command that fails, ends the shell.
        no_alias: There is no such alias; `{command}` is who says so.
        shift_too_far: `shift` by more than there are; empty says nothing.
        echo_options: The options of `echo`; where `-e` is one it escapes nothing without.
        no_function: `local` outside a function.
        local_declarations: Whether what a function declares is its own; ksh93 has that in functions of one form only.
        history: A line that was typed, as `history` shows it.
        last_stage_here: Whether the last stage of a pipeline is the shell itself.
        without: The built-in commands that it lacks.
        time: What `time` prints of `{minutes}` and `{seconds}`.
    """

    first: str = "{shell}: "
    later: str = "{shell}[{line}]: "
    typed: str = "{shell}: "
    not_found: str = "{name}: not found [No such file or directory]"
    no_program: str = "{name}: not found [No such file or directory]"
    not_executable: str = "{name}: cannot execute [{reason}]"
    cannot_open: str = "{name}: cannot open [{reason}]"
    cannot_create: str = "{name}: cannot create [{reason}]"
    exists: str = "{name}: file already exists [File exists]"
    no_descriptor: str = "{name}: bad file unit number [Bad file descriptor]"
    reasons: Mapping[str, str] = {}
    no_place: str = "No such file or directory"
    unexpected: str = "syntax error at line {line}: `{token}' unexpected"
    unfinished: str = "syntax error at line {line}: `end of file' unexpected"
    unmatched: str = "syntax error at line {line}: `{token}' unmatched"
    syntax_first: str = "{shell}: "
    syntax_status: int = 3
    quotes_source: bool = False
    read_only: str = "{name}: is read only"
    unset: str = "{name}: parameter not set"
    missing: str = "{name}: parameter not set"
    unset_or_null: str = "{name}: parameter null"
    unset_status: int = 1
    division: str = "{text}: divide by zero"
    no_expression: str = "{text}: arithmetic syntax error"
    failed_status: int = 1
    cd_failed: str = "cd: {name}: [{reason}]"
    cd_status: int = 1
    type_unknown: str = "{name}: not found"
    type_status: int = 1
    type_to_stdout: bool = False
    keyword: str = "keyword"
    no_bracket: str = "[: ']' missing"
    no_number: str = "{name}: arithmetic syntax error"
    no_source: str = ".: {name}: cannot open [{reason}]"
    special_ends: bool = True
    no_alias: str = "{command}: {name}: alias not found"
    shift_too_far: str = "shift: {name}: bad number"
    echo_options: str = "n"
    no_function: str = "local: can only be used in a function"
    local_declarations: bool = False
    history: str = "{number}\t{line}\n"
    last_stage_here: bool = True
    without: frozenset[str] = frozenset(("local", "declare", "source"))
    time: str = "\nreal\t{minutes}m{seconds:.2f}s\nuser\t0m0.00s\nsys\t0m0.00s\n"

    def reason(self, text: str) -> str:
        """Return its words for an error of the system."""
        return self.reasons.get(text, text)


KSH93 = Dialect()
"""ksh93u+, the `sh` of illumos."""
BOURNE = Dialect(not_found="{name}: not found", no_program="{name}: not found")
"""The `sh` of releases before that one."""
BASH = Dialect(
    first="{shell}: line {line}: ",
    later="{shell}: line {line}: ",
    not_found="{name}: command not found",
    no_program="{name}: No such file or directory",
    not_executable="{name}: {reason}",
    cannot_open="{name}: {reason}",
    cannot_create="{name}: {reason}",
    exists="{name}: cannot overwrite existing file",
    no_descriptor="{name}: Bad file descriptor",
    unexpected="syntax error near unexpected token `{token}'",
    unfinished="syntax error: unexpected end of file",
    unmatched="unexpected EOF while looking for matching `{token}'",
    syntax_first="{shell}: -c: line {line}: ",
    syntax_status=2,
    quotes_source=True,
    read_only="{name}: readonly variable",
    unset="{name}: unbound variable",
    missing="{name}: parameter null or not set",
    unset_or_null="{name}: parameter null or not set",
    unset_status=127,
    division='{text}: division by 0 (error token is "{token}")',
    no_expression='{text}: syntax error: operand expected (error token is "{token}")',
    cd_failed="cd: {name}: {reason}",
    type_unknown="{command}: {name}: not found",
    keyword="shell keyword",
    no_bracket="[: missing `]'",
    no_number="{name}: integer expression expected",
    no_source="{name}: {reason}",
    special_ends=False,
    no_alias="{command}: {name}: not found",
    shift_too_far="",
    echo_options="neE",
    history="{number:5d}  {line}\n",
    local_declarations=True,
    last_stage_here=False,
    without=frozenset(("print",)),
    time="\nreal\t{minutes}m{seconds:.3f}s\nuser\t0m0.000s\nsys\t0m0.000s\n",
)
DASH = Dialect(
    first="{shell}: {line}: ",
    later="{shell}: {line}: ",
    typed="{shell}: {line}: ",
    not_found="{name}: not found",
    no_program="{name}: not found",
    not_executable="{name}: Permission denied",
    cannot_open="cannot open {name}: {reason}",
    cannot_create="cannot create {name}: {reason}",
    exists="cannot create {name}: File exists",
    no_descriptor="{name}: Bad file descriptor",
    no_place="Directory nonexistent",
    reasons={"No such file or directory": "No such file"},
    unexpected='Syntax error: "{token}" unexpected',
    unfinished="Syntax error: end of file unexpected",
    unmatched="Syntax error: Unterminated quoted string",
    syntax_first="{shell}: {line}: ",
    syntax_status=2,
    missing="{name}: parameter not set or null",
    unset_or_null="{name}: parameter not set or null",
    unset_status=2,
    division='arithmetic expression: division by zero: "{text}"',
    no_expression='arithmetic expression: expecting primary: "{text}"',
    failed_status=2,
    cd_failed="cd: can't cd to {name}",
    cd_status=2,
    type_status=127,
    type_to_stdout=True,
    keyword="shell keyword",
    no_bracket="[: missing ]",
    no_number="Illegal number: {name}",
    no_source=".: cannot open {name}: {reason}",
    no_alias="{command}: {name} not found",
    shift_too_far="shift: can't shift that many",
    no_function="local: not in a function",
    local_declarations=True,
    last_stage_here=False,
    without=frozenset(("print", "let", "declare", "source", "typeset", "history")),
    time="0.00user 0.00system {minutes}:{seconds:05.2f}elapsed 0%CPU (0avgtext+0avgdata 908maxresident)k\n"
    "0inputs+0outputs (0major+70minor)pagefaults 0swaps\n",
)


def no_arithmetic(dialect: Dialect, problem: ArithmeticProblem) -> str:
    """Return what a shell says of an expression that cannot be evaluated."""
    text = dialect.division if isinstance(problem, DivisionByZero) else dialect.no_expression
    return text.format(text=problem.text, token=problem.token)


def no_syntax(dialect: Dialect, problem: SyntaxProblem, shell: str, source: Sequence[str]) -> str:
    """Return what a shell says of a text that is no program; `source` is the line in question, if there is one."""
    said, first = dialect.unexpected, dialect.syntax_first.format(shell=shell, line=problem.line)
    if isinstance(problem, Incomplete):
        said = dialect.unmatched if problem.token else dialect.unfinished
    message = f"{first}{said.format(line=problem.line, token=problem.token)}\n"
    if dialect.quotes_source and not isinstance(problem, Incomplete):
        message += "".join(f"{first}`{line}'\n" for line in source)
    return message
