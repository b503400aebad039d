"""How a running simulator is steered: a local socket with its owner's rights, and what can be asked there.

One JSON object a line in each direction. A request has `version`, `do` and what that needs; the answer is one
object, or for `log` one for each exec and one at the end; `{"version": 1, "error": "…"}` says what was refused and
what to do.

    {"version": 1, "do": "add-fault", "array": "solaris", "fault": {"kind": "cut", "pattern": "zfs create*"}}
    {"version": 1, "number": 1}
"""

from sansim.control.client import Client
from sansim.control.places import find
from sansim.control.protocol import VERSION, ControlError

__all__ = ["VERSION", "Client", "ControlError", "find"]
