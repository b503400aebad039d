"""The example programs run, and show what they promise."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"


def printed(name: str) -> str:
    """What an example prints, run as a user does."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / name)]
    ran = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_first_export_shows_plan_commands_and_values_of_both_arrays():
    said = printed("first_export.py")
    solaris, hp = said.split("=== ")[1:]
    for part in (solaris, hp):
        assert "create volume db1, 100GiB, thin" in part
        assert "100GiB" in part
        assert "(none)" in part
    assert solaris.count("/usr/sbin/stmfadm add-view -t sansdk:tank-") == 2  # planned, and run
    assert hp.count("assignVolumeChap volumeName=db1") == 2
    assert "-S ***" in solaris
    assert "targetSecret=*** " in hp


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_an_example_runs(name: str):
    assert printed(name)
