"""The program `itadm` over the iSCSI target service."""
