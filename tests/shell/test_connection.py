"""Connecting, choosing, and what is not kept of it."""

from pathlib import Path

import pytest

from sanshell.status import Status
from sansim import Simulator
from tests.shell.harness import Typist


def test_without_an_array_commands_say_how_to_get_one(lonely: Typist):
    said = lonely("volume list")
    assert (said.status, said.out) == (Status.USAGE, "")
    assert "connect" in said.err


def test_connect_asks_for_the_password_and_makes_the_array_current(lonely: Typist, simulator: Simulator):
    array = simulator["hp"]
    lonely.person.answers = [array.password]
    said = lonely.good(f"connect {array.url} --host-key '{array.host_key}' --as mine")
    assert said.out == ""
    assert array.url in lonely.person.questions[0]
    assert lonely.good("arrays --format json").json == {
        "format": 1,
        "arrays": [{"name": "mine", "url": array.url, "current": True}],
    }
    lonely.good("volume list")


def test_connect_takes_the_password_from_a_file(lonely: Typist, simulator: Simulator, home: Path):
    array = simulator["solaris"]
    (home / "password").write_text(f"{array.password}\n")
    lonely.good(f"connect {array.url} --host-key '{array.host_key}' --password-file {home / 'password'}")
    lonely.good("info")


def test_connect_takes_password_and_host_key_from_the_environment(
    lonely: Typist, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
):
    array = simulator["solaris"]
    monkeypatch.setenv("SANSDK_PASSWORD", array.password)
    monkeypatch.setenv("SANSDK_HOST_KEY", array.host_key)
    lonely.good(f"connect {array.url}")


def test_a_wrong_password_is_one_sentence(lonely: Typist, simulator: Simulator):
    array = simulator["solaris"]
    lonely.person.answers = ["wrong"]
    said = lonely(f"connect {array.url} --host-key '{array.host_key}'")
    assert said.status is Status.FAILED
    assert "Traceback" not in said.err
    assert "wrong" not in said.err


def test_an_unknown_host_key_is_refused_with_its_fingerprint(lonely: Typist, simulator: Simulator):
    said = lonely(f"connect {simulator['solaris'].url}")
    assert said.status is Status.FAILED
    assert "SHA256:" in said.err


def test_a_password_in_a_url_is_refused_and_not_repeated(lonely: Typist):
    said = lonely("connect solaris://admin:hunter2@127.0.0.1/tank")
    assert said.status is Status.USAGE
    assert "hunter2" not in said.err
    assert "--password-file" in said.err


def test_use_changes_where_commands_go_and_the_option_does_so_once(typed: Typist):
    typed.good("volume create here 1GiB")
    typed.good("volume create there 1GiB -a hp")
    typed.good("use hp")
    assert [v["name"] for v in typed.good("volume list --format json").json["volumes"]] == ["there"]
    assert [v["name"] for v in typed.good("volume list -a solaris --format json").json["volumes"]] == ["here"]
    typed.shell.pre_prompt()
    assert typed.shell.visible_prompt == "hp> "


def test_an_array_that_is_not_connected_is_named_with_those_that_are(typed: Typist):
    for said in (typed("use other"), typed("volume list -a other")):
        assert said.status is Status.USAGE
        assert "solaris, hp" in said.err
