"""What the prompt answers, asks and remembers."""

import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from tests.simulator.prompt.typist import CREATE, HEADING, QUESTION, SUPPORT_ONLY, XML, login, shell, talk, until


def test_a_client_that_drops_eight_pieces_and_three_keeps_the_answer(client: paramiko.SSHClient) -> None:
    kept = talk(client, "getSystemInfo\nexit\n")[8:-3]
    assert kept[:6] == [*HEADING, "RESPONSE", " result         0"]
    assert kept[8:] == [" description    Operation succeeded.", "", "  INFO", "   saniqVersion 12.6.00.0155"]


def test_a_client_that_drops_eight_pieces_and_three_keeps_a_refusal(client: paramiko.SSHClient) -> None:
    kept = talk(client, "getSnapshotInfo snapshotName=none\nexit\n")[8:-3]
    assert kept[:6] == [*HEADING, "RESPONSE", " result         80001011"]
    assert kept[-1] == " description    Snapshot 'none' not found."


def test_it_greets_and_prompts_before_anything_is_typed(client: paramiko.SSHClient) -> None:
    greeted = until(shell(client), "CLIQ>")
    assert greeted[-4:] == [
        "HPE StoreVirtual LeftHand OS Command Line Interface, v12.6.00.0155 (type exit to quit)",
        "(C) Copyright 2016 Hewlett Packard Enterprise Development LP",
        "",
        "CLIQ>",
    ]


def test_without_a_terminal_nothing_typed_is_shown(client: paramiko.SSHClient) -> None:
    pieces = talk(client, "getSystemInfo\nexit\n", terminal=False)
    assert "getSystemInfo" not in "".join(pieces)
    assert pieces[5:9] == ["CLIQ>", *HEADING[1:]]
    assert pieces[-2:] == ["", "CLIQ>"]


def test_an_xml_answer_has_no_banner_and_stands_between_empty_lines(client: paramiko.SSHClient) -> None:
    kept = talk(client, "getSystemInfo output=XML\nexit\n")[8:-3]
    assert kept[:3] == [
        "",
        XML,
        '<gauche version="1.0">',
    ]
    assert kept[-2:] == ["</gauche>", "    "]


@pytest.mark.parametrize(("reply", "result", "left"), [("y", "0", []), ("n", "3", ["v1"]), ("", "3", ["v1"])])
def test_an_irreversible_command_asks(
    array: SimulatedArray, client: paramiko.SSHClient, reply: str, result: str, left: list[str]
) -> None:
    channel = shell(client, terminal=False)
    until(channel, "CLIQ>")
    channel.sendall(f"{CREATE}\n".encode())
    until(channel, "CLIQ>")
    channel.sendall(b"deleteVolume volumeName=v1\n")
    assert until(channel, "(y/n)\r\n") == [*HEADING, QUESTION, ""]
    channel.sendall(f"{reply}\n".encode())
    assert until(channel, "CLIQ>")[:3] == ["", "RESPONSE", f" result         {result}"]
    assert list(array.lefthand.group.tables.volumes) == left


def test_the_end_of_the_input_is_no_yes(array: SimulatedArray, client: paramiko.SSHClient) -> None:
    talk(client, f"{CREATE}\ndeleteVolume volumeName=v1\n")
    assert "v1" in array.lefthand.group.tables.volumes


def test_a_command_told_not_to_ask_and_a_malformed_one_do_not(client: paramiko.SSHClient) -> None:
    pieces = talk(client, f"{CREATE}\ndeleteVolume volumeName=v1 prompt=0\ndeleteVolume\nexit\n")
    assert QUESTION not in pieces
    assert " result         80001006" in pieces


def test_history_is_listed_and_recalled(array: SimulatedArray, client: paramiko.SSHClient) -> None:
    pieces = talk(client, f"{CREATE}\ngetSystemInfo\n!#\n!1\n!7\nexit\n", terminal=False)
    assert f"CLIQ>    1  {CREATE}" in pieces
    assert "    2  getSystemInfo" in pieces
    assert " name           CliqVolumeExists" in pieces
    assert "CLIQ>!7: no such command" in pieces
    array.log.quiet()
    assert array.log[-1].programs == (CREATE, "getSystemInfo", CREATE)


def test_help_has_chapters_without_banner_and_response(client: paramiko.SSHClient) -> None:
    pieces = talk(client, "help\nexit\n")[8:-3]
    assert pieces[:2] == ["", "SYNTAX"]
    assert "COMMAND REFERENCE" in pieces
    assert "RESPONSE" not in pieces


def test_an_empty_line_only_prompts_again(client: paramiko.SSHClient) -> None:
    assert talk(client, "\n\nexit\n", terminal=False)[-1] == "CLIQ>CLIQ>CLIQ>"


