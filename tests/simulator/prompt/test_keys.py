"""What keys do at a terminal: on the prompt's line, in its questions, and under a single command."""

import paramiko
import pytest

from sansim import SimulatedArray
from tests.simulator.prompt.typist import CREATE, HEADING, QUESTION, SUPPORT_ONLY, VERSION, XML, shell, talk, until


def test_what_is_typed_at_a_terminal_is_shown_once(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"getVolu")
    assert until(channel, "getVolu") == ["getVolu"]
    channel.sendall(b"meInfo volumeName=v9\r")
    answer = until(channel, "CLIQ>")
    assert answer[:6] == ["meInfo volumeName=v9", *HEADING, "RESPONSE"]
    assert answer[-3:] == [" description    Volume 'v9' not found.", "", "CLIQ>"]


def test_the_reply_to_a_question_is_not_shown(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"deleteVolume volumeName=v9\r")
    until(channel, "(y/n)\r\n")
    channel.sendall(b"y\r")
    assert until(channel, "CLIQ>")[:3] == ["", "RESPONSE", " result         8000100c"]


def test_a_utility_asks_on_a_line_that_shows_the_reply(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(f"{VERSION}\r".encode())
    asked = until(channel, "(y/n)? ")
    assert asked == [VERSION, *HEADING, SUPPORT_ONLY, "Are You Sure (y/n)? "]
    channel.sendall(b"y\r")
    answered = until(channel, "CLIQ>")
    assert answered[:4] == ["y", "", "RESPONSE", " result         0"]
    assert answered[-7:] == ["", "  UTILITY", "   result   0", "   exitCode 0", "12.6.00.0155", "", "CLIQ>"]


def test_a_reply_typed_ahead_is_shown_where_replies_are(client: paramiko.SSHClient) -> None:
    pieces = talk(client, f"{VERSION}\nn\nexit\n")
    place = pieces.index(SUPPORT_ONLY)
    assert pieces[place + 1 : place + 5] == ["Are You Sure (y/n)? n", "", "RESPONSE", " result         3"]


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


def test_keys_that_move_the_cursor_move_nothing(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"getSys\x1b[A\x1b[1;5Dtem\x1bOCInfo\x1b[3~\r")
    answer = until(channel, "CLIQ>")
    assert answer[0] == "getSystemInfo"
    assert " name           CliqSuccess" in answer


def test_tab_completes_a_command_and_its_parameters(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"DELETEV\t")
    assert until(channel, " ") == ["DELETEVolume "]
    channel.sendall(b"\t")
    assert until(channel, "CLIQ>DELETEVolume ") == ["", "volumeName  prompt  output", "CLIQ>DELETEVolume "]
    channel.sendall(b"v\t")
    assert until(channel, "=") == ["volumeName="]
    channel.sendall(b"v9 p\t0\r")
    answer = until(channel, "CLIQ>")
    assert answer[0] == "v9 prompt=0"
    assert " description    Volume 'v9' not found." in answer


def test_tab_leaves_values_questions_and_strange_words_alone(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"nonsense \tx\t\r")
    assert until(channel, "CLIQ>")[0] == "nonsense x"
    channel.sendall(b"getVolumeInfo volumeName=\tv9\t\r")
    assert until(channel, "CLIQ>")[0] == "getVolumeInfo volumeName=v9"
    channel.sendall(b"utility\r")
    until(channel, "(y/n)? ")
    channel.sendall(b"\tn\t\r")
    assert until(channel, "CLIQ>")[0] == "n"


def test_pasted_commands_are_answered_one_behind_the_other(client: paramiko.SSHClient) -> None:
    lines = ["getSystemInfo", "getVolumeInfo volumeName=v8", "getVolumeInfo volumeName=v9"]
    pieces = talk(client, "".join(f"{line}\r\n" for line in [*lines, "exit"]))
    assert [piece for piece in pieces if piece.startswith("CLIQ>")][1:] == [f"CLIQ>{line}" for line in [*lines, "exit"]]
    ends = [piece for piece in pieces if piece.startswith(" description")]
    assert ends == [
        " description    Operation succeeded.",
        " description    Volume 'v8' not found.",
        " description    Volume 'v9' not found.",
    ]


def test_an_end_key_behind_pasted_lines_ends_the_login(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    channel.sendall(b"getSystemInfo\ngetSystemInfo\n\x04")
    output: bytes = channel.makefile("rb").read()
    assert output.count(b"saniqVersion") == 2
    assert channel.recv_exit_status() == 0


def test_a_session_may_be_long_and_its_window_change(array: SimulatedArray, client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    for number in range(120):
        channel.resize_pty(width=40 + number, height=24)
        channel.sendall(f"getVolumeInfo volumeName=v{number}\r".encode())
        assert f" description    Volume 'v{number}' not found." in until(channel, "CLIQ>")
    channel.sendall(b"!101\r")
    assert until(channel, "CLIQ>")[:2] == ["!101", "getVolumeInfo volumeName=v100"]
    channel.sendall(b"exit\r")
    assert channel.recv_exit_status() == 0
    array.log.quiet()
    assert len(array.log[-1].programs) == 121


def exec_at_a_terminal(client: paramiko.SSHClient, line: str, reply: str = "") -> tuple[list[str], int]:
    transport = client.get_transport()
    assert transport is not None
    channel = transport.open_session()
    channel.settimeout(10)
    channel.get_pty()
    channel.exec_command(line)
    output = until(channel, "(y/n)\r\n") if reply else [""]
    channel.sendall(reply.encode())
    rest: bytes = channel.makefile("rb").read()
    assert b"\n" not in rest.replace(b"\r\n", b"")
    return [*output[:-1], *rest.decode().split("\r\n")], channel.recv_exit_status()


@pytest.mark.parametrize(("reply", "result", "status"), [("y\r", "0", 0), ("n\r", "3", 3), ("\x03", "3", 3)])
def test_a_single_command_with_a_terminal_asks(
    array: SimulatedArray, client: paramiko.SSHClient, reply: str, result: str, status: int
) -> None:
    exec_at_a_terminal(client, CREATE)
    pieces, ended = exec_at_a_terminal(client, "deleteVolume volumeName=v1", reply)
    if reply == "\x03":
        pieces.remove("^C")
    assert pieces[:8] == [*HEADING, QUESTION, "", "RESPONSE", f" result         {result}"]
    assert pieces[-3:] == [f" description    Operation {'abandoned' if status else 'succeeded'}.", "", ""]
    assert ended == status
    assert list(array.lefthand.group.tables.volumes) == (["v1"] if status else [])


def test_a_single_command_with_a_terminal_has_no_prompt_and_no_greeting(client: paramiko.SSHClient) -> None:
    pieces, status = exec_at_a_terminal(client, "getSystemInfo output=XML")
    assert (pieces[0], pieces[-2:], status) == (XML, ["</gauche>", "    "], 0)
    pieces, status = exec_at_a_terminal(client, "getVolumeInfo volumeName=v9")
    assert (pieces[:5], pieces[-2:], status) == ([*HEADING, "RESPONSE"], ["", ""], 139)
