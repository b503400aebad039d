"""How `exit`, `return`, `break` and `continue` leave what they leave."""

__all__ = ["BreakLoop", "ExitShell", "Interrupted", "ReturnFunction"]


class ExitShell(Exception):
    """`exit`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ReturnFunction(Exception):
    """`return`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Interrupted(Exception):
    """^C: an interactive shell gives the line up."""


class BreakLoop(Exception):
    """`break` and `continue`, through that many loops."""

    def __init__(self, levels: int, *, again: bool) -> None:
        super().__init__(levels)
        self.levels = levels
        self.again = again
