"""State survives `kill -9` at any moment, whatever runs (row 22)."""

import os

from tests.simulator.killing.rounds import kill_again_and_again

TIMES = int(os.environ.get("SANSIM_KILLS", "6"))


def test_row_22_whatever_was_acknowledged_outlives_a_kill_and_nothing_is_half() -> None:
    *_, result = kill_again_and_again(TIMES, seed=22)
    assert result.kills == TIMES
    assert result.acknowledged > TIMES
