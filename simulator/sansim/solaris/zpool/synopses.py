"""Which sub-commands zpool has in each release, and how it says they are used.

Source: zpool_main.c of OmniOS of 2022, seen: OpenZFS 2.1.11; source: illumos of 2010 for OpenSolaris of 2009,
less what came between. Solaris 11 is inferred from illumos of 2012.
"""

from sansim.solaris.zfs.synopses import GAP, Synopses

__all__ = ["ILLUMOS_SYNOPSES", "OPENSOLARIS_SYNOPSES", "OPENZFS_SYNOPSES", "SOLARIS_11_SYNOPSES"]


ILLUMOS_SYNOPSES: Synopses = (
    (
        "create",
        (
            "create [-fnd] [-B] [-o property=value] ... ",
            "    [-O file-system-property=value] ...",
            "    [-m mountpoint] [-R root] [-t tempname] <pool> <vdev> ...",
        ),
    ),
    ("destroy", ("destroy [-f] <pool>",)),
    (GAP, ()),
    ("add", ("add [-fgLnP] [-o property=value] <pool> <vdev> ...",)),
    ("remove", ("remove [-nps] <pool> <device> ...",)),
    (GAP, ()),
    ("labelclear", ("labelclear [-f] <vdev>",)),
    (GAP, ()),
    ("checkpoint", ("checkpoint [--discard] <pool> ...",)),
    (GAP, ()),
    ("list", ("list [-gHLpPv] [-o property[,...]] [-T d|u] [pool] ... [interval [count]]",)),
    (
        "iostat",
        (
            "iostat [[-lq]|[-rw]] [-T d | u] [-ghHLpPvy]",
            "    [[pool] ...]|[pool vdev ...]|[vdev ...]] [[-n] interval [count]]",
        ),
    ),
    ("status", ("status [-igLpPsvxD] [-T d|u] [pool] ... [interval [count]]",)),
    (GAP, ()),
    ("online", ("online [-e] <pool> <device> ...",)),
    ("offline", ("offline [-t] <pool> <device> ...",)),
    ("clear", ("clear [-nF] <pool> [device]",)),
    ("reopen", ("reopen <pool>",)),
    (GAP, ()),
    ("attach", ("attach [-f] [-o property=value] <pool> <device> <new-device>",)),
    ("detach", ("detach <pool> <device>",)),
    ("replace", ("replace [-f] <pool> <device> [new-device]",)),
    (
        "split",
        (
            "split [-gLlnP] [-R altroot] [-o mntopts]",
            "    [-o property=value] <pool> <newpool> [<device> ...]",
        ),
    ),
    (GAP, ()),
    ("initialize", ("initialize [-c | -s] <pool> [<device> ...]",)),
    ("resilver", ("resilver <pool> ...",)),
    ("scrub", ("scrub [-s | -p] <pool> ...",)),
    ("trim", ("trim [-d] [-r <rate>] [-c | -s] <pool> [<device> ...]",)),
    (GAP, ()),
    (
        "import",
        (
            "import [-d dir] [-D]",
            "import [-d dir | -c cachefile] [-F [-n]] [-l] <pool | id>",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-l] [-f] [-m] [-N] [-R root] [-F [-n]] -a",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-l] [-f] [-m] [-N] [-R root] [-F [-n]] [-t]",
            "    [--rewind-to-checkpoint] <pool | id> [newpool]",
        ),
    ),
    ("export", ("export [-f] <pool> ...",)),
    (
        "upgrade",
        (
            "upgrade",
            "upgrade -v",
            "upgrade [-V version] <-a | pool ...>",
        ),
    ),
    ("reguid", ("reguid <pool>",)),
    (GAP, ()),
    ("history", ("history [-il] [<pool>] ...",)),
    ("get", ('get [-Hp] [-o "all" | field[,...]] <"all" | property[,...]> <pool> ...',)),
    ("set", ("set <property=value> <pool> ",)),
    ("sync", ("sync [pool] ...",)),
)

