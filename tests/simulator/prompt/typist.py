"""A client that types at the prompt and reads what is shown there."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from sansim import SimulatedArray

__all__ = ["CREATE", "HEADING", "QUESTION", "SUPPORT_ONLY", "VERSION", "XML", "login", "shell", "talk", "until"]

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
