"""What a login finds on each release: where homes lie, the PATH, the message of the day, how sudo asks."""

from collections.abc import Mapping

from attrs import frozen

from sansim.login import Welcome
from sansim.solaris.sudo import SudoTexts

__all__ = ["DEBIAN_LOGIN", "ILLUMOS_LOGIN", "LoginRelease"]


_ILLUMOS_LINKS = {"/bin": "./usr/bin", "/usr/sbin/zfs": "../../sbin/zfs", "/usr/sbin/zpool": "../../sbin/zpool"}
_UPSTREAM_SUDO = SudoTexts()


@frozen(kw_only=True)
class LoginRelease:
    """The login of one release.

    Attributes:
        path: The PATH of a user.
        root_path: The PATH of root.
        home: Where homes lie.
        group: The primary group of users; empty for one of each user's own name.
        motd: The message of the day.
        profiles: Whether it has rights profiles, with `pfexec` and the profile shells.
        links: Symbolic links of the system, by path.
        sudo: What its sudo says and sets.
    """

    path: str = "/usr/bin:/usr/sbin:/sbin"
    root_path: str = "/usr/sbin:/usr/bin:/sbin"
    home: str = "/export/home"
    group: str = "staff"
    motd: str = ""
    profiles: bool = True
    links: Mapping[str, str] = _ILLUMOS_LINKS
    sudo: SudoTexts = _UPSTREAM_SUDO

    def welcome(self, prompt: str) -> Welcome:
        """Return what a login finds, with a prompt of root's (`#`) or of everybody's."""
        return Welcome(path=self.path, root_path=self.root_path, prompt=prompt.replace("#", r"\$"), motd=self.motd)


ILLUMOS_LOGIN = LoginRelease()
DEBIAN_LOGIN = LoginRelease(
    path="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
    root_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    home="/home",
    group="",
    profiles=False,
    links={"/bin": "usr/bin", "/sbin": "usr/sbin"},
    sudo=SudoTexts(
        prompt="[sudo] password for %p: ", path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    ),
)
