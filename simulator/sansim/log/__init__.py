"""What was asked of an array: one item for each SSH exec."""

from sansim.log.exec import Exec, Hold
from sansim.log.log import Log
from sansim.log.recording import Recording

__all__ = ["Exec", "Hold", "Log", "Recording"]
