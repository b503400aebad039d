"""The page of every command and option: how it reads usage texts and transcripts, and that it has no gaps."""

import pytest

from docs._ext.standing.page import items, markdown, unshown
from docs._ext.standing.probes import probe
from docs._ext.standing.shown import uses
from docs._ext.standing.synopses import Option, Subcommand, synopsis

CREATE = Subcommand(
    "create", ("create [-p] <filesystem>",), (Option("-p"), Option("-o", "property=value"), Option("-V", "<size>"))
)
LIST_LU = Subcommand("list-lu", ("list-lu [OPTIONS] [LU-name ...]",), (Option("-v", long="--verbose"),))
OFFERED = {"zfs": (CREATE,), "stmfadm": (LIST_LU,)}


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("destroy [-fnpRrv] <filesystem|volume>", ["-f", "-n", "-p", "-R", "-r", "-v"]),
        ("create [-ps] [-o property=value] ... -V <size> <volume>", ["-p", "-s", "-o property=value", "-V <size>"]),
        ("list [-Hp] [-r|-d max] [-s property]...", ["-H", "-p", "-r", "-d max", "-s property"]),
        ("send [-Dn] [-[iI] snapshot] <snapshot>", ["-D", "-n", "-i snapshot", "-I snapshot"]),
        ("rename -r <snapshot> <snapshot>", ["-r"]),
        ("unshare <-a | filesystem|mountpoint>", ["-a"]),
        ("checkpoint [--discard] <pool> ...", ["--discard"]),
        ("iostat [[-lq]|-rw] [-T d | u] [[-n] interval [count]]", ["-l", "-q", "-r", "-w", "-T d | u", "-n"]),
        ("import [-d dir | -c cachefile] [-F [-n]] -a", ["-d dir", "-c cachefile", "-F", "-n", "-a"]),
    ],
)  # fmt: skip
def test_options_are_read_out_of_a_synopsis(form: str, options: list[str]):
    (row,) = synopsis("zfs", f"usage: zfs command args ...\n\n\t{form}\n")
    assert [f"{option.name} {option.argument}".rstrip() for option in row.options] == options


def test_a_detailed_usage_has_long_options():
    (row,) = synopsis(
        "stmfadm",
        "Usage:\tstmfadm -?,-V\n\nUsage:\tstmfadm list-lu [OPTIONS] [LU-name ...]\n\tOPTIONS:\n\t\t-v, --verbose  \n",
    )
    assert row == LIST_LU


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("zfs create -p tank/a", ["zfs create -p"]),
        ("zfs create -o a:b=-p -V 1G tank/v -p", ["zfs create -o -V"]),
        ("pfexec /usr/sbin/zfs create -po x=y t | grep zfs create", ["zfs create -p -o"]),
        ("for v in $(stmfadm list-lu 0 --verb); do :; done", ["stmfadm list-lu -v"]),
        ("bash -c 'A=1 sudo -n stmfadm LIST-LU -v' && zfs create x", ["stmfadm list-lu -v", "zfs create"]),
        ("echo zfs create", []),
        ("zfs nope -p", []),
    ],
)
def test_a_line_shows_what_it_runs(line: str, found: list[str]):
    names = [" ".join(use).split() for use in uses(line, OFFERED)]
    commands = [words for words in names if len(words) == 2]
    options = [[words[2] for words in names if words[:2] == command and len(words) > 2] for command in commands]
    assert [" ".join([*command, *used]) for command, used in zip(commands, options, strict=True)] == found


def test_a_probe_is_made_of_the_synopsis():
    row = Subcommand("userspace", ("userspace [-Hinp] [-o field[,...]] <filesystem|snapshot>",), ())
    assert probe("zfs", row, Option("-H")) == "zfs userspace -H tank/v@a"


def test_every_option_that_the_host_offers_is_shown_or_refused():
    assert unshown(items()) == []


def test_the_page_has_a_table_for_each_program_and_flavour():
    page = markdown()
    for heading in ("## zfs", "## itadm", "### solaris11", "### openzfs"):
        assert f"\n{heading}\n" in page
    assert "- not on this host: stmfadm, sbdadm, itadm, svcs, svcadm, svcprop" in page
