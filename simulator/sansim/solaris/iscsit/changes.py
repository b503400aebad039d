"""Changes to a configuration of the iSCSI target service, before anyone commits them: value in, value out.

Source: illumos `libiscsit.c`.
"""

from attrs import evolve

from sansim.solaris.iscsit.model import (
    AUTHENTICATIONS,
    Configuration,
    Defaults,
    Initiator,
    IscsiTarget,
    IscsitError,
    IscsitRefusal,
    PortalGroup,
    Tag,
    TargetChanges,
    canonical_target,
    is_iscsi_name,
)

__all__ = [
    "MAXIMUM",
    "add_initiator",
    "add_portal_group",
    "add_target",
    "change_initiator",
    "change_target",
    "check_defaults",
    "remove_initiator",
    "remove_portal_group",
    "remove_target",
]

MAXIMUM = 255
"""How many targets a host can have."""

_FIRST_TAG = 2
_LAST_TAG = 65535


def add_target(configuration: Configuration, name: str, changes: TargetChanges) -> Configuration:
    """Return the configuration with a new target, which comes first.

    Raises:
        IscsitError: INVALID_NAME, EXISTS, TOO_MANY_TARGETS, UNKNOWN_PORTAL_GROUP, TAG_EXISTS,
            INVALID_AUTHENTICATION, checked in this order.
    """
    if not is_iscsi_name(name):
        raise IscsitError(IscsitRefusal.INVALID_NAME, name)
    if configuration.target(name) is not None:
        raise IscsitError(IscsitRefusal.EXISTS, name)
    if len(configuration.targets) >= MAXIMUM:
        raise IscsitError(IscsitRefusal.TOO_MANY_TARGETS, name)
    target = IscsiTarget(canonical_target(name))
    for group in _chosen(changes) or ():
        _check_group(configuration, group)
        target = _with_tag(target, group)
    return evolve(configuration, targets=(_with_properties(target, changes), *configuration.targets))


def change_target(
    configuration: Configuration, name: str, new_name: str | None, changes: TargetChanges
) -> Configuration:
    """Return the configuration with a target changed; it keeps its place under a new name too.

    Raises:
        IscsitError: INVALID_NAME and EXISTS for the new name, NOT_FOUND, UNKNOWN_PORTAL_GROUP, TAG_EXISTS,
            INVALID_AUTHENTICATION, in this order.
    """
    if new_name is not None and not is_iscsi_name(new_name):
        raise IscsitError(IscsitRefusal.INVALID_NAME, new_name)
    if new_name is not None and configuration.target(new_name) is not None:
        raise IscsitError(IscsitRefusal.EXISTS, new_name)
    old = configuration.target(name)
    if old is None:
        raise IscsitError(IscsitRefusal.NOT_FOUND, name)
    target = old
    groups = _chosen(changes)
    if groups is not None:
        for group in groups:
            _check_group(configuration, group)
        target = _regrouped(target, groups)
    target = _with_properties(target, changes)
    if new_name is not None:
        target = evolve(target, name=canonical_target(new_name))
    return evolve(configuration, targets=tuple(target if one is old else one for one in configuration.targets))


def remove_target(configuration: Configuration, target: IscsiTarget) -> Configuration:
    """Return the configuration without a target."""
    return evolve(configuration, targets=tuple(one for one in configuration.targets if one.name != target.name))


def add_portal_group(configuration: Configuration, name: str, portals: tuple[str, ...]) -> Configuration:
    """Return the configuration with a new portal group; a portal named twice counts once.

    Raises:
        IscsitError: EXISTS, PORTAL_IN_USE.
    """
    if configuration.portal_group(name) is not None:
        raise IscsitError(IscsitRefusal.EXISTS, name)
    used = {portal for group in configuration.portal_groups for portal in group.portals}
    for portal in portals:
        if portal in used:
            raise IscsitError(IscsitRefusal.PORTAL_IN_USE, portal)
    group = PortalGroup(name, tuple(dict.fromkeys(portals))[::-1])
    return evolve(configuration, portal_groups=(group, *configuration.portal_groups))


def remove_portal_group(configuration: Configuration, name: str, *, force: bool) -> Configuration:
    """Return the configuration without a portal group; forced, without its tags on targets too.

    Raises:
        IscsitError: NOT_FOUND; BUSY if a target listens there and this is not forced.
    """
    if configuration.portal_group(name) is None:
        raise IscsitError(IscsitRefusal.NOT_FOUND, name)
    if configuration.uses(name) and not force:
        raise IscsitError(IscsitRefusal.BUSY, name)
    targets = tuple(
        evolve(target, tags=tuple(tag for tag in target.tags if tag.group != name)) for target in configuration.targets
    )
    groups = tuple(group for group in configuration.portal_groups if group.name != name)
    return evolve(configuration, targets=targets, portal_groups=groups)


