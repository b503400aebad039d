"""What goes wrong on an array, as data: faults of programs, latency, and conditions of the array itself."""

from sansim.faults.conditions import (
    ClockJump,
    Condition,
    ConnectedInitiator,
    DegradedPool,
    FullStorage,
    Intervention,
    LateDevices,
    MovedVip,
    NodeDown,
    OtherAdmin,
    ServiceInMaintenance,
)
from sansim.faults.fault import STAGES, Fault, Latency
from sansim.faults.faults import Faults
from sansim.faults.line import Line
from sansim.faults.standing import Befall, Lift, Standing
from sansim.faults.tables import condition_of, fault_of, latency_of, table_of
from sansim.faults.unattended import OTHER_ADMIN, Unattended, unattended

__all__ = [
    "OTHER_ADMIN",
    "STAGES",
    "Befall",
    "ClockJump",
    "Condition",
    "ConnectedInitiator",
    "DegradedPool",
    "Fault",
    "Faults",
    "FullStorage",
    "Intervention",
    "LateDevices",
    "Latency",
    "Lift",
    "Line",
    "MovedVip",
    "NodeDown",
    "OtherAdmin",
    "ServiceInMaintenance",
    "Standing",
    "Unattended",
    "condition_of",
    "fault_of",
    "latency_of",
    "table_of",
    "unattended",
]
