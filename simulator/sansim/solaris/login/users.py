"""The accounts of a Solaris host, as its configuration gives them."""

from collections.abc import Iterable

from sansim.config import ArrayConfig, ConfigError, UserConfig
from sansim.program import Credentials
from sansim.shell.accounts import Accounts, Group, User
from sansim.solaris.login.profiles import DEFAULT_AUTHORIZATIONS, DEFAULT_PROFILES, PROFILES, expanded
from sansim.solaris.login.release import LoginRelease

__all__ = ["accounts"]

_FIRST_GROUP = 100
_ALL_RIGHTS = "Primary Administrator"


def accounts(config: ArrayConfig, login: LoginRelease) -> Accounts:
    """Make the accounts: the one that the array's URL names, the others, and root.

    Args:
        config: Who there is.
        login: What the release has: where homes lie, which groups there are, the login shell.

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
    numbers = dict(login.groups)
    ordinary = [user for user in given if user.name != "root"]
    for offset, user in enumerate(ordinary):
        for group in (*user.groups, login.group or user.name):
            numbers.setdefault(
                group, login.first_user + offset if group == user.name else _next_group(numbers, login.first_user)
            )
    made = [
        _user(
            config, user, login.first_user + offset, login, _groups(numbers, (login.group or user.name, *user.groups))
        )
        for offset, user in enumerate(ordinary)
    ]
    root = next((user for user in given if user.name == "root"), UserConfig(name="root"))
    return Accounts((_root(root, login.login_shell, _groups(numbers, login.root_groups)), *made))


def _next_group(numbers: dict[str, int], first_user: int) -> int:
    return max(_FIRST_GROUP - 1, *(number for number in numbers.values() if number < first_user)) + 1


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


def _user(array: ArrayConfig, config: UserConfig, number: int, login: LoginRelease, groups: tuple[Group, ...]) -> User:
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
        home=f"{login.home}/{config.name}",
        login_shell=login.login_shell,
        password=config.password,
        authorized_keys=config.authorized_keys,
        credentials=credentials,
        profiles=profiles,
        sudo=config.sudo,
    )