def test_a_login_is_one_item_of_the_log(array: SimulatedArray, client: paramiko.SSHClient) -> None:
    talk(client, "getSystemInfo\ngetClusterInfo\nexit\n")
    array.log.quiet()
    (item,) = array.log
    assert (item.text, item.status, item.programs) == ("", 0, ("getSystemInfo", "getClusterInfo"))


def test_a_refusal_of_a_utility_comes_after_the_question(client: paramiko.SSHClient) -> None:
    pieces = talk(client, "utility run=rm\ny\nutility run=rm prompt=0\nexit\n")
    assert pieces.count(SUPPORT_ONLY) == 1
    assert pieces.count(" description    Utility 'rm' is not allowed.") == 2


@pytest.mark.parametrize(
    ("flavour", "banner", "company"),
    [
        ("8.1", "SAN/iQ Command Line Interface, v8.1.00.0047", "HP"),
        ("9.0", "SAN/iQ Command Line Interface, v9.0.00.3561", "HP"),
        ("10.x", "HP StoreVirtual LeftHand OS Command Line Interface, v10.5.00.0149", "HP"),
        ("11.5", "HP StoreVirtual LeftHand OS Command Line Interface, v11.5.00.0673", "HP"),
        ("12.6", "HPE StoreVirtual LeftHand OS Command Line Interface, v12.6.00.0155", "HPE"),
    ],
)
def test_every_release_greets_answers_and_asks_in_its_own_name(flavour: str, banner: str, company: str) -> None:
    config = ArrayConfig(name="hp", kind="hp", flavour=flavour)
    with Simulator(arrays=(config,), seed=1) as sim, login(sim["hp"]) as client:
        pieces = talk(client, "utility\nn\nexit\n")
    assert f"{banner} (type exit to quit)" in pieces[:5]
    assert pieces.count(banner) == 1
    assert f"This command is recommended for {company} support only." in pieces


@pytest.mark.parametrize("lost", [False, True])
def test_a_last_line_without_a_newline_counts_unless_the_client_is_lost(
    array: SimulatedArray, client: paramiko.SSHClient, *, lost: bool
) -> None:
    channel = shell(client, terminal=False)
    channel.sendall(CREATE.encode())
    until(channel, "CLIQ>")
    if lost:
        client.close()
    else:
        channel.shutdown_write()
        channel.makefile("rb").read()
    array.log.quiet()
    assert bool(array.log[-1].programs) is not lost


def test_without_a_terminal_a_tab_is_a_blank(client: paramiko.SSHClient) -> None:
    pieces = talk(client, "getVolumeInfo\tvolumeName=v9\nexit\n", terminal=False)
    assert " description    Volume 'v9' not found." in pieces


@pytest.mark.parametrize("recall", ["!0", "!2", "!-1", "!!", "!get", "!1 x", "!²"])
def test_what_history_does_not_have_is_no_command(client: paramiko.SSHClient, recall: str) -> None:
    pieces = talk(client, f"getSystemInfo\n{recall}\nexit\n", terminal=False)
    assert f"CLIQ>{recall}: no such command" in pieces
    assert pieces.count(" name           CliqSuccess") == 1


def test_a_recalled_command_asks_again_and_is_history_too(array: SimulatedArray, client: paramiko.SSHClient) -> None:
    pieces = talk(client, f"{CREATE}\ndeleteVolume volumeName=v1\nn\n!2\ny\n!#\nexit\n", terminal=False)
    assert pieces.count(QUESTION) == 2
    assert "    3  deleteVolume volumeName=v1" in pieces
    assert not list(array.lefthand.group.tables.volumes)


def test_help_tells_every_command_with_its_parameters_and_every_published_code(client: paramiko.SSHClient) -> None:
    pieces = talk(client, "help\nexit\n", terminal=False)
    titles = [piece for piece in pieces if piece.isupper() and not piece.startswith((" ", "CLIQ"))]
    assert titles[:2] == ["SYNTAX", "PARAMETER ORDERING"]
    assert titles[-2:] == ["COMMAND REFERENCE", "ERROR CODES"]
    reference = pieces[pieces.index("COMMAND REFERENCE") : pieces.index("ERROR CODES")]
    assert " deleteVolume volumeName= [prompt=] [output=]" in reference
    assert " getVolumeInfo [volumeName=] [verbose=] [output=]" in reference
    codes = pieces[pieces.index("ERROR CODES") :]
    for known in (
        " 0           0  CliqSuccess",
        " 5           5  CliqSnapshotSet",
        " 8000100c  139  CliqVolumeNotFound",
    ):
        assert known in codes


def test_help_of_a_release_before_adaptive_optimization_does_not_tell_of_it() -> None:
    told = {}
    for flavour in ("10.x", "11.5"):
        config = ArrayConfig(name="hp", kind="hp", flavour=flavour)
        with Simulator(arrays=(config,), seed=1) as sim, login(sim["hp"]) as client:
            told[flavour] = "adaptiveOptimization" in "".join(talk(client, "help\nexit\n", terminal=False))
    assert told == {"10.x": False, "11.5": True}
