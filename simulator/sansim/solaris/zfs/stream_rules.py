"""What releases of ZFS differ in where bookmarks, send and receive are concerned: texts and rules, as data."""

from attrs import evolve, frozen

__all__ = ["LINUX_STREAMS", "OLDEST_STREAMS", "OLD_STREAMS", "StreamRules"]


@frozen
class StreamRules:
    """How one release bookmarks, sends and receives.

    Attributes:
        snapshot_argument: What `bookmark` calls its first argument where it is missing.
        not_a_source: The complaint about a first argument of `bookmark` that cannot be one.
        bookmarks_of_ancestors: Whether a bookmark can be made of a bookmark, and on a clone of what its origin
            comes from.
        sends_one: Whether a send of a single snapshot has a path of its own, which names both ends in full and
            opens them before it begins; else it is a replication of one dataset.
        long_options: Whether `send` has long options.
        whole: What `send -v` says of a whole snapshot, and `since` of an increment.
        estimates: Whether it estimates their sizes.
        keeps_received: Whether properties that come with a stream are told apart from those that are set.
        dedup_warning: What `send -D` warns of.
        besides_t: The complaint about arguments beside `send -t`.
        received: What `receive -v` ends with.
        exclusive: The complaint about `receive -d -e`; empty where -e simply wins.
        incomplete: What `receive` says of a stream that breaks off, and `changed` of one that was changed.
        invalid_option: The complaint about an option beside `receive -A`.
    """

    snapshot_argument: str = "snapshot"
    not_a_source: str = "invalid snapshot name '{}': must contain a '@'"
    bookmarks_of_ancestors: bool = False
    sends_one: bool = False
    long_options: bool = True
    whole: str = "full send of {name}"
    since: str = "send from {base} to {name}"
    estimates: bool = True
    keeps_received: bool = True
    dedup_warning: str = ""
    besides_t: str = "no additional arguments are permitted with -t"
    received: str = "received {size}B stream in {seconds} seconds ({rate}B/sec)"
    exclusive: str = ""
    incomplete: str = "checksum mismatch or incomplete stream"
    changed: str = "checksum mismatch or incomplete stream"
    invalid_option: str = "invalid option"


LINUX_STREAMS = StreamRules(
    snapshot_argument="source",
    not_a_source="invalid source name '{}': must contain a '@' or '#'",
    bookmarks_of_ancestors=True,
    sends_one=True,
    dedup_warning=(
        "WARNING: deduplicated send is no longer supported.  A regular,\nnon-deduplicated stream will be generated.\n\n"
    ),
    besides_t="too many arguments",
    received="received {size} stream in {seconds} seconds ({rate}/sec)",
    exclusive="invalid option combination: -d and -e are mutually exclusive",
    incomplete="incomplete stream",
    changed="checksum mismatch",
    invalid_option="invalid option\n",
)
"""OpenZFS 2.1 (source: zfs_main.c, libzfs_sendrecv.c)."""

OLD_STREAMS = StreamRules(
    long_options=False, whole="sending from @ to {name}", since="sending from {base} to {name}", estimates=False
)
"""illumos of 2011 (source: libzfs_sendrecv.c); that Oracle's releases say the same is inferred."""

OLDEST_STREAMS = evolve(OLD_STREAMS, keeps_received=False)
"""Solaris Express of early 2009 (source: libzfs_sendrecv.c)."""
