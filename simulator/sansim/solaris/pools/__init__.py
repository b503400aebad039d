"""The kernel's ZFS: pools on disks, datasets and snapshots in them, and every rule that holds among these."""