OPENZFS_SYNOPSES: Synopses = (
    ("version", ("version",)),
    (GAP, ()),
    (
        "create",
        (
            "create [-fnd] [-o property=value] ... ",
            "    [-O file-system-property=value] ... ",
            "    [-m mountpoint] [-R root] <pool> <vdev> ...",
        ),
    ),
    ("destroy", ("destroy [-f] <pool>",)),
    (GAP, ()),
    ("add", ("add [-fgLnP] [-o property=value] <pool> <vdev> ...",)),
    ("remove", ("remove [-npsw] <pool> <device> ...",)),
    (GAP, ()),
    ("labelclear", ("labelclear [-f] <vdev>",)),
    (GAP, ()),
    ("checkpoint", ("checkpoint [-d [-w]] <pool> ...",)),
    (GAP, ()),
    (
        "list",
        (
            "list [-gHLpPv] [-o property[,...]] [-T d|u] [pool] ... ",
            "    [interval [count]]",
        ),
    ),
    (
        "iostat",
        (
            "iostat [[[-c [script1,script2,...][-lq]]|[-rw]] [-T d | u] [-ghHLpPvy]",
            "    [[pool ...]|[pool vdev ...]|[vdev ...]] [[-n] interval [count]]",
        ),
    ),
    (
        "status",
        (
            "status [-c [script1,script2,...]] [-igLpPstvxD]  [-T d|u] [pool] ... ",
            "    [interval [count]]",
        ),
    ),
    (GAP, ()),
    ("online", ("online [-e] <pool> <device> ...",)),
    ("offline", ("offline [-f] [-t] <pool> <device> ...",)),
    ("clear", ("clear [-nF] <pool> [device]",)),
    ("reopen", ("reopen [-n] <pool>",)),
    (GAP, ()),
    ("attach", ("attach [-fsw] [-o property=value] <pool> <device> <new-device>",)),
    ("detach", ("detach <pool> <device>",)),
    ("replace", ("replace [-fsw] [-o property=value] <pool> <device> [new-device]",)),
    (
        "split",
        (
            "split [-gLnPl] [-R altroot] [-o mntopts]",
            "    [-o property=value] <pool> <newpool> [<device> ...]",
        ),
    ),
    (GAP, ()),
    ("initialize", ("initialize [-c | -s] [-w] <pool> [<device> ...]",)),
    ("resilver", ("resilver <pool> ...",)),
    ("scrub", ("scrub [-s | -p] [-w] <pool> ...",)),
    ("trim", ("trim [-dw] [-r <rate>] [-c | -s] <pool> [<device> ...]",)),
    (GAP, ()),
    (
        "import",
        (
            "import [-d dir] [-D]",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-l] [-f] [-m] [-N] [-R root] [-F [-n]] -a",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-l] [-f] [-m] [-N] [-R root] [-F [-n]]",
            "    [--rewind-to-checkpoint] <pool | id> [newpool]",
        ),
    ),
    ("export", ("export [-af] <pool> ...",)),
    (
        "upgrade",
        (
            "upgrade",
            "upgrade -v",
            "upgrade [-V version] <-a | pool ...>",
        ),
    ),
    ("reguid", ("reguid <pool>",)),
    (GAP, ()),
    ("history", ("history [-il] [<pool>] ...",)),
    ("events", ("events [-vHf [pool] | -c]",)),
    (GAP, ()),
    ("get", ('get [-Hp] [-o "all" | field[,...]] <"all" | property[,...]> <pool> ...',)),
    ("set", ("set <property=value> <pool> ",)),
    ("sync", ("sync [pool] ...",)),
    (GAP, ()),
    ("wait", ("wait [-Hp] [-T d|u] [-t <activity>[,...]] <pool> [interval]",)),
)

