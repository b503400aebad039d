"""The example programs run, and show what they promise."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

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


def test_a_volume_is_made_once_although_the_line_is_lost():
    said = printed("lost_line.py")
    assert "cut 1 time" in said
    assert said.count("zfs create -s -V 10737418240 ") == 1
    assert "status unknown" in said


def test_the_script_for_an_administrator_is_a_program_without_secrets():
    said = printed("script_for_an_admin.py")
    checked = subprocess.run(["/bin/sh", "-n"], input=said, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "${SANSDK_SECRET_1:?}" in said
    assert said.count("stmfadm add-view -t sansdk:tank-") == 4  # two volumes to two hosts
    assert "Volumes on the array now: []" in said


def test_every_example_is_tried_here():
    tried = set(re.findall(r'printed\("(\w+\.py)"\)', Path(__file__).read_text(encoding="utf-8")))
    assert {path.name for path in EXAMPLES.glob("*.py")} == tried
