"""The files under `/etc` that tell of a host's users and its name.

Source: illumos passwd(5), group(5), user_attr(5).
"""

from collections.abc import Mapping

from sansim.shell.accounts import Accounts
from sansim.solaris.login.release import LoginRelease

__all__ = ["etc_files"]


def etc_files(accounts: Accounts, hostname: str, login: LoginRelease) -> Mapping[str, str]:
    """Return the text of each file by path; `user_attr` only where there are rights profiles."""
    users = sorted(accounts.values(), key=lambda user: user.number)
    members: dict[tuple[int, str], list[str]] = {}
    for user in users:
        for place, group in enumerate(user.groups):
            named = members.setdefault((group.number, group.name), [])
            if place:
                named.append(user.name)
    passwd = "".join(
        f"{user.name}:x:{user.number}:{user.groups[0].number}:{login.root_comment if user.number == 0 else ''}:"
        f"{user.home}:{user.login_shell}\n"
        for user in users
    )
    secret = login.group_password
    rows = (f"{name}:{secret}:{number}:{','.join(named)}\n" for (number, name), named in sorted(members.items()))
    groups = "".join(rows)
    files = {
        "/etc/passwd": passwd,
        "/etc/group": groups,
        "/etc/hosts": f"::1 localhost\n127.0.0.1 localhost loghost {hostname}\n",
    }
    if not login.profiles:
        return files | {"/etc/hostname": f"{hostname}\n"}
    attributes = "".join(
        f"{user.name}::::type=normal;profiles={','.join(user.profiles)}"
        + (";defaultpriv=all" if user.credentials.root and user.number else "")
        + "\n"
        for user in users
    )
    return files | {"/etc/nodename": f"{hostname}\n", "/etc/user_attr": attributes}