OPENSOLARIS_SYNOPSES: Synopses = (
    (
        "create",
        (
            "create [-fn] [-o property=value] ... ",
            "    [-O file-system-property=value] ... ",
            "    [-m mountpoint] [-R root] <pool> <vdev> ...",
        ),
    ),
    ("destroy", ("destroy [-f] <pool>",)),
    (GAP, ()),
    ("add", ("add [-fn] <pool> <vdev> ...",)),
    ("remove", ("remove <pool> <device> ...",)),
    (GAP, ()),
    ("list", ("list [-H] [-o property[,...]] [pool] ...",)),
    ("iostat", ("iostat [-v] [pool] ... [interval [count]]",)),
    ("status", ("status [-vx] [pool] ...",)),
    (GAP, ()),
    ("online", ("online <pool> <device> ...",)),
    ("offline", ("offline [-t] <pool> <device> ...",)),
    ("clear", ("clear <pool> [device]",)),
    (GAP, ()),
    ("attach", ("attach [-f] <pool> <device> <new-device>",)),
    ("detach", ("detach <pool> <device>",)),
    ("replace", ("replace [-f] <pool> <device> [new-device]",)),
    (GAP, ()),
    ("scrub", ("scrub [-s] <pool> ...",)),
    (GAP, ()),
    (
        "import",
        (
            "import [-d dir] [-D]",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-f] [-R root] -a",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-f] [-R root] <pool | id> [newpool]",
        ),
    ),
    ("export", ("export [-f] <pool> ...",)),
    (
        "upgrade",
        (
            "upgrade",
            "upgrade -v",
            "upgrade [-V version] <-a | pool ...>",
        ),
    ),
    (GAP, ()),
    ("history", ("history [-il] [<pool>] ...",)),
    ("get", ('get <"all" | property[,...]> <pool> ...',)),
    ("set", ("set <property=value> <pool> ",)),
)

SOLARIS_11_SYNOPSES: Synopses = (
    (
        "create",
        (
            "create [-fn] [-B] [-N name] [-o property=value] ... ",
            "    [-O file-system-property=value] ... ",
            "    [-l pool-name] [-m mountpoint] [-R root] <pool> <vdev> ...",
        ),
    ),
    ("destroy", ("destroy [-f] <pool>",)),
    (GAP, ()),
    ("add", ("add [-fn] <pool> <vdev> ...",)),
    ("remove", ("remove <pool> <device> ...",)),
    (GAP, ()),
    ("list", ("list [-H] [-o property[,...]] [-T d|u] [pool] ... [interval [count]]",)),
    ("iostat", ("iostat [-v] [-T d|u] [pool] ... [interval [count]]",)),
    ("status", ("status [-l] [-v] [-x] [-T d|u] [pool] ... [interval [count]]",)),
    (GAP, ()),
    ("online", ("online [-e] <pool> <device> ...",)),
    ("offline", ("offline [-t] <pool> <device> ...",)),
    ("clear", ("clear [-nF] <pool> [device]",)),
    (GAP, ()),
    ("attach", ("attach [-f] <pool> <device> <new-device>",)),
    ("detach", ("detach <pool> <device>",)),
    ("replace", ("replace [-f] <pool> <device> [new-device]",)),
    (
        "split",
        (
            "split [-n] [-R altroot] [-o mntopts]",
            "    [-o property=value] <pool> <newpool> [<device> ...]",
        ),
    ),
    (GAP, ()),
    ("scrub", ("scrub [-s] <pool> ...",)),
    (GAP, ()),
    (
        "import",
        (
            "import [-d dir] [-D]",
            "import [-d dir | -c cachefile] [-F [-n]] <pool | id>",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-f] [-m] [-N] [-R root] [-F [-n]] -a",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-f] [-m] [-N] [-R root] [-F [-n]]",
            "    <pool | id> [newpool]",
        ),
    ),
    ("export", ("export [-f] <pool> ...",)),
    (
        "upgrade",
        (
            "upgrade",
            "upgrade -v",
            "upgrade [-V version] <-a | pool ...>",
        ),
    ),
    (GAP, ()),
    ("history", ("history [-il] [<pool>] ...",)),
    ("get", ('get <"all" | property[,...]> <pool> ...',)),
    ("set", ("set <property=value> <pool> ",)),
)
