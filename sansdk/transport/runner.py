"""One command over one SSH channel, as a runner of invoke's.

Fabric's own runner feeds standard input one character per poll, polls for the end, and spends two threads on
a command. This one waits for what comes, in the caller's thread, and sends while it drains both streams: they
share one window, so that reading one at a time would block a program that fills both.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from invoke.runners import Result, Runner
from paramiko import Channel, Transport
from paramiko.ssh_exception import ChannelException, SSHException

from sansdk.errors import ConnectionLost, SanError, Timeout, Unreachable
from sansdk.transport.base import Answer, Stream, Watch
from sansdk.transport.guard import Guard

_CHUNK = 1 << 20
_PACKET = 1 << 15
_GRACE = 0.25
_WINDOW_POLL = 0.005
_WATCH_POLL = 0.1


class NotSent(Exception):
    """The connection was dead before the command left."""


class ChannelRefused(NotSent):
    """The server opens no further channel; the connection lives."""


class Reply(Result):
    """An invoke result that carries the answer byte for byte, and None where there was no exit status."""

    answer: Answer


class Exchange(Runner):
    """Runs one command: `run(text, stdin=…, watch=…, guard=…)` returns a `Reply`.

    Raises:
        NotSent: No channel came about; nothing was sent.
        Unreachable: No channel came about in time; nothing was sent.
        Timeout: The watch's deadline passed.
        ConnectionLost: The connection broke after the command was sent.
    """

    def __init__(self, context: Any, **_: object) -> None:  # noqa: ANN401 - Fabric's Connection, untyped
        super().__init__(context)
        self._transport: Transport = context.transport
        self._received: dict[Stream, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}

    def run(self, command: str, **kwargs: Any) -> Reply:  # noqa: ANN401 - as invoke has it
        """Run `command`; see the class."""
        self._stdin: bytes = kwargs["stdin"]
        self._watch: Watch = kwargs["watch"]
        self._guard: Guard = kwargs["guard"]
        with self._guard.bound(self._watch.deadline() + _GRACE) as self._bound:
            channel = _hold_together(self._open())
            try:
                self._send_command(channel, command)
                self._exchange(channel)
            finally:
                # At once, and not when garbage is collected: the server counts channels.
                self._guard.move(self._bound, time.monotonic() + _GRACE)
                with suppress(SSHException, OSError, EOFError):  # says nothing about the command
                    channel.close()
        return self._reply(channel)

    def _send_command(self, channel: Channel, command: str) -> None:
        try:
            channel.exec_command(command)
        except Exception:  # noqa: BLE001 - paramiko raises here whatever ended its thread
            self._fail("before it said that the command had begun")

    def _exchange(self, channel: Channel) -> None:
        try:
            self._await_end(channel)
        except (SSHException, OSError, EOFError):
            self._fail("while the command ran")

    def _reply(self, channel: Channel) -> Reply:
        status = channel.exit_status if channel.exit_status >= 0 else None
        answer = Answer.of(status, bytes(self._received["stdout"]), bytes(self._received["stderr"]))
        reply = Reply(answer.stdout, answer.stderr, encoding="utf-8", exited=channel.exit_status)
        reply.answer = answer
        return reply

    def _open(self) -> Channel:
        patience = self._watch.deadline() - time.monotonic()
        try:
            return self._transport.open_session(timeout=max(0.0, patience))
        except Exception as error:  # noqa: BLE001 - paramiko raises here whatever ended its thread
            if self._is_late():
                raise Unreachable(
                    f"{self._server} opened no channel in the time allowed; nothing was sent.",
                    mend="The server hangs or is overloaded: see its log.",
                ) from None
            if self._is_lost():
                raise NotSent(str(error)) from None
            # Also where two refusals came at once: paramiko keeps only one of them.
            raise ChannelRefused(error.text if isinstance(error, ChannelException) else str(error)) from None

    def _await_end(self, channel: Channel) -> None:
        """Send and receive until the answer is complete."""
        news = _News()
        channel.in_buffer.set_event(news)
        channel.in_stderr_buffer.set_event(news)
        channel.settimeout(0.0)
        unsent = len(self._stdin)
        sending = True
        while True:
            news.forget()
            ended = channel.eof_received or channel.closed  # asked first: all that came before is in the buffers
            if sending:
                with channel.lock:
                    unsent = self._send(channel, unsent)
                sending = unsent > 0
            came, complete = self._receive(channel)
            if complete:
                # The end follows at once, unless a daemon was left behind that holds the streams open.
                channel.status_event.wait(_GRACE)
                return
            if ended and not came:
                break
            patience = self._patience()
            if not came:
                # paramiko tells nobody that the window for sending has opened.
                # The watch tells nobody that its patience has become shorter.
                news.wait(min(patience, _WINDOW_POLL if sending else _WATCH_POLL))
        if not channel.status_event.wait(self._patience()):
            self._patience()
        if (channel.exit_status < 0 or not channel.eof_received) and self._is_lost():
            self._fail("while the command ran")

    def _send(self, channel: Channel, unsent: int) -> int:
        """Send what the window takes, the end after it; return how much is left."""
        while unsent and not channel.closed and channel.send_ready():
            start = len(self._stdin) - unsent
            try:
                unsent -= channel.send(self._stdin[start : start + _PACKET])
            except TimeoutError:
                return unsent
            except OSError:
                return 0  # closed meanwhile: the command ended without reading all, or reading tells what happened
        if channel.closed:
            return 0
        if not unsent:
            channel.shutdown_write()
        return unsent

    def _receive(self, channel: Channel) -> tuple[bool, bool]:
        """Take what has come, once from each stream: did any, and is the answer complete?"""
        came = False
        streams: tuple[tuple[Stream, Callable[[], bool], Callable[[int], bytes]], ...] = (
            ("stdout", channel.recv_ready, channel.recv),
            ("stderr", channel.recv_stderr_ready, channel.recv_stderr),
        )
        for stream, is_ready, receive in streams:
            if not is_ready():
                continue
            with channel.lock:
                data = receive(_CHUNK)
            came = True
            self._received[stream] += data
            if self._watch.saw(stream, data):
                return True, True
        if came:
            self._guard.move(self._bound, self._watch.deadline() + _GRACE)
        return came, False

    def _patience(self) -> float:
        """The seconds that are left.

        Raises:
            Timeout: None are.
        """
        left = self._watch.deadline() - time.monotonic()
        if left <= 0:
            raise self._timeout()
        return left

    def _is_late(self) -> bool:
        return time.monotonic() >= self._watch.deadline()

    def _is_lost(self) -> bool:
        # paramiko closes the channels before it calls itself inactive, but notes the reason before both.
        reason = self._transport.saved_exception
        return not self._transport.is_active() or (reason is not None and not isinstance(reason, ChannelException))

    def _fail(self, when: str) -> NoReturn:
        raise self._timeout() if self._is_late() else self._broken(when)

    def _timeout(self) -> SanError:
        return Timeout(
            f"{self._server} has not answered the command in the time allowed; the command may run on.",
            mend="Read the state before trying again.",
        )

    def _broken(self, when: str) -> SanError:
        what = "closed the channel"
        if self._guard.silent:
            what = "stopped answering"
        elif self._is_lost():
            what = "lost the connection"
        return ConnectionLost(
            f"{self._server} {what} {when}; it may have had effects.",
            mend="Read the state before trying again.",
        )

    @property
    def _server(self) -> str:
        return f"{self.context.host}:{self.context.port}"


def _hold_together(channel: Channel) -> Channel:
    """Let whoever holds the channel's lock both look whether it is open and send.

    Paramiko looks, lets the lock go, and sends. In between its thread may answer the server's close, and what
    then follows on a closed channel makes servers end the whole connection.
    """
    channel.lock = threading.RLock()  # type: ignore[assignment]
    channel.out_buffer_cv = threading.Condition(channel.lock)
    return channel


class _News(threading.Event):
    """Set when anything came or ended on a channel.

    paramiko clears the event of a stream that has run dry; the other stream may not have, so that only
    the reader forgets.
    """

    def clear(self) -> None:
        """Do nothing."""

    def forget(self) -> None:
        """Begin to wait for what comes from now on."""
        super().clear()
