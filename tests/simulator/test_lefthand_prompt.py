"""The interactive shell of a LeftHand node, over real SSH."""

from base64 import b64decode
from collections.abc import Iterator

import paramiko
import pytest

from sansim import SimulatedArray, Simulator

HEADING = [
    "",
    "HPE StoreVirtual LeftHand OS Command Line Interface, v12.6.00.0155",
    "(C) Copyright 2016 Hewlett Packard Enterprise Development LP",
    "",
]
QUESTION = "This operation is potentially irreversible.  Are you sure? (y/n)"
CREATE = "createVolume volumeName=v1 clusterName=Cluster01 size=1GB thinProvision=1"


@pytest.fixture
def array() -> Iterator[SimulatedArray]:
    with Simulator(arrays=("hp",), seed=1) as sim:
        yield sim["hp"]


@pytest.fixture
def client(array: SimulatedArray) -> Iterator[paramiko.SSHClient]:
    with paramiko.SSHClient() as client:
        kind, key = array.host_key.split()[:2]
        client.get_host_keys().add(f"[{array.host}]:{array.port}", kind, paramiko.Ed25519Key(data=b64decode(key)))
        client.connect(array.host, array.port, array.username, array.password, allow_agent=False, look_for_keys=False)
        yield client


def shell(client: paramiko.SSHClient, *, terminal: bool = True) -> paramiko.Channel:
    transport = client.get_transport()
    assert transport is not None
    channel = transport.open_session()
    channel.settimeout(10)
    if terminal:
        channel.get_pty()
    channel.invoke_shell()
    return channel


def talk(client: paramiko.SSHClient, typed: str, *, terminal: bool = True) -> list[str]:
    """Type everything at once, read until the shell ends, and return the pieces between CRLFs."""
    channel = shell(client, terminal=terminal)
    channel.sendall(typed.encode())
    channel.shutdown_write()
    output: bytes = channel.makefile("rb").read()
    assert channel.recv_exit_status() == 0
    assert b"\n" not in output.replace(b"\r\n", b"")
    return output.decode().split("\r\n")


def until(channel: paramiko.Channel, end: str) -> list[str]:
    """Read until the output ends so."""
    output = ""
    while not output.endswith(end):
        chunk = channel.recv(4096)
        assert chunk, output
        output += chunk.decode()
    return output.split("\r\n")


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


def test_what_is_typed_at_a_terminal_is_shown_once(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"getVolu")
    assert until(channel, "getVolu") == ["getVolu"]
    channel.sendall(b"meInfo volumeName=v9\r")
    answer = until(channel, "CLIQ>")
    assert answer[:6] == ["meInfo volumeName=v9", *HEADING, "RESPONSE"]
    assert answer[-3:] == [" description    Volume 'v9' not found.", "", "CLIQ>"]


def test_without_a_terminal_nothing_typed_is_shown(client: paramiko.SSHClient) -> None:
    pieces = talk(client, "getSystemInfo\nexit\n", terminal=False)
    assert "getSystemInfo" not in "".join(pieces)
    assert pieces[5:9] == ["CLIQ>", *HEADING[1:]]
    assert pieces[-2:] == ["", "CLIQ>"]


def test_an_xml_answer_has_no_banner_and_stands_between_empty_lines(client: paramiko.SSHClient) -> None:
    kept = talk(client, "getSystemInfo output=XML\nexit\n")[8:-3]
    assert kept[:3] == [
        "",
        '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>',
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


def test_the_reply_to_a_question_is_not_shown(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"deleteVolume volumeName=v9\r")
    until(channel, "(y/n)\r\n")
    channel.sendall(b"y\r")
    assert until(channel, "CLIQ>")[:3] == ["", "RESPONSE", " result         8000100c"]


def test_a_terminal_lets_a_line_be_mended_and_given_up(array: SimulatedArray, client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"getNonsense\x03")
    assert until(channel, "CLIQ>") == ["getNonsense^C", "CLIQ>"]
    channel.sendall(b"getSystemInfp\x7fo\r")
    until(channel, "CLIQ>")
    channel.sendall(b"\x04")
    assert channel.recv_exit_status() == 0
    assert array.log[-1].programs == ("getSystemInfo",)


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
