"""Volumes: listed, made, lost only after a yes."""

import pytest

from sanshell.status import Status
from tests.shell.harness import IQN, Typist

BOTH = pytest.mark.parametrize("array", ["solaris", "hp"])


@BOTH
def test_a_created_volume_is_shown_listed_and_deleted(typed: Typist, array: str):
    made = typed.good(f"volume create db1 10GiB -a {array} --format json").json
    assert made["format"] == 1
    assert made["volume"]["name"] == "db1"
    assert made["volume"]["size"] == 10 << 30
    assert made["volume"]["thin"] is True
    shown = typed.good(f"volume show db1 -a {array} --format json").json
    assert shown["volume"]["name"] == "db1"
    listed = typed.good(f"volume list -a {array} --format json").json
    assert [v["name"] for v in listed["volumes"]] == ["db1"]
    typed.good(f"volume delete db1 -a {array} --yes")
    assert typed.good(f"volume list -a {array} --format json").json["volumes"] == []


@BOTH
def test_a_thick_volume_is_thick(typed: Typist, array: str):
    assert typed.good(f"volume create db1 1GiB --thick -a {array} --format json").json["volume"]["thin"] is False


def test_a_size_may_be_plain_bytes(typed: Typist):
    assert typed.good("volume create db1 1048576 --format json").json["volume"]["size"] == 1 << 20


@BOTH
def test_a_dry_run_prints_the_plan_and_changes_nothing(typed: Typist, array: str):
    typed.good(f"use {array}")
    planned = typed.good("volume create db1 10GiB --dry-run")
    assert "db1" in planned.out
    assert typed.good("volume list --format json").json["volumes"] == []
    typed.good("volume create db2 10GiB")
    planned = typed.good("volume delete db2 --dry-run --format json")
    assert any("db2" in step["text"] for step in planned.json["plan"])
    assert typed.person.questions == []
    assert len(typed.good("volume list --format json").json["volumes"]) == 1


@BOTH
def test_a_volume_grows_at_once_and_shrinks_only_after_a_yes(typed: Typist, array: str):
    typed.good(f"use {array}")
    typed.good("volume create db1 1GiB")
    assert typed.good("volume resize db1 2GiB --format json").json["volume"]["size"] == 2 << 30
    assert typed("volume resize db1 1GiB").status == Status.FAILED
    typed.good("volume resize db1 1GiB --shrink --yes")
    assert typed.good("volume show db1 --format json").json["volume"]["size"] == 1 << 30


def test_deleting_asks_and_says_what_would_be_lost(typed: Typist):
    typed.good("volume create db1 10GiB")
    typed.person.answers = ["yes"]
    typed.good("volume delete db1")
    [question] = typed.person.questions
    assert "db1" in question
    assert "10GiB" in question
    assert "Array solaris, solaris://" in question
    assert typed("volume show db1").status is Status.FAILED


@pytest.mark.parametrize("answer", ["", "no", "y", "db1"])
def test_any_other_answer_than_yes_deletes_nothing(typed: Typist, answer: str):
    typed.good("volume create db1 10GiB")
    typed.person.answers = [answer]
    said = typed("volume delete db1")
    assert said.status is Status.FAILED
    assert said.err == "Nothing was changed.\n"
    typed.good("volume show db1")


def test_where_nobody_can_be_asked_nothing_is_deleted(typed: Typist):
    typed.good("volume create db1 10GiB")
    said = typed("volume delete db1")
    assert said.status is Status.USAGE
    assert "--yes" in said.err
    typed.good("volume show db1")


def test_the_shells_own_yes_is_silent(typed: Typist):
    typed.shell.yes = True
    typed.good("volume create db1 10GiB")
    typed.good("volume delete db1")
    assert typed.person.questions == []


def test_what_cannot_be_deleted_is_not_asked_about(typed: Typist):
    typed.good("volume create db1 10GiB")
    typed.good(f"export create db1 --initiator {IQN}")
    said = typed("volume delete db1")
    assert said.status is Status.FAILED
    assert "export remove" in said.err
    assert typed.person.questions == []


def test_a_missing_volume_is_an_error_unless_said_otherwise(typed: Typist):
    said = typed("volume delete db1 --yes")
    assert (said.status, said.out) == (Status.FAILED, "")
    assert "db1" in said.err
    typed.good("volume delete db1 --missing-ok")
    typed.good("volume delete db1 --missing-ok --yes")


def test_deleting_the_snapshots_too_wants_the_name_typed(typed: Typist):
    typed.good("volume create db1 10GiB")
    typed.person.answers = ["yes", "db1"]
    assert typed("volume delete db1 --snapshots").status is Status.FAILED
    typed.good("volume delete db1 --snapshots")


def test_a_wrong_size_is_one_sentence_with_its_mend(typed: Typist):
    said = typed("volume create db1 10GB")
    assert said.status is Status.FAILED
    assert said.out == ""
    assert "10GiB" in said.err
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1


def test_a_name_that_is_taken_is_refused(typed: Typist):
    typed.good("volume create db1 10GiB")
    said = typed("volume create db1 10GiB")
    assert said.status is Status.FAILED
    assert "db1" in said.err
