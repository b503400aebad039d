"""A fake SAN: a real SSH server that answers as the arrays do."""

import logging

from sansim.clock import Clock
from sansim.config import ArrayConfig, ConfigError
from sansim.faults import Fault
from sansim.log import Exec
from sansim.simulator import SimulatedArray, Simulator
from sansim.store import StoreError

__all__ = [
    "ArrayConfig",
    "Clock",
    "ConfigError",
    "Exec",
    "Fault",
    "SimulatedArray",
    "Simulator",
    "StoreError",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())
