"""Commands on this machine, under the same contract as over SSH."""

import logging
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Self, cast

from sansdk.errors import ConnectError, Timeout, bare
from sansdk.transport.base import Answer, Stream, Watch

_WATCH_POLL = 0.1
_CHUNK = 1 << 16
_log = logging.getLogger("sansdk.transport")


class LocalTransport:
    """Runs each command in a process of its own, in a session of its own.

    As over SSH, a command that is given up loses its streams and runs on.

    Args:
        shell: The program and arguments that the command's text is put after.
    """

    def __init__(self, shell: Sequence[str] = ("/bin/sh", "-c")) -> None:
        self._shell = tuple(shell)

    @property
    def address(self) -> str:
        """This machine."""
        return "localhost"

    def exec(self, text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        """Run a command; see `Transport.exec`."""
        started = time.monotonic()
        try:
            answer = self._exec(text, stdin, watch)
        except (ConnectError, Timeout) as error:
            failure = bare(error)
        else:
            milliseconds = (time.monotonic() - started) * 1000
            _log.debug("localhost: %d bytes in, status %s, %.1f ms", len(stdin), answer.status, milliseconds)
            return answer
        del text, stdin  # a traceback that prints locals would show them
        raise failure

    def close(self) -> None:
        """Nothing is kept open."""

    def _exec(self, text: str, stdin: bytes, watch: Watch) -> Answer:
        try:
            process = subprocess.Popen(  # noqa: S603 - running the caller's command is the purpose
                [*self._shell, text],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise ConnectError(f"{self._shell[0]} cannot be run: {error.strerror}.") from None
        try:
            with _Exchange(process, stdin, watch) as exchange:
                complete = exchange.run()
            if not complete:
                process.wait(max(0.0, watch.deadline() - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise _timeout() from None
        finally:
            if process.poll() is None:
                # It runs on, and somebody has to take its status when it ends.
                threading.Thread(target=process.wait, name="sansdk-reap", daemon=True).start()
        status = process.returncode
        return Answer.of(
            status if status is not None and status >= 0 else None,
            bytes(exchange.received["stdout"]),
            bytes(exchange.received["stderr"]),
        )


class _Exchange:
    """Feeds a process and drains both its streams, whichever is ready."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, watch: Watch) -> None:
        self.received: dict[Stream, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        self._pipes = cast("tuple[IO[bytes], IO[bytes], IO[bytes]]", (process.stdin, process.stdout, process.stderr))
        self._unsent = memoryview(stdin)
        self._watch = watch

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()

    def run(self) -> bool:
        """Go on until both streams end; True where the watch was content before."""
        stdin, stdout, stderr = self._pipes
        with selectors.DefaultSelector() as ready:
            ready.register(stdout, selectors.EVENT_READ, "stdout")
            ready.register(stderr, selectors.EVENT_READ, "stderr")
            ready.register(stdin, selectors.EVENT_WRITE)
            os.set_blocking(stdin.fileno(), False)
            streams = 2
            while streams:
                patience = self._watch.deadline() - time.monotonic()
                if patience <= 0:
                    raise _timeout()
                # The watch tells nobody that its patience has become shorter.
                for key, _ in ready.select(min(patience, _WATCH_POLL)):
                    if key.fileobj is stdin:
                        if not self._feed(stdin):
                            ready.unregister(stdin)
                            stdin.close()
                        continue
                    data = os.read(key.fd, _CHUNK)
                    if not data:
                        ready.unregister(key.fileobj)
                        streams -= 1
                        continue
                    self.received[key.data] += data
                    if self._watch.saw(key.data, data):
                        return True
        return False

    def _feed(self, stdin: IO[bytes]) -> bool:
        """Write what the pipe takes; whether more is left."""
        with suppress(BlockingIOError):
            try:
                self._unsent = self._unsent[os.write(stdin.fileno(), self._unsent[:_CHUNK]) :]
            except BrokenPipeError:
                return False  # the command does not care to read
        return len(self._unsent) > 0


def _timeout() -> Timeout:
    return Timeout(
        "The command has not ended in the time allowed; it may run on.",
        mend="Read the state before trying again.",
    )
