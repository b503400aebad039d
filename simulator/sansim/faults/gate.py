"""What holds programs up until it is opened."""

import asyncio
from threading import Lock

__all__ = ["Gate"]


class Gate:
    """Closed at first; once opened, from any thread, nobody waits at it any more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._opened = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self) -> None:
        """Let all go on who wait, and who come later."""
        with self._lock:
            self._opened = True
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)

    async def wait(self, seconds: float | None = None) -> None:
        """Return when it is opened, or after so many seconds."""
        waiting = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            if self._opened:
                return
            self._waiting.append(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting[1].wait()
        except TimeoutError:
            return
        finally:
            # What waits is on a loop that runs, so that opening finds no closed one.
            with self._lock:
                self._waiting.remove(waiting)
