"""An array's clock: all time in the simulator comes from here."""

from datetime import UTC, datetime, timedelta

__all__ = ["Clock"]

_FIRST_YEAR, _LAST_YEAR = 1970, 9000


class Clock:
    """The time on an array, in aware UTC.

    Without a start the clock runs with the machine's. With one it stands at that moment and moves by
    `advance` alone, so that a seeded simulator prints the same times on every run.

    Attributes:
        ahead: How far it is ahead of its start, or of the machine's time.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the array's time."""
        return (self._start or datetime.now(UTC)) + self.ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward.

        Raises:
            ValueError: The seconds are negative, as an array's time does not run backwards; or as for `check`.
        """
        if seconds < 0:
            raise ValueError(f"a clock moves forward only, not by {seconds} seconds")
        self.check(seconds)
        self.ahead += timedelta(seconds=seconds)

    def jump(self, seconds: float) -> None:
        """Set the clock by so many seconds, forward or back, as whoever corrects a wrong clock does.

        Raises:
            ValueError: As for `check`.
        """
        self.check(seconds)
        self.ahead += timedelta(seconds=seconds)

    def check(self, seconds: float) -> None:
        """Refuse what the clock cannot be set by.

        Raises:
            ValueError: It would show a year before 1970 or after 9000, which is more than anybody reckons with.
        """
        try:
            year = (self.now() + timedelta(seconds=seconds)).year
        except (OverflowError, ValueError):
            year = 0
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError(
                f"a clock set by {seconds} seconds shows no year from {_FIRST_YEAR} to {_LAST_YEAR}; set it less far"
            )
