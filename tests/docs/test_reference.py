"""The reference names everything that is public."""

import re
from pathlib import Path
from typing import Final

import pytest

import sansdk
import sansdk.errors
import sansim

REFERENCE: Final = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
NAMED: Final = set(re.findall(r"^\.\. auto(?:class|exception|function|data):: ([\w.]+)", REFERENCE, re.MULTILINE))
ERRORS: Final = {name for name in sansdk.__all__ if getattr(sansdk, name) in vars(sansdk.errors).values()}


def test_the_errors_are_documented_as_a_whole():
    assert ".. automodule:: sansdk.errors\n" in REFERENCE
    assert {"SanError", "NotFound", "Timeout"} <= ERRORS


@pytest.mark.parametrize("name", sorted(set(sansdk.__all__) - ERRORS))
def test_a_public_name_of_the_sdk_is_in_the_reference(name: str):
    assert f"sansdk.{name}" in NAMED


@pytest.mark.parametrize("name", sorted(sansim.__all__))
def test_a_public_name_of_the_simulator_is_in_the_reference(name: str):
    assert f"sansim.{name}" in NAMED
