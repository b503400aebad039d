"""What the benchmarks say, and how they tell that a bound is missed; what they measure is no matter here."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks.client import Served, constant, hosts, run
from benchmarks.figure import Figure, at_least, at_most, document, table

KEPT = (at_least(0.5, "commands per second", 0.75), at_most(50, "start", 12.345, "ms"))
MISSED = at_most(1, "memory", 1.5, "MiB")


def instead(monkeypatch: pytest.MonkeyPatch, *figures: Figure) -> list[bool]:
    """Let one benchmark find these figures; return a list that tells whether it was asked to be quick."""
    asked: list[bool] = []

    def measure(*, quick: bool) -> Iterable[Figure]:
        asked.append(quick)
        return figures

    monkeypatch.setattr(program, "_BENCHMARKS", {"start": measure})
    return asked


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (at_least(0.5, "x", 0.5), True),
        (at_least(0.5, "x", 0.49), False),
        (at_most(50, "x", 50), True),
        (at_most(50, "x", 50.1), False),
    ],
)
def test_a_bound_itself_is_kept(figure: Figure, holds: bool) -> None:
    assert figure.holds is holds


def test_the_table_names_what_was_missed() -> None:
    lines = table([*KEPT, MISSED]).splitlines()
    assert lines[1].split() == ["commands", "per", "second", "0.75", "x", "at", "least", "0.5"]
    assert lines[2].split() == ["start", "12.35", "ms", "at", "most", "50"]
    assert lines[3].split() == ["memory", "1.50", "MiB", "at", "most", "1", "MISSED"]


def test_the_document_has_a_format_and_all_figures() -> None:
    found = json.loads(json.dumps(document([*KEPT, MISSED], quick=True)))
    assert (found["format"], found["quick"]) == (1, True)
    assert found["machine"].keys() == {"system", "python", "processors"}
    assert found["figures"][2] == {
        "name": "memory",
        "value": 1.5,
        "unit": "MiB",
        "sense": "at most",
        "bound": 1,
        "holds": False,
    }
    assert [figure["holds"] for figure in found["figures"]] == [True, True, False]


@pytest.mark.parametrize(
    ("figures", "arguments", "status"),
    [
        (KEPT, ["--check"], 0),
        ((*KEPT, MISSED), ["--check", "--quick"], 1),
        ((*KEPT, MISSED), ["start"], 0),
    ],
)
def test_only_a_check_fails_and_only_for_a_missed_bound(
    monkeypatch: pytest.MonkeyPatch, figures: tuple[Figure, ...], arguments: list[str], status: int
) -> None:
    asked = instead(monkeypatch, *figures)
    assert program.main(arguments) == status
    assert asked == ["--quick" in arguments]


def test_an_unknown_benchmark_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch)
    with pytest.raises(SystemExit, match="2"):
        program.main(["speed-of-light"])


def test_figures_are_written_to_a_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "figures.json"
    assert program.main(["start", "--quick", "--json", str(written)]) == 0
    (figure,) = json.loads(written.read_text())["figures"]
    assert figure["value"] > 0
    assert capsys.readouterr().out.splitlines()[1].startswith(figure["name"])


async def ask(served: Served, name: str, command: str) -> list[str]:
    async with await served.doors[name].connect() as connection:
        answer = await run(connection, command)
    return answer.splitlines()


def test_hosts_are_served_by_a_process_of_their_own() -> None:
    with hosts({"few": 1, "more": 3}) as served:
        listed = asyncio.run(ask(served, "more", "zfs list -H -o name"))
        assert listed == ["tank", "tank/v000000", "tank/v000001", "tank/v000002"]
        assert len(asyncio.run(ask(served, "few", "zfs list -H -o name"))) == 2
        served.ask("watch")
        asyncio.run(ask(served, "few", "zfs list"))
        assert served.ask("longest slice") > 0
        assert served.ask("MiB at most") > served.ask("MiB taken") > 0
        with pytest.raises(RuntimeError, match=r"zfs list nope: exit 1"):
            asyncio.run(ask(served, "few", "zfs list nope"))


def test_what_they_are_held_against_answers_a_constant() -> None:
    with constant("tank/v\n") as served:
        assert asyncio.run(ask(served, "constant", "whatever")) == ["tank/v"]
