"""Solaris and illumos hosts: ZFS volumes behind COMSTAR."""
