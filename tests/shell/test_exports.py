"""Exports: closed unless said, CHAP secrets in files only, removed after a yes."""

import stat
from pathlib import Path

import pytest

from sanshell.status import Status
from sansim import Simulator
from tests.shell.harness import IQN, OTHER_IQN, Typist


@pytest.fixture(autouse=True)
def volume(typed: Typist) -> None:
    for array in ("hp", "solaris"):
        typed.good(f"volume create db1 1GiB -a {array}")


@pytest.mark.parametrize("array", ["solaris", "hp"])
def test_an_export_is_made_shown_listed_and_removed(typed: Typist, array: str):
    typed.good(f"use {array}")
    made = typed.good(f"export create db1 --initiator {IQN} --format json").json
    assert made["format"] == 1
    assert made["export"]["volume"] == "db1"
    assert made["export"]["initiators"] == [IQN]
    assert made["export"]["target_iqn"].startswith("iqn.")
    assert typed.good("export show db1 --format json").json["export"] == made["export"]
    assert typed.good("export list --format json").json["exports"] == [made["export"]]
    assert IQN in [i["iqn"] for i in typed.good("initiator list --format json").json["initiators"]]
    typed.person.answers = ["yes"]
    typed.good("export remove db1")
    [question] = typed.person.questions
    assert IQN in question
    assert made["export"]["target_iqn"] in question
    assert typed.good("export list --format json").json["exports"] == []


def test_several_initiators_may_be_named(typed: Typist):
    made = typed.good(f"export create db1 --initiator {IQN} --initiator {OTHER_IQN} --lun 7 --format json").json
    assert sorted(made["export"]["initiators"]) == [IQN, OTHER_IQN]
    assert made["export"]["lun"] == 7


def test_an_export_to_everyone_must_be_said(typed: Typist):
    said = typed("export create db1")
    assert said.status is Status.USAGE
    assert "--anyone" in said.err
    assert typed.good("export create db1 --anyone --format json").json["export"]["initiators"] == "ANYONE"


def test_ensuring_twice_is_no_error_and_creating_twice_is(typed: Typist):
    first = typed.good(f"export ensure db1 --initiator {IQN} --format json").json
    assert typed.good(f"export ensure db1 --initiator {IQN} --format json").json == first
    said = typed(f"export create db1 --initiator {IQN}")
    assert (said.status, said.out) == (Status.FAILED, "")


def test_removing_what_is_not_exported_is_an_error_unless_said_otherwise(typed: Typist):
    assert typed("export remove db1 --yes").status is Status.FAILED
    typed.good("export remove db1 --missing-ok")


def test_an_export_in_use_is_removed_by_force_only_and_for_its_name_typed(typed: Typist, simulator: Simulator):
    target = typed.good(f"export create db1 --initiator {IQN} --format json").json["export"]["target_iqn"]
    simulator["solaris"].solaris.comstar.iscsit.login(IQN, target)
    said = typed("export remove db1")
    assert said.status is Status.FAILED
    assert IQN in said.err
    assert "--force" in said.err
    assert typed.person.questions == []
    typed.person.answers = ["yes"]
    assert typed("export remove db1 --force").status is Status.FAILED
    assert f"In use now, and lost at once, by {IQN}" in typed.person.questions[0]
    typed.person.answers = ["db1"]
    typed.good("export remove db1 --force")


def test_dry_runs_print_the_plan_and_change_nothing(typed: Typist):
    assert "db1" in typed.good(f"export create db1 --initiator {IQN} --dry-run").out
    assert typed.good("export list --format json").json["exports"] == []
    typed.good(f"export create db1 --initiator {IQN}")
    assert "db1" in typed.good("export remove db1 --dry-run").out
    assert len(typed.good("export list --format json").json["exports"]) == 1


@pytest.mark.parametrize("array", ["solaris", "hp"])
def test_a_secret_that_is_made_goes_to_a_private_file_and_nowhere_else(typed: Typist, array: str, home: Path):
    typed.good(f"use {array}")
    who = f"--initiator {IQN}" if array == "solaris" else ""
    file = home / "made"
    made = typed.good(f"export create db1 {who} --chap --save-secret {file} --format json")
    secret = file.read_text().removesuffix("\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(secret) >= 12
    assert made.json["export"]["chap"].keys() == {"user"}
    assert str(file) in made.err
    everything = (
        made.out
        + made.err
        + "".join(
            said.out + said.err
            for form in ("table", "json", "csv", "yaml")
            for what in ("export list", "export show db1", "initiator list", "ran")
            for said in [typed.good(f"{what} --format {form}")]
        )
    )
    assert secret not in everything


def test_a_secret_that_is_made_gets_a_file_without_being_told_where(typed: Typist, home: Path):
    typed.good(f"export create db1 --initiator {IQN} --chap")
    [file] = (home / "state" / "sanshell" / "secrets").iterdir()
    assert len(file.read_text()) >= 13


def test_a_file_that_is_there_is_not_overwritten_with_a_secret(typed: Typist, home: Path):
    file = home / "made"
    file.write_text("precious")
    said = typed(f"export create db1 --initiator {IQN} --chap --save-secret {file}")
    assert said.status is Status.USAGE
    assert file.read_text() == "precious"
    assert typed.good("export list --format json").json["exports"] == []


def test_a_secret_file_is_not_left_behind_by_a_refusal(typed: Typist, home: Path):
    file = home / "made"
    assert typed(f"export create nothere --initiator {IQN} --chap --save-secret {file}").status is Status.FAILED
    assert not file.exists()


def test_a_secret_may_be_given_in_a_file(typed: Typist, home: Path):
    file = home / "secret"
    file.write_text("fourteen-chars\n")
    made = typed.good(f"export create db1 --initiator {IQN} --chap-user bob --chap-secret-file {file} --format json")
    assert made.json["export"]["chap"] == {"user": "bob"}
    assert "fourteen-chars" not in made.out + made.err + typed.good("ran").out


@pytest.mark.parametrize(
    "options",
    ["--chap-user bob", "--chap-secret-file f", "--save-secret f", "--chap --chap-user bob", "--anyone --initiator x"],
)
def test_options_that_contradict_each_other_are_refused(typed: Typist, options: str):
    said = typed(f"export create db1 {options}")
    assert (said.status, said.out) == (Status.USAGE, "")
    assert said.err
