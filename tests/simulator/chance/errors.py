"""What the simulator logs as an error while it is tried out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["errors_logged"]


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


@contextmanager
def errors_logged() -> Iterator[list[str]]:
    """Give the list of the errors that are logged in this block, which grows."""
    logger, handler = logging.getLogger("sansim"), _Errors()
    logger.addHandler(handler)
    try:
        yield handler.texts
    finally:
        logger.removeHandler(handler)
