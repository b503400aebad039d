"""Every parser against what arrays print, and against what none would."""

import inspect
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sansdk.commands.base import Command, library
from sansdk.commands.cliq import CliqCommand
from sansdk.errors import UnexpectedOutput
from sansdk.secrets import Secret
from sansdk.transport.base import Answer

CORPUS = Path(__file__).parent / "corpus"
RAW = sorted(CORPUS.rglob("*.raw"))
LIBRARY = library()


def sample_id(raw: Path) -> str:
    return str(raw.relative_to(CORPUS).with_suffix(""))


def name_of(raw: Path) -> str:
    return ".".join(raw.parent.relative_to(CORPUS).parts)


def told(raw: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(raw.with_suffix(".yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def output_of(raw: Path) -> str:
    return raw.read_bytes().decode("utf-8")


def command_of(raw: Path) -> Command[Any]:
    return command(LIBRARY[name_of(raw)], told(raw).get("fields", {}))


def command(kind: type[Command[Any]], fields: dict[str, object]) -> Command[Any]:
    return kind(**{name: argument(name, value) for name, value in fields.items()})


def argument(name: str, value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return Secret(str(value)) if name == "secret" else value


def plain(value: object) -> object:
    """A value as YAML could have said it."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Secret):
        return value.reveal()
    kind = type(value)
    if attrs.has(kind):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(kind)}
    return value


ANSWERS = [raw for raw in RAW if "expected" in told(raw)]
REFUSALS = [raw for raw in RAW if "error" in told(raw)]


def reads_something(kind: type[Command[Any]]) -> bool:
    reader: Callable[..., object] = kind.value if issubclass(kind, CliqCommand) else kind.parse
    return inspect.signature(reader).return_annotation is not None


@pytest.mark.parametrize("raw", ANSWERS, ids=sample_id)
def test_what_arrays_print_is_understood(raw: Path) -> None:
    assert plain(command_of(raw).read(Answer(0, output_of(raw)))) == told(raw)["expected"]


@pytest.mark.parametrize("raw", REFUSALS, ids=sample_id)
def test_a_refusal_becomes_its_error(raw: Path) -> None:
    sample, said, asked = told(raw), output_of(raw), command_of(raw)
    on_stdout = isinstance(asked, CliqCommand)
    answer = Answer(sample["status"], said if on_stdout else "", "" if on_stdout else said)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its exact type is the claim
        asked.read(answer)
    error = caught.value
    assert type(error).__name__ == sample["error"]
    assert {name: plain(getattr(error, name)) for name in sample.get("facts", {})} == sample.get("facts", {})
    assert error.status == sample["status"]  # type: ignore[attr-defined]
    assert asked.title() in str(error)
    decisive = said.split("\n")[0] if not on_stdout else said.split('description="')[1].split('"')[0].rstrip(".")
    assert decisive in str(error)


def test_every_raw_output_has_its_meaning_and_the_other_way_round() -> None:
    assert {raw.with_suffix(".yml") for raw in RAW} == set(CORPUS.rglob("*.yml"))
    assert sorted([*ANSWERS, *REFUSALS]) == RAW


@pytest.mark.parametrize("raw", RAW, ids=sample_id)
def test_every_sample_says_where_it_comes_from(raw: Path) -> None:
    assert told(raw)["provenance"].split(":")[0] in {"source", "seen", "manual", "real", "inferred"}


def test_every_parser_has_a_sample() -> None:
    parsed = {name_of(raw) for raw in ANSWERS}
    own = {name for name, kind in LIBRARY.items() if kind.__module__.startswith("sansdk.") and reads_something(kind)}
    assert own <= parsed


READERS = sorted({name_of(raw): raw for raw in ANSWERS}.items())
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parses_or_says_that_it_does_not(asked: Command[Any], output: str) -> None:
    try:
        asked.parse(output)
    except UnexpectedOutput as error:
        assert error.parser == type(asked).__qualname__  # noqa: PT017 - a value is as good an outcome


@pytest.mark.parametrize(("name", "raw"), READERS, ids=[name for name, _ in READERS])
@FUZZ
@given(output=st.text(st.characters() | st.sampled_from("\t\n :=,<>/\"'0189af-")))
def test_any_text_is_a_value_or_unexpected(name: str, raw: Path, output: str) -> None:
    assert name == name_of(raw)
    parses_or_says_that_it_does_not(command_of(raw), output)


@pytest.mark.parametrize(("name", "raw"), READERS, ids=[name for name, _ in READERS])
@FUZZ
@given(data=st.data())
def test_a_damaged_output_is_a_value_or_unexpected(name: str, raw: Path, data: st.DataObject) -> None:
    whole = output_of(raw)
    start = data.draw(st.integers(0, len(whole)), label="start")
    end = data.draw(st.integers(start, len(whole)), label="end")
    instead = data.draw(st.text(max_size=3) | st.just("9" * 5000), label="instead")
    assert name == name_of(raw)
    parses_or_says_that_it_does_not(command_of(raw), whole[:start] + instead + whole[end:])


@pytest.mark.parametrize(("name", "raw"), READERS, ids=[name for name, _ in READERS])
def test_an_output_that_is_cut_anywhere_is_a_value_or_unexpected(name: str, raw: Path) -> None:
    assert name == name_of(raw)
    asked, whole = command_of(raw), output_of(raw)
    for end in range(len(whole)):
        parses_or_says_that_it_does_not(asked, whole[:end])
