"""CLIQ command lines by chance: whole ones that a model understands, and ones that nothing may come of."""

import string
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from attrs import frozen
from hypothesis import strategies as st

__all__ = ["ASKING", "FORMS", "INITIATORS", "READS", "Typed", "changes", "junk", "reads"]

INITIATORS: Final = ("iqn.1993-08.org.debian:01:a", "iqn.1993-08.org.debian:01:b", "iqn.1998-01.com.vmware:Esx-1")
VOLUMES: Final = ("v1", "v2", "V1", "c1", "c2")
SNAPSHOTS: Final = ("s1", "s2", "s3", "v2")
SERVERS: Final = ("host1", "Host1", "web")
SCHEDULES: Final = ("hourly", "daily")
CLUSTERS: Final = ("Cluster01", "Cluster01", "Cluster01", "cluster01", "none")
DESCRIPTIONS: Final = ("", "plain", "two words", "<&>'; x=1", "Größe ü", "  wide  open  ", "100%")
SIZES: Final = ("1GB", "2gb", "512MB", "1KB", "300KB", "3GB", "40GB", "1TB")
SECRETS: Final = ("correct-horse-1", "battery-staple", "a" * 16)

_FLAGS: Final = ("0", "1", "true", "FALSE")
_GOOD: Final[Mapping[str, Sequence[str]]] = {
    "volumeName": VOLUMES,
    "snapshotName": SNAPSHOTS,
    "serverName": SERVERS,
    "scheduleName": SCHEDULES,
    "clusterName": CLUSTERS,
    "description": DESCRIPTIONS,
    "size": SIZES,
    "replication": ("1", "2"),
    "thinProvision": ("0", "1", "1", "1", "2"),
    "initiator": (*INITIATORS, *(f"{one};{other}" for one in INITIATORS for other in INITIATORS)),
    "accessRights": ("rw", "r", "w"),
    "chapName": ("chapuser", "other"),
    "targetSecret": SECRETS,
    "initiatorSecret": SECRETS,
    "exclusiveAccess": ("0",),
    "inheritAccess": _FLAGS,
    "adaptiveOptimization": _FLAGS,
    "recurPeriod": ("1800", "3600"),
    "startTime": ("2025-12-31T00:00:00Z", "2026-01-01T01:00:00Z"),
    "retentionCount": ("1", "3", "50"),
    "paused": _FLAGS,
}
_BAD: Final[Mapping[str, Sequence[str]]] = {
    "size": ("0GB", "1", "-1GB", "1.5GB", "GB", "1XB", "1G", "9999999999999999999PB"),
    "replication": ("0", "5", "two", "-1"),
    "thinProvision": ("3", "yes"),
    "accessRights": ("rwx", "x"),
    "targetSecret": ("short", "a" * 17),
    "initiatorSecret": ("short", "a" * 17),
    "inheritAccess": ("2", "maybe"),
    "recurPeriod": ("1799", "0", "x"),
    "startTime": ("yesterday", "2026-02-30T00:00:00Z"),
    "retentionCount": ("0", "51"),
    "paused": ("2",),
}
_BAD_NAMES: Final = ("two words", "ü", "a/b", "x" * 128, "a*")
_NAMED: Final[Mapping[str, str]] = {
    "createVolume": "volumeName",
    "createSnapshot": "snapshotName",
    "cloneSnapshot": "volumeName",
    "createServer": "serverName",
}
"""What makes something, and the parameter that names it."""


@frozen
class Form:
    """The parameters of a command: those that it must have and those that it may have."""

    verb: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


