"""Coming to a connection, or to the error that says why not and what to do."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest

from sansdk.errors import (
    AuthFailed,
    ConnectError,
    HostKeyChanged,
    KeyExchangeFailed,
    NotSsh,
    Refused,
    UnknownHostKey,
    Unreachable,
)
from sansdk.secrets import Secret
from sansdk.transport.base import Within
from sansdk.transport.fabric import FabricTransport
from tests.transport.sshd import PASSWORD, USER, Sshd, Stage, free_port, raw, says

SECONDS = 0.5
LATE = 0.5
PASSPHRASE = "open sesame"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


def login(
    port: int,
    user: str | None = USER,
    *,
    password: str | None = PASSWORD,
    key_filename: Path | None = None,
    passphrase: str | None = None,
    host_key: str | None = None,
    known_hosts: Path | None = None,
    ssh_config: Path | str | None = os.devnull,
    host: str = "127.0.0.1",
    seconds: float = 10,
) -> None:
    transport = FabricTransport(
        host,
        port or None,
        user,
        password=Secret(password) if password else None,
        key_filename=key_filename,
        passphrase=Secret(passphrase) if passphrase else None,
        host_key=host_key,
        known_hosts=known_hosts,
        ssh_config=ssh_config,
        connect_timeout=seconds,
    )
    try:
        assert transport.exec("status 0", watch=Within(20)).status == 0
    finally:
        transport.close()


def write_key(file: Path, passphrase: str | None = None, kind: str = "ssh-ed25519") -> asyncssh.SSHKey:
    key = asyncssh.generate_private_key(kind)
    file.parent.mkdir(exist_ok=True)
    key.write_private_key(str(file), passphrase=passphrase, rounds=50)
    file.chmod(0o600)
    key.write_public_key(f"{file}.pub")
    return key


class TestHostKey:
    def test_a_pinned_key_and_a_pinned_fingerprint_are_accepted(self) -> None:
        with Sshd() as sshd:
            login(sshd.port, host_key=sshd.host_key)
            with pytest.raises(UnknownHostKey) as caught:
                login(sshd.port)
            login(sshd.port, host_key=caught.value.fingerprint)
            login(sshd.port, host_key=caught.value.host_key)

    def test_an_unknown_server_receives_no_password_and_is_named_with_its_port(self) -> None:
        with Sshd() as sshd:
            with pytest.raises(UnknownHostKey, match=rf"\[127\.0\.0\.1\]:{sshd.port}") as caught:
                login(sshd.port)
            assert caught.value.host_key == " ".join(sshd.host_key.split()[:2])
            assert sshd.passwords == []

    def test_an_impostor_receives_no_password(self, tmp_path: Path) -> None:
        known = tmp_path / "known_hosts"
        with Sshd() as honest, Sshd() as impostor:
            with pytest.raises(HostKeyChanged):
                login(impostor.port, host_key=honest.host_key)
            known.write_text(f"[127.0.0.1]:{impostor.port} {honest.host_key}\n")
            with pytest.raises(HostKeyChanged):
                login(impostor.port, known_hosts=known)
            config = tmp_path / "config"
            config.write_text(f"StrictHostKeyChecking accept-new\nUserKnownHostsFile {known}\n")
            with pytest.raises(HostKeyChanged):
                login(impostor.port, ssh_config=config)
            assert impostor.passwords == []

    def test_accept_new_accepts_once_and_for_all(self, tmp_path: Path) -> None:
        known, config = tmp_path / "known_hosts", tmp_path / "config"
        config.write_text(f"StrictHostKeyChecking accept-new\nUserKnownHostsFile {known}\n")
        with Sshd() as sshd:
            login(sshd.port, ssh_config=config)
            login(sshd.port, known_hosts=known)

    @pytest.mark.parametrize("known_kind", [0, 1, 2])
    def test_a_server_with_many_keys_is_asked_for_the_one_that_is_known(self, tmp_path: Path, known_kind: int) -> None:
        kinds = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa")
        keys = [asyncssh.generate_private_key(kind) for kind in kinds]
        known = tmp_path / "known_hosts"
        with Sshd(host_keys=keys) as sshd:
            line = keys[known_kind].export_public_key().decode()
            known.write_text(f"[127.0.0.1]:{sshd.port} {line}")
            login(sshd.port, known_hosts=known)
            login(sshd.port, host_key=line)


class TestLogin:
    def test_a_wrong_password_or_user_is_refused_after_one_attempt(self) -> None:
        with Sshd() as sshd:
            with pytest.raises(AuthFailed, match="Check user and password"):
                login(sshd.port, password="wrong", host_key=sshd.host_key)
            with pytest.raises(AuthFailed, match="nobody"):
                login(sshd.port, "nobody", host_key=sshd.host_key)
            assert sshd.passwords == ["wrong", PASSWORD]

    def test_the_password_answers_a_server_that_only_asks(self) -> None:
        with Sshd(interactive=True) as sshd:
            login(sshd.port, host_key=sshd.host_key)
            with pytest.raises(AuthFailed):
                login(sshd.port, password="wrong", host_key=sshd.host_key)
            assert sshd.passwords == [PASSWORD, "wrong"]

    @pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa"])
    @pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
    def test_a_key_file_opens_the_door(self, tmp_path: Path, kind: str, passphrase: str | None) -> None:
        key = write_key(tmp_path / "san", passphrase, kind)
        with Sshd(authorized=key) as sshd:
            login(
                sshd.port,
                password=None,
                key_filename=tmp_path / "san",
                passphrase=passphrase,
                host_key=sshd.host_key,
            )
            assert sshd.passwords == []

    def test_a_key_file_that_cannot_be_used_is_named(self, tmp_path: Path) -> None:
        key = write_key(tmp_path / "san", PASSPHRASE)
        (tmp_path / "junk").write_text("junk")
        with Sshd(authorized=key) as sshd:
            for file, passphrase in (("san", None), ("san", "no"), ("junk", None), ("missing", None)):
                with pytest.raises(AuthFailed, match=rf"{file} cannot be used"):
                    login(
                        sshd.port,
                        password=None,
                        key_filename=tmp_path / file,
                        passphrase=passphrase,
                        host_key=sshd.host_key,
                    )

    def test_with_a_password_given_no_agent_is_asked_and_no_key_sought(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_key(tmp_path / ".ssh" / "id_ed25519")
        with socket.socket(socket.AF_UNIX) as agent, Sshd(authorized=write_key(tmp_path / "x"), max_keys=0) as sshd:
            agent.bind(str(tmp_path / "agent"))
            agent.listen()
            agent.settimeout(0)
            monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
            login(sshd.port, host_key=sshd.host_key)
            with pytest.raises(BlockingIOError):
                agent.accept()

    def test_with_nothing_given_the_users_own_key_is_found(self, tmp_path: Path) -> None:
        key = write_key(tmp_path / ".ssh" / "id_ed25519")
        with Sshd(authorized=key) as sshd:
            login(sshd.port, password=None, host_key=sshd.host_key)

    def test_with_nothing_to_offer_the_error_says_so(self) -> None:
        with Sshd() as sshd, pytest.raises(AuthFailed, match="neither a password nor a key"):
            login(sshd.port, password=None, host_key=sshd.host_key)

    def test_only_identities_of_ssh_config_are_taken_from_a_full_agent(self, tmp_path: Path, agent: None) -> None:
        key = write_key(tmp_path / "san", PASSPHRASE)
        for number in range(8):
            write_key(tmp_path / f"other{number}")
            subprocess.run(["ssh-add", "-q", tmp_path / f"other{number}"], check=True)  # noqa: S607
        key.write_private_key(str(tmp_path / "plain"))
        (tmp_path / "plain").chmod(0o600)
        subprocess.run(["ssh-add", "-q", tmp_path / "plain"], check=True)  # noqa: S607
        config = tmp_path / "config"
        config.write_text(f"IdentityFile {tmp_path}/san\n")
        with Sshd(authorized=key, max_keys=3) as sshd:
            with pytest.raises(AuthFailed, match="name one key"):
                login(sshd.port, password=None, host_key=sshd.host_key, ssh_config=config)
            config.write_text(f"IdentityFile {tmp_path}/san\nIdentitiesOnly yes\n")
            login(sshd.port, password=None, host_key=sshd.host_key, ssh_config=config)

    def test_what_ssh_config_says_holds_until_an_argument_says_otherwise(self, tmp_path: Path) -> None:
        key = write_key(tmp_path / "san")
        config, known = tmp_path / "config", tmp_path / "arrays"
        with Sshd(authorized=key) as sshd:
            known.write_text(f"[127.0.0.1]:{sshd.port} {sshd.host_key}\n")
            config.write_text(
                f"Host array\nHostName 127.0.0.1\nPort {sshd.port}\nUser {USER}\n"
                f"IdentityFile {tmp_path}/san\nUserKnownHostsFile {known}\n"
            )
            login(0, None, password=None, ssh_config=config, host="array")
            with pytest.raises(Refused):
                login(free_port(), None, password=None, ssh_config=config, host="array")


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    program = shutil.which("ssh-agent")
    if not program or not shutil.which("ssh-add"):
        pytest.skip("no ssh-agent here")
    path = tmp_path / "agent"
    running = subprocess.Popen([program, "-D", "-a", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert running.stdout
    running.stdout.readline()  # printed once it listens
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    yield
    running.terminate()
    running.communicate()


def dribble(connection: socket.socket) -> None:
    """Say something, slowly, without end."""
    try:
        while True:
            connection.sendall(b"wait\r\n")
            time.sleep(0.05)
    except OSError:
        pass


class TestNoServer:
    """Each way not to be an SSH server, within the time allowed."""

    def attempt(self, error: type[ConnectError], port: int, match: str, host: str = "127.0.0.1") -> None:
        started = time.monotonic()
        with pytest.raises(error, match=match) as caught:
            login(port, host=host, seconds=SECONDS)
        assert time.monotonic() - started < SECONDS + LATE
        assert type(caught.value) is error
        assert caught.value.mend

    def test_nobody_listens(self) -> None:
        self.attempt(Refused, free_port(), "nothing listens")

    def test_the_name_is_unknown(self) -> None:
        self.attempt(Unreachable, 22, "Check the name", host="no-such-array.invalid")

    def test_the_name_service_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hang = threading.Event()

        def getaddrinfo(*_: object, **__: object) -> list[object]:
            hang.wait()
            return []

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        self.attempt(Unreachable, 22, "name service does not answer", host="array")
        hang.set()

    def test_the_host_takes_no_connection(self) -> None:
        # A full backlog: the kernel drops what comes on top, as a host that is down would.
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port)):
                self.attempt(Unreachable, port, "does not answer")

    @pytest.mark.parametrize(
        ("serve", "error", "match"),
        [
            (says(b""), Unreachable, "said nothing"),
            (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), NotSsh, "HTTP/1.1 400 Bad Request"),
            (says(b"\x00\xff\x16\x03\x01"), NotSsh, r"\\xff"),
            (dribble, NotSsh, "wait"),
            (lambda _: None, Refused, "without a greeting"),
            (lambda connection: connection.sendall(b"* OK IMAP4 ready\r\n"), NotSsh, "IMAP4"),
            (says(b"SSH-2.0-OpenSSH_9.2\r\n"), Unreachable, "key exchange was not over"),
            (says(b"SSH-1.5-old\r\n"), KeyExchangeFailed, "no algorithm"),
            (says(b"SSH-2.0-mad\r\n" + b"\x00" * 100), KeyExchangeFailed, "ended the key exchange"),
        ],
        ids=["silent", "http", "binary", "dribbling", "closing", "imap", "no kex", "ssh 1", "mad"],
    )
    def test_what_answers_is_no_ssh_server(
        self, serve: Callable[[socket.socket], object], error: type[ConnectError], match: str
    ) -> None:
        with raw(serve) as port:
            self.attempt(error, port, match)

    @pytest.mark.parametrize("stall", ["login"])
    def test_a_server_that_never_lets_in(self, stall: Stage) -> None:
        with Sshd(stall=stall) as sshd:
            started = time.monotonic()
            with pytest.raises(Unreachable, match="login was not over"):
                login(sshd.port, host_key=sshd.host_key, seconds=SECONDS)
            assert time.monotonic() - started < SECONDS + LATE

    def test_no_common_algorithm_names_the_way_out(self) -> None:
        with Sshd(kex_algs=["curve448-sha512"]) as sshd:
            self.attempt(KeyExchangeFailed, sshd.port, r"pip install 'sansdk\[legacy\]'")

    def test_the_commands_own_deadline_bounds_the_connecting_too(self) -> None:
        with raw(says(b"")) as port:
            transport = FabricTransport("127.0.0.1", port, USER, ssh_config=os.devnull, connect_timeout=30)
            started = time.monotonic()
            with pytest.raises(Unreachable):
                transport.exec("status 0", watch=Within(SECONDS))
            assert time.monotonic() - started < SECONDS + LATE
