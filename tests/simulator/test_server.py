"""Who may log in, what is refused, and what a client sees of the server."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncssh
import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from tests.simulator.conftest import Run, connect


def talk(array: SimulatedArray, talking: Callable[[asyncssh.SSHClientConnection], Awaitable[None]]) -> None:
    async def session() -> None:
        async with connect(array) as connection:
            await talking(connection)

    asyncio.run(session())


def test_a_wrong_password_or_user_is_refused(sim: Simulator) -> None:
    array = sim["solaris"]
    for username, password in ((array.username, "wrong"), ("nobody", array.password)):

        async def login(username: str = username, password: str = password) -> None:
            async with asyncssh.connect(
                array.host,
                array.port,
                username=username,
                password=password,
                known_hosts=None,
                client_keys=None,
                config=None,
            ):
                pass

        with pytest.raises(asyncssh.PermissionDenied):
            asyncio.run(login())


def test_keyboard_interactive_asks_for_the_password(sim: Simulator) -> None:
    array = sim["solaris"]
    with paramiko.Transport((array.host, array.port)) as transport:
        transport.connect()
        transport.auth_interactive(array.username, lambda _title, _text, prompts: [array.password for _ in prompts])
        assert transport.is_authenticated()


def test_an_authorized_key_logs_in_and_another_does_not() -> None:
    known, unknown = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    public = known.export_public_key().decode()
    with Simulator([ArrayConfig(name="solaris", kind="solaris", authorized_keys=(public,))], seed=1) as sim:
        array = sim["solaris"]

        async def login(key: asyncssh.SSHKey) -> None:
            async with asyncssh.connect(
                array.host, array.port, username=array.username, client_keys=[key], known_hosts=None, config=None
            ):
                pass

        asyncio.run(login(known))
        with pytest.raises(asyncssh.PermissionDenied):
            asyncio.run(login(unknown))


def test_a_seed_fixes_host_key_and_password_and_none_does_not() -> None:
    def identity(seed: int | None) -> tuple[str, str]:
        with Simulator(["solaris"], seed=seed) as sim:
            return sim["solaris"].host_key, sim["solaris"].password

    assert identity(5) == identity(5)
    assert identity(5) != identity(6)
    assert identity(None) != identity(None)


def test_several_channels_run_at_once_on_one_connection(sim: Simulator) -> None:
    async def talking(connection: asyncssh.SSHClientConnection) -> None:
        waiting = [await connection.create_process(f"read line; echo {n} $line") for n in range(5)]
        for process in reversed(waiting):
            process.stdin.write("go\n")
        done = [await process.wait() for process in waiting]
        assert [item.stdout for item in done] == [f"{n} go\n" for n in range(5)]

    talk(sim["solaris"], talking)


def test_forwarding_and_file_transfer_are_refused(sim: Simulator) -> None:
    async def talking(connection: asyncssh.SSHClientConnection) -> None:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", 22)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 22)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.start_sftp_client()

    talk(sim["solaris"], talking)


def test_much_goes_in_and_comes_out_whole(sim: Simulator, run: Run) -> None:
    data = bytes(range(256)) * 16_384
    assert run(sim["solaris"], "cat", data) == (0, data, b"")


def test_both_streams_are_kept_apart(sim: Simulator, run: Run) -> None:
    text = "for i in 1 2 3; do echo out; echo err >&2; done; exit 3"
    assert run(sim["solaris"], text) == (3, b"out\n" * 3, b"err\n" * 3)


def test_a_finished_exec_is_in_the_log_when_its_status_arrives(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    for number in range(20):
        run(array, f"cat; exit {number}", b"in")
        item = array.log[-1]
        assert (item.user, item.text, item.stdin, item.stdout) == ("admin", f"cat; exit {number}", b"in", b"in")
        assert item.status == number


def test_each_array_answers_on_its_own(sim: Simulator, run: Run) -> None:
    assert sim["solaris"].port != sim["hp"].port
    assert run(sim["solaris"], "uname")[1] == b"SunOS\n"
    assert b"getClusterInfo" in run(sim["hp"], "help")[1] or run(sim["hp"], "uname")[0] != 0
    assert [item.text for item in sim["solaris"].log] == ["uname"]


def test_a_strict_simulator_says_what_was_not_simulated(run: Run) -> None:
    simulator = Simulator(["solaris"], seed=1, strict=True)
    with pytest.raises(NotImplementedError, match="solaris: zonecfg"), simulator as sim:
        assert run(sim["solaris"], "zonecfg list")[0] == 127


def test_a_client_that_knows_no_ed25519_connects_with_the_older_key(sim: Simulator) -> None:
    array = sim["solaris"]

    async def kind() -> str:
        async with asyncssh.connect(
            array.host,
            array.port,
            username=array.username,
            password=array.password,
            known_hosts=None,
            client_keys=None,
            config=None,
            server_host_key_algs=["ecdsa-sha2-nistp256"],
        ) as connection:
            key = connection.get_server_host_key()
            assert key is not None
            return key.get_algorithm()

    assert asyncio.run(kind()) == "ecdsa-sha2-nistp256"
