"""Reads commands: lists, pipelines, compound commands, redirections."""

import re
from collections.abc import Callable, Mapping

from attrs import define

from sansim.shell.braces import unbraced
from sansim.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Assignment,
    Background,
    Case,
    Condition,
    Conditional,
    CountedFor,
    For,
    Function,
    Group,
    If,
    Incomplete,
    Literal,
    Node,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    Subshell,
    While,
    Word,
)
from sansim.shell.words import WordReader, unquoted

__all__ = ["Parser"]

_BLANK = re.compile(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")
_REDIRECT = re.compile(r"([0-9]*)(<<<|<<-?|>>|<&|>&|<>|>\||<|>)")
_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*\([ \t]*\)")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_RESERVED = re.compile(
    r"(if|then|elif|else|fi|while|until|for|do|done|case|esac|in|time|function|\[\[|\]\]|[{}!])(?=[ \t\n;&|()<>]|$)"
)
_FUNCTION_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)(?:[ \t]*\([ \t]*\))?")
_UNARY = re.compile(r"-[a-zA-Z]")
_COMPARISON = re.compile(r"=~|==|!=|=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef)(?=[ \t\n])")
_REGULAR = re.compile(r"\S+")
_CLOSING = frozenset(("then", "elif", "else", "fi", "do", "done", "esac", "}"))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMAND_NAME = re.compile(r"[^ \t\n;&|()<>'\"$`\\=]+(?=[ \t\n;&|()<>]|$)")


@define
class _HereDocument:
    redirect: Redirect
    delimiter: str
    quoted: bool
    strip: bool


