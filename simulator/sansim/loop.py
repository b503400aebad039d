"""Doing something on the loop that an array runs on, from any thread."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

__all__ = ["is_here", "on_loop"]

T = TypeVar("T")


def is_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Tell whether the caller runs on this loop."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def on_loop(loop: asyncio.AbstractEventLoop, act: Callable[[], T]) -> T:
    """Do something between two steps of what runs on a loop, and return what it returns; on the loop itself at once."""
    if is_here(loop):
        return act()

    async def acted() -> T:
        return act()

    return asyncio.run_coroutine_threadsafe(acted(), loop).result()
