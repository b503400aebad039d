"""What known_hosts files and pins say about a key."""

import base64
import hashlib
import hmac
import stat
from pathlib import Path

import asyncssh
import pytest

from sansdk.errors import HostKeyChanged, InputError, UnknownHostKey
from sansdk.transport.hostkeys import HostKey, Pin, Strictness, Trust


def new_key(kind: str = "ssh-ed25519") -> HostKey:
    line = asyncssh.generate_private_key(kind).export_public_key().decode()
    return HostKey.of(*line.split()[:2])


def trust(
    *files: Path, host: str = "array.example", port: int = 22, strictness: Strictness = "yes", pin: str = ""
) -> Trust:
    return Trust(host, port, Pin.parse(pin) if pin else None, files, strictness)


@pytest.fixture
def key() -> HostKey:
    return new_key()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "known_hosts"


def hashed(name: str) -> str:
    salt = b"0123456789abcdefghij"
    digest = hmac.digest(salt, name.encode(), "sha1")
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("hosts", "host", "port"),
    [
        ("array.example", "array.example", 22),
        ("array.example", "ARRAY.example", 22),
        ("other,array.example", "array.example", 22),
        ("[array.example]:16022", "array.example", 16022),
        ("*.example", "array.example", 22),
        ("arra?.example,!old.example", "array.example", 22),
        ("[*.example]:16022", "array.example", 16022),
        (hashed("array.example"), "array.example", 22),
        (hashed("[array.example]:16022"), "array.example", 16022),
        ("2001:db8::1", "2001:db8::1", 22),
        ("[2001:db8::1]:2200", "2001:db8::1", 2200),
    ],
)
def test_a_line_names_the_server(key: HostKey, file: Path, hosts: str, host: str, port: int) -> None:
    file.write_text(f"# comment\n\n{hosts} {key.line} a comment\n")
    trust(file, host=host, port=port).verify(key)


@pytest.mark.parametrize(
    "hosts",
    ["array.example:22", "[array.example]:16022", "*.example,!array.example", "array", "xarray.example", hashed("x")],
)
def test_a_line_that_names_others_makes_nothing_known(key: HostKey, file: Path, hosts: str) -> None:
    file.write_text(f"{hosts} {key.line}\n")
    with pytest.raises(UnknownHostKey):
        trust(file).verify(key)


def test_broken_lines_hide_no_good_one(key: HostKey, file: Path) -> None:
    file.write_bytes(
        b"\xff\xfe\narray.example\narray.example ssh-rsa !!!\n|1|x|y ssh-rsa AAAA\n@cert-authority * ssh-rsa AAAA\n"
        + f"array.example {key.line}\n".encode()
    )
    trust(file).verify(key)


def test_every_key_of_every_file_counts(key: HostKey, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(f"array.example {new_key().line}\narray.example {new_key('ecdsa-sha2-nistp256').line}\n")
    second.write_text(f"array.example {key.line}\n")
    both = trust(first, second)
    both.verify(key)
    assert both.kinds() == {"ssh-ed25519", "ecdsa-sha2-nistp256"}


def test_an_unknown_key_is_refused_with_the_way_to_accept_it(key: HostKey, file: Path) -> None:
    unknowing = trust(file, port=16022)
    with pytest.raises(UnknownHostKey) as caught:
        unknowing.verify(key)
    error = caught.value
    assert not isinstance(error, HostKeyChanged)
    assert error.host_key == key.line
    digest = hashlib.sha256(key.blob).digest()
    assert error.fingerprint == "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    assert error.fingerprint in str(error)
    assert f'host_key="{key.line}"' in str(error)
    assert not file.exists()
    _, _, line = str(error).partition(f"add this line to {file}: ")
    file.write_text(line + "\n")
    unknowing.verify(key)


@pytest.mark.parametrize("strictness", ["yes", "accept-new"])
@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
def test_another_key_than_the_one_on_record_is_refused(
    key: HostKey, file: Path, strictness: Strictness, kind: str
) -> None:
    file.write_text(f"array.example {new_key(kind).line}\n")
    before = file.read_text()
    with pytest.raises(HostKeyChanged, match=r"ssh-keygen -R 'array\.example'") as caught:
        trust(file, strictness=strictness).verify(key)
    assert caught.value.host_key == key.line
    assert file.read_text() == before


def test_a_revoked_key_is_refused_though_it_is_known(key: HostKey, file: Path) -> None:
    file.write_text(f"array.example {key.line}\n@revoked * {key.line}\n")
    with pytest.raises(HostKeyChanged, match="revoked"):
        trust(file, strictness="accept-new").verify(key)


def test_accept_new_writes_the_key_down_once(key: HostKey, tmp_path: Path) -> None:
    file = tmp_path / ".ssh" / "known_hosts"
    accepting = trust(file, port=16022, strictness="accept-new")
    accepting.verify(key)
    accepting.verify(key)
    assert file.read_text() == f"[array.example]:16022 {key.line}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with pytest.raises(HostKeyChanged):
        accepting.verify(new_key())


def test_accept_new_goes_on_where_nothing_can_be_written(
    key: HostKey, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    trust(tmp_path / "file" / "known_hosts", strictness="accept-new").verify(key)
    assert "cannot be written" in caplog.text


def test_accept_new_ends_the_last_line_of_others(key: HostKey, file: Path) -> None:
    other = f"other.example {new_key().line}"
    file.write_text(other)
    trust(file, strictness="accept-new").verify(key)
    assert file.read_text() == f"{other}\narray.example {key.line}\n"


def test_a_pin_fits_one_key_alone(key: HostKey, file: Path) -> None:
    other = new_key()
    file.write_text(f"array.example {other.line}\n")
    for pin in (key.line, f"{key.line} a comment", key.fingerprint):
        pinned = trust(file, pin=pin, strictness="accept-new")
        pinned.verify(key)
        with pytest.raises(HostKeyChanged, match="host_key="):
            pinned.verify(other)
    assert trust(pin=key.line).kinds() == {"ssh-ed25519"}
    assert trust(pin=key.fingerprint).kinds() == set()


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 not-base-64", "MD5:00:11", "array ssh-rsa"])
def test_a_pin_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"ssh-ed25519 AAAA…"):
        Pin.parse(text)


def test_a_file_that_cannot_be_read_is_not_an_empty_one(key: HostKey, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        trust(tmp_path, strictness="accept-new").verify(key)
