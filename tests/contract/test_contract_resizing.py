"""The contract, held here against the simulated arrays."""

from sansdk.testing.contract.test_resizing import *  # noqa: F403 - its tests and fixtures are this module's
