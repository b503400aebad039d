"""What of the user's ssh_config is obeyed."""

from pathlib import Path

import pytest

from sansdk.errors import InputError
from sansdk.transport.hostkeys import Strictness
from sansdk.transport.sshconfig import read_settings


def test_nothing_said_leaves_the_defaults_of_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = read_settings("array", [tmp_path / "missing"])
    assert (settings.host, settings.port, settings.user) == ("array", None, None)
    assert (settings.identity_files, settings.identities_only) == ((), False)
    assert settings.strictness == "yes"
    assert settings.known_hosts[:2] == (tmp_path / ".ssh/known_hosts", tmp_path / ".ssh/known_hosts2")
    assert Path("/etc/ssh/ssh_known_hosts") in settings.known_hosts


def test_what_is_said_for_the_host_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/config").write_text(
        """
        Host array
            HostName %h.example
            Port 2200
            User admin
            IdentityFile ~/.ssh/san
            IdentitiesOnly yes
            UserKnownHostsFile ~/.ssh/arrays /tmp/more
            GlobalKnownHostsFile none
        Host *
            User nobody
            Port 23
        """
    )
    settings = read_settings("array")
    assert (settings.host, settings.port, settings.user) == ("array.example", 2200, "admin")
    assert settings.identity_files == (tmp_path / ".ssh/san",)
    assert settings.identities_only
    assert settings.known_hosts == (tmp_path / ".ssh/arrays", Path("/tmp/more"))
    assert read_settings("other").user == "nobody"


@pytest.mark.parametrize(
    ("word", "strictness"),
    [("yes", "yes"), ("ask", "yes"), ("accept-new", "accept-new"), ("no", "accept-new"), ("off", "accept-new")],
)
def test_strictness(tmp_path: Path, word: str, strictness: Strictness) -> None:
    (tmp_path / "config").write_text(f"StrictHostKeyChecking {word}\n")
    assert read_settings("array", [tmp_path / "config"]).strictness == strictness


def test_a_jump_host_is_not_passed_over_in_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "config").write_text("ProxyJump gate\n")
    read_settings("array", [tmp_path / "config"])
    assert "proxyjump" in caplog.text


@pytest.mark.parametrize("text", ["Port many\n", "what\n"])
def test_a_file_that_makes_no_sense_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").write_text(text)
    with pytest.raises(InputError, match="config"):
        read_settings("array", [tmp_path / "config"])