FORMS: Final[Mapping[str, Form]] = {
    form.verb: form
    for form in (
        Form(
            "createVolume",
            ("volumeName", "clusterName", "size"),
            ("replication", "thinProvision", "adaptiveOptimization", "description"),
        ),
        Form("modifyVolume", ("volumeName",), ("size", "description", "replication", "thinProvision")),
        Form("deleteVolume", ("volumeName",)),
        Form("createSnapshot", ("snapshotName", "volumeName"), ("description", "inheritAccess")),
        Form("deleteSnapshot", ("snapshotName",)),
        Form("cloneSnapshot", ("snapshotName", "volumeName"), ("description",)),
        Form("rollbackSnapshot", ("snapshotName",)),
        Form("createServer", ("serverName", "initiator"), ("description",)),
        Form("modifyServer", ("serverName",), ("initiator", "description")),
        Form("deleteServer", ("serverName",)),
        Form("makeRemote", ("volumeName", "snapshotName")),
        Form("makePrimary", ("volumeName",)),
        Form("createSnapshotSchedule", ("volumeName", "scheduleName", "recurPeriod", "startTime", "retentionCount")),
        Form("modifySnapshotSchedule", ("scheduleName", "paused")),
        Form("deleteSnapshotSchedule", ("scheduleName",)),
        Form("assignVolume", ("volumeName", "initiator"), ("accessRights", "exclusiveAccess")),
        Form("assignVolumeChap", ("volumeName", "chapName", "targetSecret"), ("initiatorSecret", "accessRights")),
        Form("assignVolumeToServer", ("volumeName", "serverName")),
        Form("unassignVolume", ("volumeName",)),
        Form("unassignVolumeChap", ("volumeName",)),
        Form("unassignVolumeToServer", ("volumeName", "serverName")),
    )
}
"""The commands that change a group and that the model understands."""

READS: Final[Mapping[str, Form]] = {
    form.verb: form
    for form in (
        Form("getVolumeInfo", (), ("volumeName", "verbose")),
        Form("getSnapshotInfo", ("snapshotName",)),
        Form("getServerInfo", ("serverName",)),
        Form("getClusterInfo", (), ("clusterName", "searchDepth", "verbose")),
        Form("getSnapshotScheduleInfo", ("scheduleName",)),
        Form("getRemoteSnapshotInfo", (), ("snapshotName",)),
        Form("getServerVolumeInfo", (), ("serverName",)),
        Form("getLocalVolumes", ()),
        Form("getGroupInfo", (), ("searchDepth", "verbose")),
        Form("getNsmInfo", ()),
        Form("getAdminInfo", ()),
        Form("getPerformanceStats", ()),
        Form("getCLIInfo", ()),
        Form("getSystemInfo", ()),
    )
}
_READ_VALUES: Final[Mapping[str, Sequence[str]]] = {
    **_GOOD,
    "volumeName": (*VOLUMES, "v1;v2", "none"),
    "verbose": _FLAGS,
    "searchDepth": ("1", "2", "3", "4"),
}

ASKING: Final = frozenset({"deleteVolume", "deleteSnapshot", "deleteServer", "rollbackSnapshot"})
"""The commands that ask first (seen of deleteVolume, else inferred)."""


@frozen
class Typed:
    """A command line.

    Attributes:
        verb: The command as the manuals spell it.
        values: The parameters under the manuals' names.
        text: How it is typed.
        xml: Whether XML is asked for.
        spoilt: Whether the line breaks the grammar, so that nothing may come of it.
        quiet: Whether it says that nothing is to be asked.
    """

    verb: str
    values: Mapping[str, str]
    text: str
    xml: bool
    spoilt: bool = False
    quiet: bool = False


Word = tuple[str, str]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value or not value else value


_CASES: Final[Sequence[Callable[[str], str]]] = (str, str, str.lower, str.upper)


@st.composite
def _typed(draw: st.DrawFn, form: Form, values: Mapping[str, Sequence[str]], *, spoil: bool) -> Typed:
    chosen = {name: draw(st.sampled_from(values[name])) for name in form.required}
    chosen |= {name: draw(st.sampled_from(values[name])) for name in form.optional if draw(st.booleans())}
    if form.verb == "createSnapshot" and draw(st.integers(0, 5)) == 0:
        chosen |= {"snapshotName": draw(st.sampled_from(("s1;s2", "s2;s3", "s1"))), "volumeName": "v1;v2"}
    words: list[Word] = [(draw(st.sampled_from(_CASES))(name), _quoted(value)) for name, value in chosen.items()]
    xml = draw(st.booleans())
    quiet = form.verb in ASKING and draw(st.integers(0, 3)) > 0
    words += [("output", draw(st.sampled_from(("XML", "xml"))))] if xml else []
    words += [("prompt", draw(st.sampled_from(("0", "false", "FALSE"))))] if quiet else []
    words += draw(st.sampled_from(((), (), (), (("login", "10.0.0.11"), ("userName", "x"), ("passWord", "y")))))
    words = list(draw(st.permutations(words)))
    verb = draw(st.sampled_from(_CASES))(form.verb)
    line = [f"{name}={value}" for name, value in words]
    if draw(st.integers(0, 7)) == 0:
        line.insert(draw(st.integers(0, len(line))), f"method={verb}")
    else:
        line.insert(0, verb)
    if spoil:
        draw(st.sampled_from(_SPOILINGS))(draw, form, chosen, line)
    return Typed(form.verb, chosen, draw(st.sampled_from((" ", " ", "  "))).join(line), xml, spoil, quiet)


