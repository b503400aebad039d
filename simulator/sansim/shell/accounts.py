"""Who has an account on a host: users and their groups, as passwd and group files hold them."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from sansim.program import Credentials

__all__ = ["Accounts", "Group", "User"]


@frozen
class Group:
    """A group by name and number."""

    name: str
    number: int


@frozen(kw_only=True)
class User:
    """One account.

    Attributes:
        name: The login name.
        number: The user number.
        groups: The groups; the first is the primary one.
        home: The home directory.
        login_shell: The login shell's path.
        password: What proves who it is; empty for nobody can.
        authorized_keys: OpenSSH public keys that prove it too.
        credentials: What a fresh login of this user may do.
        profiles: The rights profiles, as given and in their order.
        sudo: What sudoers says: `` for not in it, `password`, or `nopasswd`.
    """

    name: str
    number: int
    groups: tuple[Group, ...]
    home: str
    login_shell: str
    password: str = ""
    authorized_keys: tuple[str, ...] = ()
    credentials: Credentials
    profiles: tuple[str, ...] = ()
    sudo: str = ""


class Accounts(Mapping[str, User]):
    """The accounts of a host by login name. `root` is always there."""

    def __init__(self, users: tuple[User, ...]) -> None:
        self._users = {user.name: user for user in users}

    def __getitem__(self, name: str) -> User:
        return self._users[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._users)

    def __len__(self) -> int:
        return len(self._users)

    def find(self, name: str) -> User | None:
        """Return a user by name or, as `#1001`, by number."""
        if name.startswith("#"):
            return next((user for user in self._users.values() if str(user.number) == name[1:]), None)
        return self._users.get(name)
