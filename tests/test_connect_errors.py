"""What keeps a session from coming about: each cause has its own error, in time, that says what to do."""

import contextlib
import socket
import threading
import time
import traceback
from collections.abc import Iterator

import pytest

import sansdk
from sansdk import (
    AuthFailed,
    ConnectError,
    HostKeyChanged,
    InputError,
    NotSsh,
    Refused,
    SanError,
    UnknownHostKey,
    Unreachable,
)
from sansim import SimulatedArray, Simulator

PASSWORD = "a-password-that-is-long-and-wrong"


@contextlib.contextmanager
def listening(greeting: bytes | None) -> Iterator[int]:
    """A port that takes connections and says `greeting`, then nothing; or, with None, closes at once."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    peer, _ = server.accept()
                    if greeting is None:
                        peer.close()
                        continue
                    peer.sendall(greeting)
                    held.append(peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    for peer in held:
        peer.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def urls(port: int) -> tuple[str, str]:
    return f"solaris://admin@127.0.0.1:{port}/tank", f"hp://admin@127.0.0.1:{port}/Cluster01"


def test_a_wrong_password_is_refused_and_says_what_to_check(array: SimulatedArray):
    with pytest.raises(AuthFailed, match=array.username) as caught:
        sansdk.connect(array.url, password=PASSWORD, host_key=array.host_key)
    assert isinstance(caught.value, ConnectError)
    assert caught.value.mend is not None
    assert "password" in caught.value.mend
    assert caught.value.mend in str(caught.value)


def test_neither_password_nor_key_is_refused_before_long(array: SimulatedArray):
    with pytest.raises(AuthFailed):
        sansdk.connect(array.url, host_key=array.host_key)


def test_an_unknown_host_key_is_refused_with_its_fingerprint_and_the_way_to_accept_it(array: SimulatedArray):
    with pytest.raises(UnknownHostKey, match="SHA256:") as caught:
        sansdk.connect(array.url, password=array.password)
    assert caught.value.host_key == array.host_key
    assert caught.value.fingerprint in str(caught.value)
    assert caught.value.mend is not None
    assert array.host_key in caught.value.mend
    with sansdk.connect(array.url, password=array.password, host_key=caught.value.host_key) as san:
        assert san.volumes() == []
    with sansdk.connect(array.url, password=array.password, host_key=caught.value.fingerprint) as san:
        assert san.volumes() == []


def test_another_host_key_than_the_one_named_is_refused(array: SimulatedArray):
    with Simulator(arrays=("hp",)) as other, pytest.raises(HostKeyChanged) as caught:
        sansdk.connect(array.url, password=array.password, host_key=other["hp"].host_key)
    assert caught.value.mend


def test_an_array_with_an_unknown_host_key_sees_no_login(array: SimulatedArray, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("DEBUG"), pytest.raises(UnknownHostKey):
        sansdk.connect(array.url, password=array.password)
    assert array.password not in caplog.text
    assert len(array.log) == 0


@pytest.mark.parametrize("url", [0, 1], ids=["solaris", "hp"])
def test_a_port_that_nobody_listens_at_is_refused_at_once(url: int):
    started = time.monotonic()
    with pytest.raises(Refused) as caught:
        sansdk.connect(urls(closed_port())[url], password=PASSWORD)
    assert time.monotonic() - started < 5
    assert caught.value.mend


@pytest.mark.parametrize("url", [0, 1], ids=["solaris", "hp"])
@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-hangs_after_this\r\n"], ids=["silent", "hangs later"])
def test_a_server_that_hangs_is_given_up_on_in_time(url: int, greeting: bytes):
    with listening(greeting) as port:
        started = time.monotonic()
        with pytest.raises(Unreachable, match=r"within 0\.5 s") as caught:
            sansdk.connect(urls(port)[url], password=PASSWORD, connect_timeout=0.5)
        assert time.monotonic() - started < 0.5 + 1.5
    assert caught.value.mend


@pytest.mark.parametrize("url", [0, 1], ids=["solaris", "hp"])
def test_what_is_no_ssh_server_is_told_so_with_what_it_said(url: int):
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port, pytest.raises(NotSsh, match="HTTP") as caught:
        sansdk.connect(urls(port)[url], password=PASSWORD, connect_timeout=2)
    assert caught.value.mend


def test_a_server_that_closes_at_once_is_told_so():
    with listening(None) as port, pytest.raises(ConnectError) as caught:
        sansdk.connect(urls(port)[0], password=PASSWORD, connect_timeout=2)
    assert caught.value.mend


def test_a_name_that_nobody_knows_is_unreachable():
    with pytest.raises(Unreachable, match=r"nowhere\.invalid") as caught:
        sansdk.connect("solaris://admin@nowhere.invalid/tank", password=PASSWORD, connect_timeout=5)
    assert caught.value.mend


@pytest.mark.parametrize(
    "url",
    ["", "tank", "nfs://admin@host/tank", "solaris://", "solaris://admin@host", "hp://admin@host/", "solaris://@/"],
)
def test_a_url_that_names_no_array_is_refused_with_its_form(url: str):
    with pytest.raises(InputError, match="://"):
        sansdk.connect(url, password=PASSWORD)


def test_a_pool_that_is_not_there_is_named(solaris_array: SimulatedArray):
    url = solaris_array.url.replace("/tank", "/absent")
    with sansdk.connect(url, **solaris_array.connect_args) as san:
        assert [p.code for p in san.check()] == ["pool-missing"]
        with pytest.raises(SanError, match="absent"):
            san.volumes()


def test_no_error_of_connecting_holds_the_password_in_its_frames(array: SimulatedArray):
    for host_key in (array.host_key, None):
        with pytest.raises(ConnectError) as caught:
            sansdk.connect(array.url, password=sansdk.Secret(PASSWORD), host_key=host_key)
        error = caught.value
        assert error.__cause__ is None
        assert error.__context__ is None
        for frame, _ in traceback.walk_tb(error.__traceback__):
            assert PASSWORD not in repr(frame.f_locals)


@pytest.mark.parametrize(
    "url",
    [
        "solaris://u:hush@host/pool",
        "solaris://u:hu/sh@host/pool",
        "solaris://[::1/hush",
        "solaris://host:hush/pool",
        "solaris+telnet://host/hush",
        "",
    ],
)
def test_a_url_that_is_none_is_refused_and_not_repeated(url: str):
    """Somebody may have put a password into it."""
    with pytest.raises(InputError) as caught:
        sansdk.connect(url)
    assert "hush" not in str(caught.value)
    assert caught.value.mend


def test_an_option_that_the_array_does_not_have_is_refused_by_name(array: SimulatedArray):
    with pytest.raises(InputError, match="colour"):
        sansdk.connect(array.url, **array.connect_args, colour="red")