def _place(line: list[str], name: str) -> int:
    return next(place for place, word in enumerate(line) if word.lower().startswith(f"{name.lower()}="))


def _without_one(draw: st.DrawFn, form: Form, _: Mapping[str, str], line: list[str]) -> None:
    del line[_place(line, draw(st.sampled_from(form.required)))]


def _with_one_empty(draw: st.DrawFn, form: Form, _: Mapping[str, str], line: list[str]) -> None:
    name = draw(st.sampled_from(form.required))
    line[_place(line, name)] = f"{name}="


def _with_one_twice(draw: st.DrawFn, form: Form, chosen: Mapping[str, str], line: list[str]) -> None:
    name = draw(st.sampled_from(form.required))
    line.append(f"{name.upper()}={_quoted(chosen[name])}")


def _with_a_strange_parameter(_: st.DrawFn, __: Form, ___: Mapping[str, str], line: list[str]) -> None:
    line.append("colour=red")


def _with_a_strange_word(_: st.DrawFn, __: Form, ___: Mapping[str, str], line: list[str]) -> None:
    line.append("please")


def _with_an_open_quote(_: st.DrawFn, __: Form, ___: Mapping[str, str], line: list[str]) -> None:
    line.append('description="never closed')


def _with_a_control_character(draw: st.DrawFn, form: Form, _: Mapping[str, str], line: list[str]) -> None:
    name = draw(st.sampled_from(form.required))
    line[_place(line, name)] = f"{name}=a\x01b"


def _with_a_bad_value(draw: st.DrawFn, form: Form, chosen: Mapping[str, str], line: list[str]) -> None:
    bad = [(name, value) for name in chosen for value in _BAD.get(name, ())]
    bad += [(name, value) for verb, name in _NAMED.items() if verb == form.verb for value in _BAD_NAMES]
    if not bad:
        line.append("prompt=perhaps")
        return
    name, value = draw(st.sampled_from(bad))
    line[_place(line, name)] = f"{name}={_quoted(value)}"


def _of_no_command(_: st.DrawFn, form: Form, __: Mapping[str, str], line: list[str]) -> None:
    line[:] = [word.replace(form.verb, f"{form.verb}s") for word in line]
    if not any(form.verb in word for word in line):
        line.insert(0, f"{form.verb}s")


Spoiling = Callable[[st.DrawFn, Form, Mapping[str, str], list[str]], None]
_SPOILINGS: Final[Sequence[Spoiling]] = (
    _without_one,
    _with_one_empty,
    _with_one_twice,
    _with_a_strange_parameter,
    _with_a_strange_word,
    _with_an_open_quote,
    _with_a_control_character,
    _with_a_bad_value,
    _with_a_bad_value,
    _of_no_command,
)


def changes(*verbs: str) -> st.SearchStrategy[Typed]:
    """Return lines of commands that change a group, one of five spoilt."""
    forms = st.sampled_from([FORMS[verb] for verb in verbs])
    return st.tuples(forms, st.integers(0, 4)).flatmap(lambda drawn: _typed(drawn[0], _GOOD, spoil=not drawn[1]))


def reads() -> st.SearchStrategy[Typed]:
    """Return lines of commands that show something."""
    return st.sampled_from(list(READS.values())).flatmap(lambda form: _typed(form, _READ_VALUES, spoil=False))


def junk() -> st.SearchStrategy[str]:
    """Return lines that are no command at all; a NUL or a newline cannot be typed, `!` recalls."""
    letters = st.characters(blacklist_characters="\0\n\r", blacklist_categories=["Cs"])
    text = st.text(st.one_of(st.sampled_from(string.ascii_letters + ' =";'), letters), min_size=1, max_size=20)
    return text.filter(lambda line: line.strip() and line.strip().split()[0].lower() not in _SPECIAL and line[0] != "!")


_SPECIAL: Final = frozenset({"exit", "help", "utility", "quit"})
