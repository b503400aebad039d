"""What importing a package brings along, and what it must not."""

import subprocess
import sys

import pytest

HEAVY = ("fabric", "paramiko", "invoke", "jinja2", "cmd2", "dask", "pytest", "sansim", "asyncssh", "bashkit")


def loaded(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after running `code`."""
    show = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


def test_importing_sansdk_brings_nothing_heavy():
    assert loaded("import sansdk").isdisjoint(HEAVY)


def test_every_public_name_of_sansdk_is_there_and_brings_nothing_heavy():
    assert loaded("from sansdk import *").isdisjoint(HEAVY)


ALL_BUT_TESTING = """
import importlib, pkgutil, sansdk
for found in pkgutil.walk_packages(sansdk.__path__, "sansdk."):
    if not found.name.startswith("sansdk.testing"):
        importlib.import_module(found.name)
"""


def test_sansdk_never_imports_its_simulator():
    assert loaded(ALL_BUT_TESTING).isdisjoint({"sansim", "pytest", "asyncssh", "bashkit"})


@pytest.mark.parametrize("module", ["sansim", "sansim.cli", "sansim.solaris.host", "sansim.lefthand.array"])
def test_the_simulator_never_imports_sansdk(module: str):
    assert "sansdk" not in loaded(f"import {module}")


def test_loading_the_pytest_plugin_brings_neither_simulator_nor_transport():
    found = loaded("import sansdk.testing.plugin")
    assert found.isdisjoint(set(HEAVY) - {"pytest"})
    assert "pytest" in found
