"""No secret in an error, a traceback with locals, or a log."""

import io
import logging
import os
import traceback
from collections.abc import Callable
from pathlib import Path

import asyncssh
import pytest
from rich.console import Console
from rich.traceback import Traceback

from sansdk.errors import AuthFailed, ConnectionLost, SanError, Timeout, UnknownHostKey
from sansdk.secrets import Secret
from sansdk.transport.base import Within
from sansdk.transport.fabric import FabricTransport
from sansdk.transport.local import LocalTransport
from tests.transport.sshd import PASSWORD, USER, Sshd

WRONG = "wr0ng-but-secret"
PASSPHRASE = "open-s3same"
TEXT = "say text-s3cret"
LOCAL_TEXT = "cat >/dev/null; : text-s3cret; sleep 0.5"
STDIN = b"stdin-s3cret"
SECRETS = (PASSWORD, WRONG, PASSPHRASE, TEXT.split()[1], STDIN.decode())


def fail(work: Callable[[], object]) -> SanError:
    """The error of `work`, raised through a frame whose locals say nothing."""
    try:
        work()
    except SanError as error:
        return error
    pytest.fail("nothing was raised")


def shown(error: SanError) -> str:
    """All that a traceback can show, by three who print locals."""
    plain = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    tests = str(pytest.ExceptionInfo.from_exception(error).getrepr(showlocals=True, style="long"))
    console = Console(file=io.StringIO(), width=200)
    console.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    assert isinstance(console.file, io.StringIO)
    rich = console.file.getvalue()
    assert all(type(error).__name__ in report for report in (plain, tests, rich))
    return plain + tests + rich


def check(error: SanError, caplog: pytest.LogCaptureFixture) -> None:
    report = shown(error) + repr(error.__dict__) + caplog.text
    assert not [secret for secret in SECRETS if secret in report]
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.fixture(autouse=True)
def _log_all(caplog: pytest.LogCaptureFixture) -> None:
    # The server's own log, here in the same process, says which commands came.
    caplog.set_level(logging.WARNING, "asyncssh")
    caplog.set_level(logging.DEBUG)


def transport_to(sshd: Sshd, password: str = PASSWORD, host_key: str | None = "") -> FabricTransport:
    return FabricTransport(
        "127.0.0.1",
        sshd.port,
        USER,
        password=Secret(password),
        host_key=sshd.host_key if host_key == "" else host_key,
        ssh_config=os.devnull,
        connect_timeout=0.5,
    )


@pytest.mark.parametrize("interactive", [False, True])
def test_a_wrong_password(interactive: bool, caplog: pytest.LogCaptureFixture) -> None:
    with Sshd(interactive=interactive) as sshd:
        transport = transport_to(sshd, WRONG)
        error = fail(lambda: transport.exec(TEXT, STDIN, watch=Within(5)))
        assert isinstance(error, AuthFailed)
        assert sshd.passwords == [WRONG]
        check(error, caplog)
        transport.close()


def test_an_unknown_host(caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with Sshd() as sshd:
        transport = transport_to(sshd, host_key=None)
        error = fail(lambda: transport.exec(TEXT, STDIN, watch=Within(5)))
        assert isinstance(error, UnknownHostKey)
        check(error, caplog)


def test_a_login_that_stalls(caplog: pytest.LogCaptureFixture) -> None:
    with Sshd(stall="login") as sshd:
        transport = transport_to(sshd)
        check(fail(lambda: transport.exec(TEXT, STDIN, watch=Within(5))), caplog)


def test_a_server_that_dies_with_the_password_in_hand(caplog: pytest.LogCaptureFixture) -> None:
    with Sshd(dies_at_password=True) as sshd:
        transport = transport_to(sshd, WRONG)
        error = fail(lambda: transport.exec(TEXT, STDIN, watch=Within(5)))
        assert sshd.passwords == [WRONG]
        check(error, caplog)


def test_a_key_that_does_not_open(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    file = tmp_path / "san"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(file), passphrase="another", rounds=50)
    with Sshd() as sshd:
        transport = FabricTransport(
            "127.0.0.1",
            sshd.port,
            USER,
            key_filename=file,
            passphrase=Secret(PASSPHRASE),
            host_key=sshd.host_key,
            ssh_config=os.devnull,
        )
        error = fail(lambda: transport.exec(TEXT, STDIN, watch=Within(5)))
        assert isinstance(error, AuthFailed)
        check(error, caplog)


def test_a_command_that_stalls_or_is_cut_shows_neither_its_text_nor_its_input(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        error = fail(lambda: transport.exec(TEXT, STDIN, watch=Within(0.4)))
        assert isinstance(error, Timeout)
        check(error, caplog)
        error = fail(lambda: transport.exec("drop", STDIN, watch=Within(5)))
        assert isinstance(error, ConnectionLost)
        check(error, caplog)
        transport.close()


def test_a_command_that_succeeds_is_logged_in_one_line_that_says_how_much_and_not_what(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        transport.exec("echo text-s3cret", STDIN, watch=Within(5))
        transport.close()
    ours = [record.getMessage() for record in caplog.records if record.name == "sansdk.transport"]
    assert len(ours) == 1
    assert f"127.0.0.1: {len(STDIN)} bytes in" in ours[0]
    assert {"paramiko", "invoke"} <= {record.name.split(".")[0] for record in caplog.records}
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_a_local_command_that_stalls_shows_neither_its_text_nor_its_input(caplog: pytest.LogCaptureFixture) -> None:
    transport = LocalTransport()
    error = fail(lambda: transport.exec(LOCAL_TEXT, STDIN, watch=Within(0.2)))
    assert isinstance(error, Timeout)
    check(error, caplog)


def test_a_transport_shows_no_secret_itself() -> None:
    transport = FabricTransport("array", 22, USER, password=Secret(PASSWORD), ssh_config=os.devnull)
    assert PASSWORD not in repr(transport) + repr(vars(transport))
