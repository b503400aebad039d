"""How lines are read, how commands end, what Tab offers, what history keeps."""

import signal
from pathlib import Path
from threading import Event

import pytest

from sanshell.status import Status
from tests.shell.harness import Typist


@pytest.mark.parametrize("line", ["nonsense", "volume", "volume nonsense", "volume list --nonsense", 'volume "list'])
def test_a_line_that_is_no_command_is_a_usage_error(typed: Typist, line: str):
    said = typed(line)
    assert (said.status, said.out) == (Status.USAGE, "")
    assert said.err


def test_asking_for_help_is_no_error(typed: Typist):
    assert "create" in typed.good("volume --help").out
    assert "--thick" in typed.good("help volume create").out


def test_a_mistake_of_ours_is_no_success(typed: Typist, monkeypatch: pytest.MonkeyPatch):
    def mistake() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(typed.shell.arrays.get().session, "volumes", mistake)
    said = typed("volume list")
    assert said.status is Status.FAILED
    assert "Traceback" not in said.err


@pytest.mark.parametrize("name", ["a b", "it's", "x>y", "x|y", "x;y", 'say "x"', "#x", "$HOME", "a\\b"])
def test_words_are_passed_on_as_they_are(typed: Typist, name: str):
    said = typed.said(lambda: typed.shell.run(["volume", "show", name]))
    assert said.status is Status.FAILED
    assert f"tank/{name}'" in said.err or repr(name) in said.err


def test_a_word_with_both_quotation_marks_is_refused(typed: Typist):
    assert typed.said(lambda: typed.shell.run(["volume", "show", "'\""])).status is Status.USAGE


def test_a_script_ends_at_the_first_line_that_fails(typed: Typist):
    lines = ["# a remark", "", "volume create one 1GiB", "volume show nope", "volume create two 1GiB"]
    assert typed.shell.run_script(lines) is Status.FAILED
    assert [v["name"] for v in typed.good("volume list --format json").json["volumes"]] == ["one"]


def test_a_script_ends_where_it_says_quit(typed: Typist):
    assert typed.shell.run_script(["volume create one 1GiB", "quit", "volume create two 1GiB"]) is Status.OK
    assert [v["name"] for v in typed.good("volume list --format json").json["volumes"]] == ["one"]


def test_the_shells_format_can_be_set(typed: Typist):
    said = typed.good("set format json")
    assert said.out == ""
    assert typed.good("volume list").json == {"format": 1, "volumes": []}


def test_an_empty_table_says_so_on_standard_error(typed: Typist):
    said = typed.good("volume list")
    assert (said.out, said.err) == ("", "No volumes.\n")


def test_output_can_go_to_a_file(typed: Typist, home: Path):
    typed.good("volume create db1 1GiB")
    typed.good(f"volume list --format csv > {home / 'volumes.csv'}")
    assert "db1" in (home / "volumes.csv").read_text()


def test_tab_offers_commands_options_arrays_and_volumes(typed: Typist):
    typed.good("volume create db1 1GiB")
    typed.good("volume create db2 1GiB -a hp")
    typed.good("volume list")
    assert "volume" in typed.complete("vol")
    assert typed.complete("volume ") == ["create", "delete", "list", "resize", "show"]
    assert "--snapshots" in typed.complete("volume delete --s")
    assert typed.complete("use ") == ["hp", "solaris"]
    assert typed.complete("volume delete d") == ["db1"]
    typed.shell.arrays.get("hp").volume_names.wait(10)
    assert typed.complete("volume show -a hp d") == ["db2"]


def test_tab_knows_at_once_what_was_made_and_deleted_here(typed: Typist):
    typed.good("volume list")
    typed.good("volume create db1 1GiB")
    assert typed.complete("export show ") == ["db1"]
    typed.good("volume delete db1 --yes")
    assert typed.complete("export show ") == []


def test_tab_offers_nothing_where_nothing_is_connected(lonely: Typist):
    assert lonely.complete("volume show ") == []


def test_what_was_no_command_is_not_in_the_history(typed: Typist):
    for line in ("connect solaris://a:hunter2@h/p", "volume list --password hunter2", "hunter2", "volume show nope"):
        typed.shell.onecmd_plus_hooks(line)
    assert [item.raw for item in typed.shell.history] == ["volume show nope"]


def test_ctrl_c_cancels_what_an_array_does_and_gives_up_the_second_time(typed: Typist, monkeypatch: pytest.MonkeyPatch):
    array = typed.shell.arrays.get("solaris")
    cancelled = Event()
    monkeypatch.setattr(array.session, "cancel", cancelled.set)
    with typed.shell.working(array):
        typed.shell.sigint_handler(signal.SIGINT, None)
        assert cancelled.wait(10)
        with pytest.raises(KeyboardInterrupt):
            typed.shell.sigint_handler(signal.SIGINT, None)


def test_ctrl_c_while_no_array_works_just_interrupts(typed: Typist):
    with pytest.raises(KeyboardInterrupt):
        typed.shell.sigint_handler(signal.SIGINT, None)
