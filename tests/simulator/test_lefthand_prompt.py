"""The interactive shell of a LeftHand node, over real SSH."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator

HEADING = [
    "",
    "HPE StoreVirtual LeftHand OS Command Line Interface, v12.6.00.0155",
    "(C) Copyright 2016 Hewlett Packard Enterprise Development LP",
    "",
]
QUESTION = "This operation is potentially irreversible.  Are you sure? (y/n)"
VERSION = 'utility run="cat /etc/lefthand/.version"'
SUPPORT_ONLY = "This command is recommended for HPE support only."
XML = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>'
CREATE = "createVolume volumeName=v1 clusterName=Cluster01 size=1GB thinProvision=1"


@pytest.fixture
def array() -> Iterator[SimulatedArray]:
    with Simulator(arrays=("hp",), seed=1) as sim:
        yield sim["hp"]


@pytest.fixture
def client(array: SimulatedArray) -> Iterator[paramiko.SSHClient]:
    with login(array) as client:
        yield client


@contextmanager
def login(array: SimulatedArray) -> Iterator[paramiko.SSHClient]:
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


def test_keys_that_move_the_cursor_move_nothing(client: paramiko.SSHClient) -> None:
    channel = shell(client)
    until(channel, "CLIQ>")
    channel.sendall(b"getSys\x1b[A\x1b[1;5Dtem\x1bOCInfo\x1b[3~\r")
    answer = until(channel, "CLIQ>")
    assert answer[0] == "getSystemInfo"
    assert " name           CliqSuccess" in answer


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
