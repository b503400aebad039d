"""A value arrives as exactly the words it was meant to be, under real shells; an unsafe template does not load."""

import random
import re
import shutil
import subprocess
from collections.abc import Sequence

import jinja2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sansdk.commands.base import hidden, refuse_secret
from sansdk.commands.quoting import CLIQ, SH, Dialect, UnsafeTemplate
from sansdk.commands.templates import compiled
from sansdk.errors import InputError
from sansdk.secrets import Secret

SHELLS = {
    "dash": ["dash"],
    "bash": ["bash", "--norc", "--noprofile"],
    "bash-posix": ["bash", "--norc", "--noprofile", "--posix"],
    "ksh": ["ksh"],
    "busybox": ["busybox", "sh"],
}
REQUIRED = {"dash", "bash"}
PRESENT = [name for name, argv in SHELLS.items() if name in REQUIRED or shutil.which(argv[0])]

HOSTILE = [
    "",
    " ",
    "-rf",
    "--",
    "*",
    "?[a-z]",
    "~root",
    "~",
    "a b",
    "a  b ",
    "'",
    "''",
    '"',
    "it's",
    "$HOME",
    "${IFS}",
    "$(reboot)",
    "`reboot`",
    ";reboot",
    "a;b",
    "&&",
    "||true",
    "|cat",
    ">out",
    "<in",
    "2>&1",
    "#comment",
    "!!",
    "\\",
    "\\n",
    "\\'",
    "'\\''",
    "'\"'\"'",
    "{a,b}",
    "(a)",
    "\t",
    "\r",
    "a\rb",
    "\x1b[2J",
    "\x7f",
    "\x01\x02",
    "a=b",
    "=",
    "PATH=x",
    "if",
    "done",
    "é",
    "名前",
    "\u2028",
    "\u00a0",
    "\udcff\udc80",
    "@@",
    "{{ n }}",
    "{% endif %}",
    "%s%n",
    "x" * 5000,
]
ALPHABET = " '\"\\$`;|&<>()*?[]{}~#!^%=\t\r-ab/.:,@\x01\x7fé名\udc80"
SINGLE = frozenset({"value"})


def words_that_arrive(shell: str, lines: Sequence[str]) -> list[list[str]]:
    """What a program is called with, a list per line.

    The program is a function of the shell: its parser is the real one, and no line costs a process.
    """
    script = 'set -f\nsd_dump() { printf \'%s\\0\' "$#" "$@"; }\n' + "".join(f"{line}\n" for line in lines)
    done = subprocess.run(
        SHELLS[shell],
        input=script.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert done.stderr == b""
    fields = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    calls = []
    while len(fields) > 1:
        count = int(fields[0])
        calls.append(fields[1 : count + 1])
        del fields[: count + 1]
    return calls


def rendered(source: str, dialect: Dialect = SH, **values: object) -> str:
    return compiled(source, dialect, frozenset(values)).render(values, refuse_secret)


@pytest.mark.parametrize("shell", PRESENT)
def test_ten_thousand_hostile_names_arrive_as_one_argument_each(shell: str) -> None:
    rng = random.Random(20261124)
    names = HOSTILE + ["".join(rng.choices(ALPHABET, k=rng.randrange(1, 40))) for _ in range(10_000)]
    template = compiled("sd_dump -o a={{ value }} {{ value }} end", SH, SINGLE)
    lines = [template.render({"value": name}, refuse_secret) for name in names]
    assert words_that_arrive(shell, lines) == [["-o", f"a={name}", name, "end"] for name in names]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(
        st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]) | st.sampled_from(ALPHABET)),
        max_size=40,
    ),
    shell=st.sampled_from(PRESENT),
)
def test_any_text_arrives_as_it_is(names: list[str], shell: str) -> None:
    line = rendered("sd_dump {{ value }} {% for each in value %} -o {{ each }} {% endfor %}", value=tuple(names))
    assert words_that_arrive(shell, [line]) == [names + [word for name in names for word in ("-o", name)]]


@pytest.mark.parametrize("shell", PRESENT)
def test_an_absolute_path_is_called_with_the_words(shell: str) -> None:
    line = rendered("/usr/bin/printf %s, {{ value }}", value=("a b", "", "$x'", "-"))
    done = subprocess.run(SHELLS[shell], input=line, capture_output=True, check=True, text=True)
    assert done.stdout == "a b,,$x',-,"


@pytest.mark.parametrize("value", ["a\nb", "\n", "a\0b", "\0", "\ud800"])
@pytest.mark.parametrize("dialect", [SH, CLIQ], ids=["sh", "cliq"])
def test_what_no_line_can_carry_is_refused(dialect: Dialect, value: str) -> None:
    with pytest.raises(InputError):
        rendered("help a={{ value }}" if dialect is CLIQ else "/p {{ value }}", dialect, value=value)


