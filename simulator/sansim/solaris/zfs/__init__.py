"""The program `zfs`, and what releases of ZFS differ in."""