def add_initiator(
    configuration: Configuration, name: str, user: str | None = None, secret: str | None = None
) -> Configuration:
    """Return the configuration with a new initiator's record; the user `none` is none.

    Raises:
        IscsitError: EXISTS (the subject is the name as it is kept), INVALID_NAME.
    """
    known = configuration.initiator(name)
    if known is not None:
        raise IscsitError(IscsitRefusal.EXISTS, known.name)
    if not is_iscsi_name(name):
        raise IscsitError(IscsitRefusal.INVALID_NAME, name)
    record = Initiator(name, _unless_none(user), secret)
    return evolve(configuration, initiators=(record, *configuration.initiators))


def change_initiator(
    configuration: Configuration, name: str, user: str | None = None, secret: str | None = None
) -> Configuration:
    """Return the configuration with a record changed: None leaves a thing, the user `none` clears it.

    Raises:
        IscsitError: NOT_FOUND.
    """
    old = configuration.initiator(name)
    if old is None:
        raise IscsitError(IscsitRefusal.NOT_FOUND, name)
    record = old
    if user is not None:
        record = evolve(record, chap_user=_unless_none(user))
    if secret is not None:
        record = evolve(record, chap_secret=secret)
    return evolve(configuration, initiators=tuple(record if one is old else one for one in configuration.initiators))


def remove_initiator(configuration: Configuration, name: str) -> Configuration:
    """Return the configuration without a record.

    Raises:
        IscsitError: NOT_FOUND.
    """
    record = configuration.initiator(name)
    if record is None:
        raise IscsitError(IscsitRefusal.NOT_FOUND, name)
    return evolve(configuration, initiators=tuple(one for one in configuration.initiators if one is not record))


def check_defaults(defaults: Defaults) -> None:
    """Check that defaults can be kept.

    Raises:
        IscsitError: INVALID_AUTHENTICATION; MISSING_PROPERTY if RADIUS is asked for without its server or
            secret.
    """
    if defaults.authentication is not None and defaults.authentication not in AUTHENTICATIONS:
        raise IscsitError(IscsitRefusal.INVALID_AUTHENTICATION, defaults.authentication)
    if defaults.authentication == "radius" and defaults.radius_server is None:
        raise IscsitError(IscsitRefusal.MISSING_PROPERTY, "radiusserver")
    if defaults.authentication == "radius" and defaults.radius_secret is None:
        raise IscsitError(IscsitRefusal.MISSING_PROPERTY, "radiussecret")


def _chosen(changes: TargetChanges) -> tuple[str, ...] | None:
    """Return the portal groups that a target is to have: `default` alone stands for none, None for no change."""
    return () if changes.groups == ("default",) else changes.groups


def _check_group(configuration: Configuration, group: str) -> None:
    if configuration.portal_group(group) is None:
        raise IscsitError(IscsitRefusal.UNKNOWN_PORTAL_GROUP, group)


def _regrouped(target: IscsiTarget, groups: tuple[str, ...]) -> IscsiTarget:
    """Return a target with these groups alone: those that it has keep their tags, others come before them."""
    wanted = list(groups)
    kept = tuple(tag for tag in target.tags if tag.group in groups)
    for tag in kept:
        wanted.remove(tag.group)
    target = evolve(target, tags=kept)
    for group in wanted:
        target = _with_tag(target, group)
    return target


def _with_tag(target: IscsiTarget, group: str) -> IscsiTarget:
    if any(tag.group == group for tag in target.tags):
        raise IscsitError(IscsitRefusal.TAG_EXISTS, group)
    number = _tag_number(group, {tag.number for tag in target.tags})
    return evolve(target, tags=(Tag(group, number), *target.tags))


def _tag_number(group: str, used: set[int]) -> int:
    """Return the tag of a group: its name if that is a free number, else one above the highest in use.

    Raises:
        IscsitError: TOO_MANY_TAGS.
    """
    if group.isascii() and group.isdigit() and _FIRST_TAG <= int(group) < _LAST_TAG and int(group) not in used:
        return int(group)
    highest = max(used, default=_FIRST_TAG - 1)
    if highest < _LAST_TAG:
        return highest + 1
    free = next((number for number in range(_FIRST_TAG, _LAST_TAG) if number not in used), None)
    if free is None:
        raise IscsitError(IscsitRefusal.TOO_MANY_TAGS, group)
    return free


def _with_properties(target: IscsiTarget, changes: TargetChanges) -> IscsiTarget:
    if changes.authentication is not None and changes.authentication not in AUTHENTICATIONS | {"default"}:
        raise IscsitError(IscsitRefusal.INVALID_AUTHENTICATION, changes.authentication)
    if changes.authentication is not None:
        own = None if changes.authentication == "default" else changes.authentication
        target = evolve(target, authentication=own)
    if changes.alias is not None:
        target = evolve(target, alias=_unless_none(changes.alias))
    if changes.chap_user is not None:
        target = evolve(target, chap_user=_unless_none(changes.chap_user))
    if changes.chap_secret is not None:
        target = evolve(target, chap_secret=changes.chap_secret)
    return target


def _unless_none(text: str | None) -> str | None:
    return None if text is None or text.lower() == "none" else text
