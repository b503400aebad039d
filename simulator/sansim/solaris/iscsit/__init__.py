"""The iSCSI target service of the kernel."""