class Parser(WordReader):
    """Reads a program command by command."""

    def __init__(self, text: str, aliases: Mapping[str, str] = {}, first_line: int = 1) -> None:
        super().__init__(text, first_line)
        self._aliases = aliases
        self._pending: list[_HereDocument] = []

    def next(self) -> Node | None:
        """Read the next complete command, up to its line's end; None at the end of the text.

        Raises:
            Incomplete: The text ends inside the command.
            SyntaxProblem: It is no command.
        """
        self._newlines()
        if self.at >= len(self.text):
            return None
        commands: list[Node] = []
        while True:
            commands.append(self._and_or())
            self._blanks()
            if self._operator("&"):
                commands[-1] = Background(commands[-1])
            elif not self._operator(";") and not self._at_line_end():
                raise self.problem()
            self._blanks()
            if self._at_line_end():
                self._line_end()
                return Sequence(tuple(commands))

    def whole(self) -> Node:
        """Read the text to its end as one list."""
        commands = []
        while (command := self.next()) is not None:
            commands.append(command)
        return Sequence(tuple(commands))

    def body_until(self, closing: str) -> Node:
        """Read commands up to a closing `)`, or to the end of the text for an empty one."""
        commands: list[Node] = []
        while True:
            self._newlines()
            if closing and self.text.startswith(closing, self.at):
                self.at += len(closing)
                break
            if self.at >= len(self.text):
                if closing:
                    raise Incomplete(self.line)
                break
            commands.append(self._and_or())
            self._separate(commands)
        return Sequence(tuple(commands))

    def _separate(self, commands: list[Node]) -> None:
        """Take the separator after a command, if one stands there."""
        self._blanks()
        if self._operator("&"):
            commands[-1] = Background(commands[-1])
        elif not self.text.startswith(";;", self.at):
            self._operator(";")

    def _list(self) -> Node:
        """Read commands up to a reserved word that closes something, or `)`, or `;;`."""
        commands: list[Node] = []
        while True:
            self._newlines()
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            if self._peek_reserved() in _CLOSING or self.text.startswith((")", ";;"), self.at):
                if not commands:
                    raise self.problem()
                return Sequence(tuple(commands))
            commands.append(self._and_or())
            before = self.at
            self._separate(commands)
            self._blanks()
            if self.at == before and not (self._at_line_end() or self.text.startswith((")", ";;"), self.at)):
                raise self.problem()

    def _and_or(self) -> Node:
        first = self._pipeline()
        rest: list[tuple[str, Node]] = []
        while True:
            self._blanks()
            operator = self.text[self.at : self.at + 2]
            if operator not in ("&&", "||"):
                return AndOr(first, tuple(rest)) if rest else first
            self.at += 2
            self._newlines()
            rest.append((operator, self._pipeline()))

    def _pipeline(self) -> Node:
        self._blanks()
        timed = self._take_reserved("time")
        self._blanks()
        negated = self._take_reserved("!")
        stages = [self._command()]
        while True:
            self._blanks()
            if not self.text.startswith("|", self.at) or self.text.startswith("||", self.at):
                break
            self.at += 1
            self._newlines()
            stages.append(self._command())
        return Pipeline(tuple(stages), negated, timed) if negated or timed or len(stages) > 1 else stages[0]

    def _command(self) -> Node:
        self._blanks()
        if self._aliases:
            self._expand_alias()
        if self.text.startswith("((", self.at) and (expression := self._double_parentheses()) is not None:
            return ArithmeticCommand(self.quoted_text(expression), self._redirects())
        if self.text.startswith("(", self.at):
            self.at += 1
            return Subshell(self.body_until(")"), self._redirects())
        reserved = self._peek_reserved()
        if reserved is None:
            match = _FUNCTION.match(self.text, self.at)
            return self._function(match) if match is not None else self._simple()
        compound = {
            "{": self._group,
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "case": self._case,
            "[[": self._conditional,
            "function": self._named_function,
        }.get(reserved)
        if compound is None:
            raise self.problem()
        self._take_reserved(reserved)
        return compound(reserved)

    def _expand_alias(self) -> None:
        """Put the text of an alias in the place of its name; inside its own text a name is not expanded again."""
        expanded: set[str] = set()
        while (match := _COMMAND_NAME.match(self.text, self.at)) is not None:
            name = match[0]
            if name not in self._aliases or name in expanded:
                return
            expanded.add(name)
            self.text = self.text[: self.at] + self._aliases[name] + self.text[match.end() :]
            self._blanks()

    def _double_parentheses(self) -> str | None:
        """Read `((expression))` and return what stands in it; None, and nothing read, where it is a subshell in one."""
        start, self.at = self.at, self.at + 2
        depth = 2
        while depth and self.at < len(self.text):
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
            if depth == 1 and not self.text.startswith(")", self.at):
                self.at = start
                return None
        if depth:
            raise Incomplete(self.line)
        return self.text[start + 2 : self.at - 2]

    def _conditional(self, _word: str) -> Node:
        condition = self._alternatives()
        self._newlines()
        if not self._take_reserved("]]"):
            raise self.problem()
        return Conditional(condition, self._redirects())

    def _alternatives(self) -> Condition:
        return self._joined("||", lambda: self._joined("&&", self._negation))

    def _joined(self, operator: str, part: Callable[[], Condition]) -> Condition:
        found = part()
        self._newlines()
        while self._operator(operator):
            self._newlines()
            found = Condition(operator, (found, part()))
            self._newlines()
        return found

    def _negation(self) -> Condition:
        self._newlines()
        if self._take_reserved("!"):
            return Condition("!", (self._negation(),))
        if self._operator("("):
            found = self._alternatives()
            self._newlines()
            if not self._operator(")"):
                raise self.problem()
            return found
        return self._comparison()

    def _comparison(self) -> Condition:
        first = self._operand()
        if first.plain is not None and _UNARY.fullmatch(first.plain) and not self._at_condition_end():
            return Condition(first.plain, (self._operand(),))
        if self._at_condition_end():
            return Condition("", (first,))
        self._blanks()
        match = _COMPARISON.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        return Condition(match[0].strip(), (first, self._operand(pattern=match[0].strip() == "=~")))

    def _operand(self, *, pattern: bool = False) -> Word:
        self._newlines()
        match = _REGULAR.match(self.text, self.at) if pattern else None
        if match is not None and not set(match[0]) & set("'\"$\\"):
            self.at = match.end()
            return Word((Literal(match[0]),))
        word = self.word()
        if not word.parts or word.plain == "]]":
            raise self.problem()
        return word

    def _at_condition_end(self) -> bool:
        self._newlines()
        return self.at >= len(self.text) or self.text.startswith(("]]", "&&", "||", ")"), self.at)

    def _named_function(self, _word: str) -> Node:
        self._blanks()
        match = _FUNCTION_NAME.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        self._newlines()
        return Function(match[1], self._command())

    def _function(self, match: re.Match[str]) -> Node:
        self.at = match.end()
        self._newlines()
        return Function(match[1], self._command())

    def _group(self, _word: str) -> Node:
        body = self._list()
        self._expect("}")
        return Group(body, self._redirects())

    def _if(self, _word: str) -> Node:
        branches: list[tuple[Node | None, Node]] = []
        while True:
            condition = self._list()
            self._expect("then")
            branches.append((condition, self._list()))
            if self._take_reserved("elif"):
                continue
            if self._take_reserved("else"):
                branches.append((None, self._list()))
            self._expect("fi")
            return If(tuple(branches), self._redirects())

    def _while(self, word: str) -> Node:
        condition = self._list()
        body = self._do()
        return While(condition, body, word == "until", self._redirects())

    def _for(self, _word: str) -> Node:
        self._blanks()
        if self.text.startswith("((", self.at) and (counted := self._double_parentheses()) is not None:
            return self._counted_for(counted)
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.problem()
        self.at = match.end()
        self._newlines()
        words: list[Word] | None = None
        if self._take_reserved("in"):
            words = []
            while not self._at_separator():
                words += unbraced(self.word())
        self._blanks()
        self._operator(";")
        self._newlines()
        body = self._do()
        return For(match[0], None if words is None else tuple(words), body, self._redirects())

    def _counted_for(self, header: str) -> Node:
        parts = header.split(";")
        if len(parts) != 3:  # noqa: PLR2004 - first, while, step
            raise self.problem()
        first, condition, step = (self.quoted_text(part) for part in parts)
        self._blanks()
        self._operator(";")
        return CountedFor(first, condition, step, self._do(), self._redirects())

    def _do(self) -> Node:
        self._newlines()
        self._expect("do")
        body = self._list()
        self._expect("done")
        return body

    def _case(self, _word: str) -> Node:
        self._blanks()
        word = self.word()
        self._newlines()
        self._expect("in")
        arms: list[tuple[tuple[Word, ...], Node]] = []
        self._newlines()
        while not self._take_reserved("esac"):
            arms.append(self._arm())
            self._newlines()
        return Case(word, tuple(arms), self._redirects())

    def _arm(self) -> tuple[tuple[Word, ...], Node]:
        self._operator("(")
        patterns = []
        while True:
            self._blanks()
            patterns.append(self.word())
            self._blanks()
            if self._operator(")"):
                break
            if not self._operator("|"):
                raise self.problem()
        commands: list[Node] = []
        while True:
            self._newlines()
            if self.text.startswith(";;", self.at):
                self.at += 2
                break
            if self._peek_reserved() == "esac":
                break
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            commands.append(self._and_or())
            self._separate(commands)
        return tuple(patterns), Sequence(tuple(commands))

    def _simple(self) -> Node:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        line = self.line
        while True:
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            if self._at_separator():
                break
            match = _ASSIGNMENT.match(self.text, self.at) if not words else None
            if match is not None:
                self.at = match.end()
                assignments.append(Assignment(match[1], self.word()))
            else:
                words += unbraced(self.word())
        if not (assignments or words or redirects):
            raise self.problem()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)

    def _redirects(self) -> tuple[Redirect, ...]:
        redirects = []
        while (redirect := self._redirect()) is not None:
            redirects.append(redirect)
        return tuple(redirects)

    def _redirect(self) -> Redirect | None:
        self._blanks()
        match = _REDIRECT.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        self._blanks()
        target = self.word()
        if not target.parts:
            raise self.problem()
        fd = int(match[1]) if match[1] else int(match[2][0] == ">")
        redirect = Redirect(fd, match[2], target)
        if match[2] in ("<<", "<<-"):
            quoted = any(isinstance(part, Literal) and part.quoted for part in target.parts)
            self._pending.append(_HereDocument(redirect, unquoted(target), quoted, match[2] == "<<-"))
        return redirect

    def _blanks(self) -> None:
        match = _BLANK.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def _newlines(self) -> None:
        self._blanks()
        while self.text.startswith("\n", self.at):
            self._line_end()
            self._blanks()

    def _at_line_end(self) -> bool:
        return self.at >= len(self.text) or self.text[self.at] == "\n"

    def _line_end(self) -> None:
        """Pass a newline, and the here-documents that were announced in its line."""
        self.at += 1
        pending, self._pending = self._pending, []
        for document in pending:
            self._here_document(document)

    def _here_document(self, document: _HereDocument) -> None:
        lines: list[str] = []
        while True:
            if self.at >= len(self.text):
                raise Incomplete(self.line)
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            line = self.text[self.at : end]
            self.at = end + 1
            line = line.lstrip("\t") if document.strip else line
            if line == document.delimiter:
                break
            lines.append(line + "\n")
        text = "".join(lines)
        body = Word((Literal(text, quoted=True),)) if document.quoted else self.quoted_text(text)
        document.redirect.target = body

    def _at_separator(self) -> bool:
        self._blanks()
        return self.at >= len(self.text) or self.text[self.at] in "\n;&|()"

    def _operator(self, operator: str) -> bool:
        if not self.text.startswith(operator, self.at):
            return False
        if operator in ";&|" and self.text.startswith(operator * 2, self.at):
            return False
        self.at += len(operator)
        return True

    def _peek_reserved(self) -> str | None:
        match = _RESERVED.match(self.text, self.at)
        return None if match is None else match[1]

    def _take_reserved(self, word: str) -> bool:
        self._blanks()
        if self._peek_reserved() != word:
            return False
        self.at += len(word)
        return True

    def _expect(self, word: str) -> None:
        self._newlines()
        if not self._take_reserved(word):
            raise self.problem()
