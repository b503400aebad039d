"""The service management facility, and its programs `svcs`, `svcadm` and `svcprop`."""
