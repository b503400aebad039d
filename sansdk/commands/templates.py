"""Loads a template, refuses an unsafe one, fills in a safe one.

A template is words separated by blanks. A word is literal text, or a placeholder, or `name=` and a
placeholder; `{% if %}` and `{% for %}` stand between blanks. Whatever else Jinja can do to text after the
values were quoted (filter blocks, macros, inclusion) is refused, and so is every character of literal text
that a shell could take for more than itself.

Blanks between words become newlines before rendering: no value holds one, so that the rendered text falls
apart into exactly the words it was made of.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import jinja2
from attrs import frozen
from jinja2 import meta, nodes
from jinja2.runtime import Context

from sansdk.commands.quoting import Dialect, SecretWord, UnsafeTemplate
from sansdk.errors import InputError
from sansdk.secrets import Secret

_LITERAL = re.compile(r"[A-Za-z0-9 /._:=,@%+-]*")
_PREFIX = re.compile(r"[A-Za-z0-9._:-]+=")
_PLACEHOLDER: Final = "\x01"
_TAG: Final = "\x02"
_HOW_SECRETS_APPEAR: Final = "how secrets appear"  # no identifier: no template can name it

_directories: list[Traversable] = [resources.files("sansdk.commands")]


@frozen
class Template:
    """A template that passed every check."""

    _jinja: jinja2.Template

    def render(self, values: Mapping[str, object], secret: SecretWord) -> str:
        """One line, its words separated by single blanks, every value quoted.

        Raises:
            InputError: A value cannot be said in this language.
            TypeError: A value is of a type that is no word.
        """
        text = self._jinja.render({**values, _HOW_SECRETS_APPEAR: secret})
        return " ".join(word for word in text.split("\n") if word)


def add_directory(directory: Traversable) -> None:
    """Look for templates in `directory` too, after those that are known already."""
    if directory not in _directories:
        _directories.append(directory)


@cache
def load(path: str, dialect: Dialect, names: frozenset[str]) -> Template:
    """The template at `path` below a registered directory, whose placeholders are among `names`.

    Raises:
        UnsafeTemplate: As `compiled`.
        InputError: No registered directory holds it.
    """
    for directory in _directories:
        file = directory.joinpath(*path.split("/"))
        if file.is_file():
            return compiled(file.read_text(encoding="utf-8"), dialect, names, path)
    raise InputError(f"There is no template {path}.", mend="Register its directory with register_templates().")


def compiled(source: str, dialect: Dialect, names: frozenset[str], path: str = "template") -> Template:
    """Check a template's text and compile it.

    Raises:
        UnsafeTemplate: It could be rendered into something else than the words it shows; the message names
            the offence. Also for placeholders that are not among `names`, and for what is no Jinja at all.
    """
    environment = _environment(dialect)
    try:
        tree = environment.parse(source)
    except jinja2.TemplateSyntaxError as error:
        raise UnsafeTemplate(f"{path}: {error.message}.") from error
    unknown = meta.find_undeclared_variables(tree) - names
    if unknown:
        raise UnsafeTemplate(f"{path}: the command has no field {', '.join(sorted(unknown))}.")
    outline = "".join(_outline(tree.body, path))
    _check_words(outline, dialect, path)
    _separate_words(tree, environment)
    return Template(environment.from_string(tree))


@cache
def _environment(dialect: Dialect) -> jinja2.Environment:
    @jinja2.pass_context
    def finalize(context: Context, value: object) -> str:
        if isinstance(value, jinja2.Undefined):
            return str(value)  # StrictUndefined raises, naming what is missing
        if isinstance(value, tuple):
            return "\n".join(finalize(context, element) for element in value)
        if isinstance(value, Secret):
            return _secret_word(context[_HOW_SECRETS_APPEAR](value))
        return dialect.word(value)

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, finalize=finalize, autoescape=False)  # noqa: S701 - a shell's words, not HTML
    environment.filters["one_word"] = _one_word
    return environment


def _secret_word(word: str) -> str:
    if not word or "\n" in word or "\0" in word:
        raise InputError("The word that stands for a secret is empty, or holds a NUL or a newline.")
    return word


def _one_word(value: object) -> object:
    if isinstance(value, tuple):
        raise TypeError("Several values cannot follow one name=; give the placeholder a word of its own.")
    return value


def _outline(body: Iterable[nodes.Node], path: str) -> Iterable[str]:
    """The template with a sign for each placeholder and each tag; refuses other statements."""
    for node in body:
        match node:
            case nodes.Output():
                for child in node.nodes:
                    yield child.data if isinstance(child, nodes.TemplateData) else _PLACEHOLDER
            case nodes.If():
                yield _TAG
                yield from _outline(node.body, path)
                yield from _outline(node.elif_, path)
                yield _TAG
                yield from _outline(node.else_, path)
                yield _TAG
            case nodes.For(recursive=False):
                yield _TAG
                yield from _outline(node.body, path)
                yield _TAG
                yield from _outline(node.else_, path)
                yield _TAG
            case _:
                kind = type(node).__name__
                raise UnsafeTemplate(f"{path}: only placeholders, if and for are allowed, not {kind}.")


def _check_words(outline: str, dialect: Dialect, path: str) -> None:
    literal = outline.replace(_PLACEHOLDER, "").replace(_TAG, "")
    if not _LITERAL.fullmatch(literal):
        offence = next(character for character in literal if not _LITERAL.fullmatch(character))
        raise UnsafeTemplate(f"{path}: {offence!r} may not stand in a template's text.")
    program, *words = outline.split(" ")
    if not dialect.program.fullmatch(program):
        raise UnsafeTemplate(f"{path}: {_shown(program)} is no program that {dialect.name} could be asked for.")
    for word in words:
        prefix = word.removesuffix(_PLACEHOLDER)
        if word == _PLACEHOLDER and not dialect.bare:
            raise UnsafeTemplate(f"{path}: a placeholder needs name= before it in {dialect.name}.")
        if word in {"", _PLACEHOLDER} or not word.strip(_TAG) or _LITERAL.fullmatch(word):
            continue
        if not _PREFIX.fullmatch(prefix):
            raise UnsafeTemplate(
                f"{path}: {_shown(word)} is not one word: a placeholder stands alone or right after name=, "
                "a tag between blanks."
            )


def _shown(word: str) -> str:
    return repr(word.replace(_PLACEHOLDER, "{{…}}").replace(_TAG, "{%…%}"))


def _separate_words(tree: nodes.Template, environment: jinja2.Environment) -> None:
    """Turn blanks into newlines, and hold a placeholder right after `name=` to one word."""
    for output in tree.find_all(nodes.Output):
        for index, child in enumerate(output.nodes):
            if isinstance(child, nodes.TemplateData):
                child.data = child.data.replace(" ", "\n")
            elif index and _ends_with_prefix(output.nodes[index - 1]):
                output.nodes[index] = nodes.Filter(
                    child, "one_word", [], [], None, None, lineno=child.lineno, environment=environment
                )


def _ends_with_prefix(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and node.data.endswith("=")
