"""The array as a whole."""

import pytest

import sansdk
from sanshell.status import Status
from tests.shell.harness import Typist


@pytest.mark.parametrize(("array", "storage"), [("solaris", "tank"), ("hp", "Cluster01")])
def test_info_and_pools_tell_what_is_there(typed: Typist, array: str, storage: str):
    info = typed.good(f"info -a {array} --format json").json["array"]
    assert info["kind"] == array
    [pool] = typed.good(f"pools -a {array} --format json").json["pools"]
    assert pool["name"] == storage
    assert pool["size"] > pool["used"]


@pytest.mark.parametrize("array", ["solaris", "hp"])
def test_a_healthy_array_has_no_problems_and_no_orphans(typed: Typist, array: str):
    checked = typed.good(f"check -a {array}")
    assert (checked.out, checked.err) == ("", "No problems.\n")
    assert typed.good(f"orphans -a {array} --format json").json == {"format": 1, "orphans": []}


def test_ran_lists_what_ran_on_the_array(typed: Typist):
    typed.good("volume create db1 1GiB")
    ran = typed.good("ran --format json").json["commands"]
    assert any("create" in r["command"] and "db1" in r["command"] for r in ran)
    assert all(r["at"].endswith("Z") for r in ran)


def test_a_check_that_finds_problems_says_so_in_its_status(typed: Typist, monkeypatch: pytest.MonkeyPatch):
    session = typed.shell.arrays.get("solaris").session
    monkeypatch.setattr(session, "check", lambda: [sansdk.Problem("down", "It is down.", "Start it.")])
    said = typed("check")
    assert said.status is Status.FAILED
    assert "Start it." in said.out
