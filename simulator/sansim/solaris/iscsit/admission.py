"""Who may log in at an iSCSI target, and whether the target proves itself.

Source: illumos `iscsit_auth.c`; that an initiator without a stored secret cannot log in is inferred.
"""

from collections.abc import Mapping

from attrs import field, frozen

from sansim.solaris.iscsit.model import Configuration, IscsiTarget

__all__ = ["Admission", "Credentials"]


@frozen
class Credentials:
    """A CHAP user and secret; None for either is what goes without saying."""

    user: str | None
    secret: str | None = field(repr=False)


@frozen
class Admission:
    """The rules of one configuration.

    Attributes:
        radius: The accounts that the RADIUS server knows: secrets by user.
    """

    _configuration: Configuration
    radius: Mapping[str, str]

    def listens(self, target: IscsiTarget, portal: str) -> bool:
        """Whether a target listens at an address and port; without portal groups it does everywhere."""
        groups = {tag.group for tag in target.tags}
        return not groups or any(
            portal in group.portals for group in self._configuration.portal_groups if group.name in groups
        )

    def admits(self, target: IscsiTarget, initiator: str, given: Credentials) -> bool:
        """Whether an initiator proves itself as the target wants it."""
        defaults = self._configuration.defaults
        authentication = target.authentication or defaults.authentication or "none"
        if authentication == "none":
            return True
        if authentication == "radius":
            reachable = defaults.radius_server is not None and defaults.radius_secret is not None
            known = self.radius.get(given.user or initiator)
            return reachable and known is not None and known == given.secret
        record = self._configuration.initiator(initiator)
        if record is None or record.chap_secret is None:
            return False
        expected = record.chap_user or record.name.lower()
        return (given.user if given.user is not None else expected, given.secret) == (expected, record.chap_secret)

    def proves(self, target: IscsiTarget, wanted: Credentials) -> bool:
        """Whether a target can prove itself to an initiator that asks it to."""
        own = target.chap_user or target.name
        return target.chap_secret is not None and (wanted.user or own, wanted.secret) == (own, target.chap_secret)
