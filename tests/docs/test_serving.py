"""The page on `sansim serve`: its examples beside a real simulator, and its reference against the code."""

import re
from pathlib import Path

import attrs
import pytest

from sansim import Simulator
from sansim.cli.main import main
from sansim.config import ArrayConfig, ClusterConfig, UserConfig
from sansim.config_file import read
from sansim.faults import Fault, Latency
from sansim.faults.conditions import CONDITIONS
from tests.docs.test_samples import Page, run_console
from tests.simulator.served import new_home

PAGE = Path(__file__).parents[2] / "docs" / "serving.md"
TEXT = PAGE.read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.split(f"### {title}\n")[1].split("\n#")[0]


def test_the_verbs_print_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blocks = re.findall(
        r"<!-- not run: tests/docs/test_serving.py .* -->\n```console\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL
    )
    assert blocks
    with new_home() as home, home.serve("--seed", "1"):
        for name, value in home.environment.items():
            monkeypatch.setenv(name, value)
        for number, block in enumerate(blocks):
            run_console(Page(PAGE, tmp_path), block, number)


def test_a_simulator_starts_with_each_configuration_of_the_page(tmp_path: Path):
    blocks = re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        file = tmp_path / "arrays.toml"
        file.write_text(block, encoding="utf-8")
        with Simulator(read(file)) as simulator:
            assert list(simulator) == re.findall(r'^\[\[array\]\]\nname = "(.*)"', block, re.MULTILINE)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("An array", ArrayConfig),
        ("A cluster", ClusterConfig),
        ("A user", UserConfig),
        ("A fault", Fault),
        ("A latency", Latency),
    ],
)
def test_the_reference_has_each_key_once_and_no_other(title: str, kind: type[attrs.AttrsInstance]):
    known = [item.name for item in attrs.fields(kind) if item.init]
    assert sorted(re.findall(r"^\| `(\w+)` \|", section(title), re.MULTILINE)) == sorted(known)


def test_the_reference_has_each_condition_with_its_keys():
    found: dict[str, list[str]] = {}
    for kind, key in re.findall(r"^\| (?:`([\w-]+)`)? ?\| `(\w+)` \|", section("A condition"), re.MULTILINE):
        found.setdefault(kind or list(found)[-1], []).append(key)
    assert found == {name: [item.name for item in attrs.fields(kind)] for name, kind in CONDITIONS.items()}


def test_the_page_has_each_option_of_serve_and_each_verb(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    options = set(re.findall(r"^  (--[\w-]+)", capsys.readouterr().out, re.MULTILINE))
    assert set(re.findall(r"^\| `(--[\w-]+)", TEXT, re.MULTILINE)) == options
    with pytest.raises(SystemExit):
        main(["--help"])
    verbs = set(re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE)) - {"starting", "that", "is"}
    assert {"arrays", "faults", "stop"} <= verbs
    for verb in verbs - {"serve", "check"}:
        assert re.search(rf"^\| .*`{verb}\b", TEXT, re.MULTILINE), verb
