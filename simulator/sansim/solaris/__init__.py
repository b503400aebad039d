"""A Solaris or illumos storage host: ZFS, COMSTAR, SMF and the login on top of them."""
