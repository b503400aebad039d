"""The accounts of a Solaris host, as its configuration gives them."""

from collections.abc import Iterable

from sansim.config import ArrayConfig, ConfigError, UserConfig
from sansim.program import Credentials
from sansim.shell.accounts import Accounts, Group, User
from sansim.solaris.profiles import DEFAULT_AUTHORIZATIONS, DEFAULT_PROFILES, PROFILES, expanded

__all__ = ["accounts"]

_GROUPS = {
    "root": 0, "other": 1, "bin": 2, "sys": 3, "adm": 4, "uucp": 5, "mail": 6, "tty": 7, "lp": 8, "nuucp": 9,
    "staff": 10, "daemon": 12, "sysadmin": 14, "games": 20,
}  # fmt: skip
"""Source: illumos /etc/group."""
_FIRST_GROUP = 100
_FIRST_USER = 1001
_ROOT_GROUPS = ("root", "other", "bin", "sys", "adm", "uucp", "mail", "tty", "lp", "nuucp", "daemon")
_ALL_RIGHTS = "Primary Administrator"


def accounts(config: ArrayConfig, home: str, primary: str, shell: str) -> Accounts:
    """Make the accounts: the one that the array's URL names, the others, and root.

    Args:
        config: Who there is.
        home: Where homes lie: `/export/home`.
        primary: The primary group of users; empty for one of their own name.
        shell: The path of their login shell.

    Raises:
        ConfigError: A profile is not known, or a name is given twice.
    """
    first = UserConfig(
        name=config.username,
        password=config.password,
        authorized_keys=config.authorized_keys,
        profiles=config.profiles,
        groups=config.groups,
        root=config.root,
        sudo="nopasswd" if config.root else config.sudo,
    )
    given = (first, *config.users)
    names = [user.name for user in given]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"array {config.name}: two users are called {name!r}; give each its own name")
    numbers = dict(_GROUPS)
    ordinary = [user for user in given if user.name != "root"]
    for offset, user in enumerate(ordinary):
        for group in (*user.groups, primary or user.name):
            numbers.setdefault(group, _FIRST_USER + offset if group == user.name else _next_group(numbers))
    made = [
        _user(config, user, _FIRST_USER + offset, (home, shell), _groups(numbers, (primary or user.name, *user.groups)))
        for offset, user in enumerate(ordinary)
    ]
    root = next((user for user in given if user.name == "root"), UserConfig(name="root"))
    return Accounts((_root(root, shell, _groups(numbers, _ROOT_GROUPS)), *made))


def _next_group(numbers: dict[str, int]) -> int:
    return max(_FIRST_GROUP - 1, *(number for number in numbers.values() if number < _FIRST_USER)) + 1


def _groups(numbers: dict[str, int], names: Iterable[str]) -> tuple[Group, ...]:
    return tuple(Group(name, numbers[name]) for name in dict.fromkeys(names))


def _root(config: UserConfig, shell: str, groups: tuple[Group, ...]) -> User:
    return User(
        name="root",
        number=0,
        groups=groups,
        home="/root",
        login_shell=shell,
        password=config.password,
        authorized_keys=config.authorized_keys,
        credentials=Credentials("root", tuple(group.name for group in groups), root=True),
        profiles=("All",),
        sudo="nopasswd",
    )


def _user(
    array: ArrayConfig, config: UserConfig, number: int, place: tuple[str, str], groups: tuple[Group, ...]
) -> User:
    for name in config.profiles:
        if name not in PROFILES:
            known = ", ".join(sorted(PROFILES))
            raise ConfigError(f"array {array.name}: profile {name!r} is unknown; there are {known}")
    profiles = (*((_ALL_RIGHTS,) if config.root else ()), *config.profiles, *DEFAULT_PROFILES)
    held = {right for name in expanded(profiles) for right in PROFILES[name].authorizations}
    credentials = Credentials(
        config.name,
        tuple(group.name for group in groups),
        # A user whose default privileges are all of them, as user_attr can say.
        root=config.root,
        authorizations=frozenset(held | {*config.authorizations, *DEFAULT_AUTHORIZATIONS}),
        number=number,
    )
    return User(
        name=config.name,
        number=number,
        groups=groups,
        home=f"{place[0]}/{config.name}",
        login_shell=place[1],
        password=config.password,
        authorized_keys=config.authorized_keys,
        credentials=credentials,
        profiles=profiles,
        sudo=config.sudo,
    )