class Word(str):
    __slots__ = ()


@pytest.mark.parametrize("value", [None, True, 1.5, b"a", ["a"], {"a": 1}, Word("a"), (None,), ((True,),), object()])
def test_what_is_neither_text_nor_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        rendered("/p {{ value }}", value=value)


@pytest.mark.parametrize("value", [("a", "b"), ("a",), ()])
def test_several_values_do_not_follow_one_equals_sign(value: object) -> None:
    with pytest.raises(TypeError, match="word of its own"):
        rendered("/p a={{ value }}", value=value)


def test_numbers_are_words() -> None:
    assert rendered("/p -V {{ value }}", value=1 << 70) == "/p -V 1180591620717411303424"


def test_nothing_is_left_of_what_is_not_said() -> None:
    source = "/p {% if value %} -s {{ value }} {% else %} -n {% endif %} end"
    assert rendered(source, value="a") == "/p -s a end"
    assert rendered(source, value="") == "/p -n end"
    assert rendered("/p {{ value }}", value=()) == "/p"


OFFENCES = {
    **{f"character {character!r}": f"/p a{character}b" for character in "'\"\\$`;|&<>()*?[]~#!^{}\t\r\n\0é"},
    "placeholder in quotes": "/p '{{ value }}'",
    "placeholder in double quotes": '/p "{{ value }}"',
    "text before a placeholder": "/p tank/{{ value }}",
    "text after a placeholder": "/p {{ value }}@s",
    "text after a prefixed placeholder": "/p a={{ value }}b",
    "two placeholders in one word": "/p {{ value }}{{ value }}",
    "two placeholders after one prefix": "/p a={{ value }}{{ value }}",
    "placeholder before the prefix": "/p {{ value }}={{ value }}",
    "two prefixes": "/p a={{ value }}b={{ value }}",
    "bare equals sign": "/p ={{ value }}",
    "tag against a word": "/p a{% if value %} b {% endif %}",
    "tag against a prefix": "/p a={% if value %} {{ value }} {% endif %}",
    "tag against a placeholder": "/p {% if value %}{{ value }} {% endif %}",
    "whitespace control that glues": "/p a={%- if value %} {{ value }} {% endif %}",
    "placeholder as program": "{{ value }} a",
    "optional program": "{% if value %} /p {% endif %} a",
    "program without path": "zfs list",
    "assignment before the program": "PATH=/tmp /p",
    "no program": "",
    "blank before the program": " /p",
    "raw text": "/p {% raw %}$x{% endraw %}",
    "filter block": "/p {% filter upper %} {{ value }} {% endfilter %}",
    "set block": "/p {% set x %} {{ value }} {% endset %} {{ x }}",
    "assignment": "/p {% set x = value %} {{ x }}",
    "macro": "/p {% macro m() %} {{ value }} {% endmacro %}",
    "inclusion": "/p {% include 'other.j2' %}",
    "import": "/p {% import 'other.j2' as other %}",
    "inheritance": "{% extends 'other.j2' %}",
    "block": "/p {% block b %} {{ value }} {% endblock %}",
    "with": "/p {% with x = value %} {{ x }} {% endwith %}",
    "autoescape": "/p {% autoescape true %} {{ value }} {% endautoescape %}",
    "recursive loop": "/p {% for v in value recursive %} {{ v }} {% endfor %}",
    "unknown field": "/p {{ valu }}",
    "unknown field in a condition": "/p {% if valu %} a {% endif %}",
    "no template at all": "/p {{ value",
}


@pytest.mark.parametrize("source", OFFENCES.values(), ids=OFFENCES.keys())
def test_an_unsafe_template_does_not_load(source: str) -> None:
    with pytest.raises(UnsafeTemplate, match=r"^my/template\.j2: .+\.$"):
        compiled(source, SH, SINGLE, "my/template.j2")


def test_the_offence_is_named() -> None:
    with pytest.raises(UnsafeTemplate, match=re.escape("'$' may not stand")):
        compiled("/p $x", SH, SINGLE)
    with pytest.raises(UnsafeTemplate, match=re.escape("'tank/{{…}}' is not one word")):
        compiled("/p tank/{{ value }}", SH, SINGLE)


PIECES = [
    *("a", "-o", "=", "a=", "/", "'", "$", "{{ value }}", "{{ value ~ 'x' }}", "{{ each }}", "{# comment #}"),
    *("{% if value %}", "{% else %}", "{% endif %}", "{% for each in pair %}", "{% endfor %}"),
]
ODD = "V '\"$;`\\"


