"""What is asked at a terminal before a command does anything."""

from attrs import frozen

from sansim.lefthand.inferred import QUESTION

__all__ = ["IRREVERSIBLE", "SUPPORT_ONLY", "Question", "agreed"]


@frozen
class Question:
    """A question to be answered with y or n.

    Attributes:
        text: Its lines but the one that takes the reply.
        prompt: What the reply stands behind on its line, where it is shown; empty when the reply is not shown.
    """

    text: str
    prompt: str = ""


IRREVERSIBLE = Question(f"{QUESTION}\n")
"""The reply is not shown (seen, 8.1)."""

SUPPORT_ONLY = Question("This command is recommended for {company} support only.\n", "Are You Sure (y/n)? ")
"""The reply is shown on the question's line (seen, 12.6 and 13.5; `HP` in the place of `HPE` before is inferred)."""


def agreed(reply: str | None) -> bool:
    """Tell whether a reply says yes; the end of the input does not (inferred, as is that `yes` does)."""
    return (reply or "").strip().lower() in ("y", "yes")
