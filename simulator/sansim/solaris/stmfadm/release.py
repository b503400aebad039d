"""What stmfadm and sbdadm print differently from one release to another, as a value."""

from attrs import frozen

__all__ = ["ILLUMOS_STMF", "OPENSOLARIS_STMF", "ORACLE_STMF", "StmfRelease"]


@frozen
class StmfRelease:
    """One release of the SCSI target framework's programs.

    Attributes:
        label_width: The width of the labels in `list-lu -v` and `list-target -v`.
        target_group_label: What `list-view` calls the target group.
        auto_lun: Whether `list-view` prints `Auto` for a LUN that the host chose.
        view_sessions: Whether `list-view` has -v, which adds a line for each initiator that sees the view.
        newest_member_first: Whether groups list the member that was added last first.
        write_cache_mode: Whether `list-lu -v` has the line `Write Cache Mode Select`.
        alua: Whether `list-state` tells of asymmetric access.
    """

    label_width: int = 18
    target_group_label: str = "Target group"
    auto_lun: bool = False
    view_sessions: bool = False
    newest_member_first: bool = False
    write_cache_mode: bool = False
    alua: bool = True


ILLUMOS_STMF = StmfRelease()
"""illumos since 2013 (source: stmfadm.c)."""

ORACLE_STMF = StmfRelease(
    label_width=23,
    target_group_label="Target Group",
    auto_lun=True,
    view_sessions=True,
    newest_member_first=True,
    write_cache_mode=True,
)
"""Oracle Solaris 11.1 to 11.3 (seen; the blanks of the `Lun` lines are inferred)."""

OPENSOLARIS_STMF = StmfRelease(alua=False)
"""OpenSolaris: `list-state` prints two lines (seen, 2008); the rest as later ones do (inferred)."""
