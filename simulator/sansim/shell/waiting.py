"""Waiting that a signal with a trap ends."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from sansim.shell.interpreter import Shell

__all__ = ["signalled", "unless_signalled"]


async def unless_signalled(shell: Shell, reading: Coroutine[Any, Any, bytes]) -> bytes | None:
    """Return what a reading brings, None when a signal that a trap acts on comes before."""
    brought, coming = asyncio.ensure_future(reading), asyncio.ensure_future(signalled(shell))
    try:
        await asyncio.wait((brought, coming), return_when=asyncio.FIRST_COMPLETED)
        return brought.result() if brought.done() else None
    finally:
        coming.cancel()
        brought.cancel()


async def signalled(shell: Shell) -> int:
    """Wait until a signal comes that a trap acts on."""
    await shell.signalled.wait()
    return 0
