"""How svcs, svcadm and svcprop end before their work, or in the midst of it."""

from sansim.program import Answer

__all__ = ["Refusal"]


class Refusal(Exception):
    """The end of a run.

    Args:
        text: What goes to standard error, its newline included.
        status: The exit status.
        unsupported: What was asked for, where the real program can do it and this one cannot.
    """

    def __init__(self, text: str, status: int = 1, unsupported: str | None = None) -> None:
        super().__init__(text)
        self.answer = Answer(stderr=text, status=status, unsupported=unsupported)
        """What the program answers then."""
