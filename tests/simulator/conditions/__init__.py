"""The conditions that befall arrays, each as a plain SSH client sees it."""

INITIATOR = "iqn.1993-08.org.debian:01:host"
DAY = 86400
