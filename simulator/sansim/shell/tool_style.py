"""What the usual tools say when something is wrong, in the tradition of Sun and in that of GNU.

Sources: illumos cat.c, ls.c, rm.c, mkdir.c, mv.c, touch.c, chmod.c, chown.c, ln.c, id.c, which.c; GNU coreutils 9.1
and debianutils' which, as they answer.
"""

from collections.abc import Mapping

from attrs import field, frozen

__all__ = ["GNU", "SUN", "Complaint", "ToolStyle"]


@frozen
class Complaint:
    """What a tool says, with `{name}`, `{reason}` and their like for what it is about, and its exit status."""

    text: str
    status: int


@frozen
class ToolStyle:
    """One tradition of tools.

    Attributes:
        complaints: What is said, by the tool and what is wrong: `rm absent`.
        fits: Whether `ls -l` makes its columns as wide as they need to be, and counts in KiB.
        which: What `which` prints of a command that is not there; `{path}` is where it looked.
        all_groups: Whether `id` tells all groups unasked.
    """

    complaints: Mapping[str, Complaint] = field(repr=False)
    fits: bool = False
    all_groups: bool = False
    which: str = "no {name} in {path}\n"


SUN = ToolStyle(
    {
        "cat": Complaint("cat: cannot open {name}: {reason}\n", 2),
        "chgrp group": Complaint("chgrp: unknown group: {name}\n", 1),
        "chmod absent": Complaint("chmod: WARNING: can't access {name}\n", 1),
        "chmod denied": Complaint("chmod: WARNING: can't change {name}\n", 1),
        "chmod mode": Complaint("chmod: ERROR: invalid mode\n", 1),
        "chmod operands": Complaint("chmod: ERROR: invalid mode\n", 1),
        "chown absent": Complaint("{name}: No such file or directory\n", 1),
        "chown denied": Complaint("{name}: Not owner\n", 1),
        "chown group": Complaint("chown: unknown group id {name}\n", 1),
        "chown operands": Complaint("{tool}: usage: {tool} [-fhR] owner[:group] file...\n", 1),
        "chown user": Complaint("chown: unknown user id {name}\n", 1),
        "cp absent": Complaint("{tool}: cannot access {name}\n", 2),
        "cp denied": Complaint("{tool}: cannot access {name}: Permission denied\n", 2),
        "cp operands": Complaint("{tool}: Insufficient arguments\n", 2),
        "date": Complaint("date: bad conversion\n", 1),
        "dd number": Complaint("dd: bad numeric argument\n", 2),
        "dd open": Complaint("dd: {name}: open: {reason}\n", 2),
        "dd word": Complaint('dd: bad argument: "{name}"\n', 2),
        "head": Complaint("head: {name}: {reason}\n", 1),
        "id": Complaint('id: invalid user name: "{name}"\n', 1),
        "ln failed": Complaint("ln: cannot create {name}: {reason}\n", 2),
        "ln operands": Complaint("Usage: ln [-f] [-n] [-s] f1 [f2]\n", 2),
        "ls": Complaint("{name}: No such file or directory\n", 2),
        "ls denied": Complaint("ls: cannot access {name}: Permission denied\n", 2),
        "mkdir": Complaint('mkdir: Failed to make directory "{name}"; {reason}\n', 2),
        "mkdir mode": Complaint("mkdir: Invalid mode.\n", 2),
        "run": Complaint("{tool}: {name}: No such file or directory\n", 127),
        "rm absent": Complaint("{name}: No such file or directory\n", 2),
        "rm denied": Complaint("rm: {name} not removed: Permission denied\n", 2),
        "rm directory": Complaint("rm: {name} is a directory\n", 2),
        "rmdir absent": Complaint('rmdir: directory "{name}": Directory does not exist\n', 2),
        "rmdir full": Complaint('rmdir: directory "{name}": Directory not empty\n', 2),
        "xargs": Complaint("xargs: #args must be positive int: {name}\n", 1),
        "touch": Complaint("touch: {name} cannot create\n", 1),
        "touch time": Complaint("touch: bad time specification\n", 2),
    }
)
_HELP = "Try '{tool} --help' for more information.\n"
GNU = ToolStyle(
    {
        "cat": Complaint("cat: {name}: {reason}\n", 1),
        "chgrp group": Complaint("chgrp: invalid group: '{name}'\n", 1),
        "chmod absent": Complaint("chmod: cannot access '{name}': No such file or directory\n", 1),
        "chmod denied": Complaint("chmod: changing permissions of '{name}': Operation not permitted\n", 1),
        "chmod mode": Complaint("chmod: invalid mode: '{name}'\nTry 'chmod --help' for more information.\n", 1),
        "chmod operands": Complaint("chmod: missing operand\nTry 'chmod --help' for more information.\n", 1),
        "chown absent": Complaint("{tool}: cannot access '{name}': No such file or directory\n", 1),
        "chown denied": Complaint("{tool}: changing ownership of '{name}': Operation not permitted\n", 1),
        "chown group": Complaint("chown: invalid group: '{name}'\n", 1),
        "chown operands": Complaint("{tool}: missing operand\n" + _HELP, 1),
        "chown user": Complaint("chown: invalid user: '{name}'\n", 1),
        "cp absent": Complaint("{tool}: cannot stat '{name}': No such file or directory\n", 1),
        "cp denied": Complaint("{tool}: cannot open '{name}' for reading: Permission denied\n", 1),
        "cp operands": Complaint("{tool}: missing file operand\n" + _HELP, 1),
        "date": Complaint("date: invalid date '{name}'\n", 1),
        "dd number": Complaint("dd: invalid number: '{name}'\n", 1),
        "dd open": Complaint("dd: failed to open '{name}': {reason}\n", 1),
        "dd word": Complaint("dd: unrecognized operand '{name}'\nTry 'dd --help' for more information.\n", 1),
        "head": Complaint("head: cannot open '{name}' for reading: {reason}\n", 1),
        "id": Complaint("id: '{name}': no such user\n", 1),
        "ln failed": Complaint("ln: failed to create symbolic link '{name}': {reason}\n", 1),
        "ln operands": Complaint("ln: missing file operand\nTry 'ln --help' for more information.\n", 1),
        "ls": Complaint("ls: cannot access '{name}': No such file or directory\n", 2),
        "ls denied": Complaint("ls: cannot open directory '{name}': Permission denied\n", 2),
        "mkdir": Complaint("mkdir: cannot create directory '{name}': {reason}\n", 1),
        "mkdir mode": Complaint("mkdir: invalid mode '{name}'\n", 1),
        "run": Complaint("{tool}: '{name}': No such file or directory\n", 127),
        "rm absent": Complaint("rm: cannot remove '{name}': No such file or directory\n", 1),
        "rm denied": Complaint("rm: cannot remove '{name}': Permission denied\n", 1),
        "rm directory": Complaint("rm: cannot remove '{name}': Is a directory\n", 1),
        "rmdir absent": Complaint("rmdir: failed to remove '{name}': No such file or directory\n", 1),
        "rmdir full": Complaint("rmdir: failed to remove '{name}': Directory not empty\n", 1),
        "xargs": Complaint('xargs: invalid number "{name}" for -n option\n' + _HELP, 1),
        "touch": Complaint("touch: cannot touch '{name}': No such file or directory\n", 1),
        "touch time": Complaint("touch: invalid date format\n", 1),
    },
    fits=True,
    all_groups=True,
    which="",
)