@settings(max_examples=500, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12), blanks=st.lists(st.booleans(), min_size=12, max_size=12))
def test_what_loads_is_safe(pieces: list[str], blanks: list[bool]) -> None:
    """However pieces are put together: a template that loads passes each value whole, and nothing else."""
    tail = "".join(" " * blank + piece for piece, blank in zip(pieces, blanks, strict=False))
    try:
        template = compiled(f"sd_dump {tail}", SH, frozenset({"value", "pair", "each"}))
    except UnsafeTemplate:
        return
    line = template.render({"value": ODD, "pair": (ODD, ODD + "x"), "each": ODD}, refuse_secret)
    [words] = words_that_arrive("dash", [line])
    for word in words:
        literal, value, rest = word.partition(ODD)
        assert re.fullmatch(r"[ao/=-]+", literal) if not value else re.fullmatch(r"([ao-]+=)?", literal)
        assert rest in {"", "x"}


def test_an_expression_without_a_value_is_refused_when_it_is_used() -> None:
    template = compiled("/p {{ value.missing }}", SH, SINGLE)
    with pytest.raises(jinja2.UndefinedError):
        template.render({"value": "a"}, refuse_secret)
    with pytest.raises(jinja2.UndefinedError):
        compiled("/p {% if value.missing %} a {% endif %}", SH, SINGLE).render({"value": "a"}, refuse_secret)
    with pytest.raises(jinja2.UndefinedError):
        compiled("/p {{ value }}", SH, SINGLE).render({}, refuse_secret)


def test_a_secret_appears_only_as_the_word_that_was_agreed_on() -> None:
    template = compiled("/p -S {{ value }}", SH, SINGLE)
    values = {"value": Secret("hunter2hunter2")}
    assert template.render(values, lambda _: '"$J.s1"') == '/p -S "$J.s1"'
    assert template.render(values, hidden) == "/p -S ***"
    with pytest.raises(InputError, match="no place for") as caught:
        template.render(values, refuse_secret)
    assert "hunter2" not in str(caught.value)
    for word in ("", "a\nb", "a\0b"):
        with pytest.raises(InputError):
            template.render(values, lambda _, word=word: word)  # type: ignore[misc]


@pytest.mark.parametrize("filtered", ["value|string", "value ~ 'x'", "value|upper", "'%s'|format(value)"])
def test_no_expression_reveals_a_secret(filtered: str) -> None:
    template = compiled(f"/p {{{{ {filtered} }}}}", SH, SINGLE)
    assert "hunter2" not in template.render({"value": Secret("hunter2")}, hidden).lower()


def test_cliq_puts_blanks_into_double_quotes() -> None:
    source = "createVolume description={{ value }} output=XML"
    assert rendered(source, CLIQ, value="two  words") == 'createVolume description="two  words" output=XML'
    assert rendered(source, CLIQ, value="") == 'createVolume description="" output=XML'
    assert rendered(source, CLIQ, value="it's=$x\\") == "createVolume description=it's=$x\\ output=XML"
    assert rendered(source, CLIQ, value="\u00a0") == 'createVolume description="\u00a0" output=XML'
    assert rendered(source, CLIQ, value=7) == "createVolume description=7 output=XML"


@pytest.mark.parametrize("value", ['"', 'a"b', 'a" prompt=0 b="', "a;b", ";", "a\rb"])
def test_cliq_refuses_what_it_cannot_say(value: str) -> None:
    with pytest.raises(InputError):
        rendered("deleteVolume volumeName={{ value }}", CLIQ, value=value)


@settings(deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(ALPHABET)))
def test_a_cliq_value_is_one_parameter_or_refused(value: str) -> None:
    try:
        line = rendered("deleteVolume volumeName={{ value }} prompt=0", CLIQ, value=value)
    except InputError:
        assert re.search('[";\\n\\r\\0]', value)
        return
    tokens = re.findall(r'(?:"[^"]*"|[^\s"])+', line)
    assert tokens[0] == "deleteVolume"
    assert tokens[-1] == "prompt=0"
    assert [token.replace('"', "") for token in tokens[1:-1]] == [f"volumeName={value}"]


@pytest.mark.parametrize("source", ["deleteVolume {{ value }}", "deleteVolume {% if value %} {{ value }} {% endif %}"])
def test_a_cliq_placeholder_names_its_parameter(source: str) -> None:
    with pytest.raises(UnsafeTemplate, match="name= before it"):
        compiled(source, CLIQ, SINGLE)


def test_cliq_has_no_paths() -> None:
    with pytest.raises(UnsafeTemplate, match="is no program"):
        compiled("/usr/sbin/zfs list", CLIQ, SINGLE)
