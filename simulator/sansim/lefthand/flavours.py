"""The releases of the array's software, as data."""

from collections.abc import Mapping

from attrs import frozen

__all__ = ["DEFAULT", "FLAVOURS", "Flavour"]

DEFAULT = "12.6"

_COMPANY = "Hewlett-Packard Development Company, L.P."
_BEFORE_TIERS = frozenset({"adaptiveoptimization"})


@frozen
class Flavour:
    """How one release presents itself.

    Attributes:
        version: The full number of the software.
        product: The banner's words before the version.
        company: Who made it, as a question names it.
        copyright: The line below the banner.
        full_stops: Whether descriptions end in a full stop; 8.x has none (seen).
        first_schema: Whether volumes and permissions have the attributes of 8.1 (seen): the status an
            attribute, a friendly name, no availability, creation time, md5, parity, id or iscsiEnabled.
        autogrow_pages: The autogrowPages of a volume (seen).
        adaptive_optimization: Whether clusters know it (seen on a system of 2014).
        snapshot_names_volume: Whether a snapshot tells its volume's name (seen, 11.5 and later).
        absent_parameters: Parameters, in small letters, that it does not know yet (adaptiveOptimization was seen in
            12.x, its attribute in 2014; that they came together is inferred).
    """

    version: str
    product: str
    copyright: str
    company: str = "HP"
    full_stops: bool = True
    first_schema: bool = False
    autogrow_pages: int = 4
    adaptive_optimization: bool = False
    snapshot_names_volume: bool = False
    absent_parameters: frozenset[str] = frozenset()

    @property
    def banner(self) -> str:
        """The first line of every text answer."""
        return f"{self.product} Command Line Interface, v{self.version}"


# The banners of 8.1, 9.0 and 12.6 were seen whole. Of 10.x and 11.x the product's name and the beginning of
# the copyright line were seen; their version numbers and the rest of the line are inferred.
FLAVOURS: Mapping[str, Flavour] = {
    "8.1": Flavour(
        "8.1.00.0047",
        "SAN/iQ",
        f"(C) Copyright 2007-2009 {_COMPANY}",
        full_stops=False,
        first_schema=True,
        autogrow_pages=512,
        absent_parameters=_BEFORE_TIERS,
    ),
    "9.0": Flavour("9.0.00.3561", "SAN/iQ", f"(C) Copyright 2007-2010 {_COMPANY}", absent_parameters=_BEFORE_TIERS),
    "10.x": Flavour(
        "10.5.00.0149",
        "HP StoreVirtual LeftHand OS",
        f"(C) Copyright 2007-2013 {_COMPANY}",
        absent_parameters=_BEFORE_TIERS,
    ),
    "11.5": Flavour(
        "11.5.00.0673",
        "HP StoreVirtual LeftHand OS",
        f"(C) Copyright 2007-2013 {_COMPANY}",
        adaptive_optimization=True,
        snapshot_names_volume=True,
    ),
    "12.6": Flavour(
        "12.6.00.0155",
        "HPE StoreVirtual LeftHand OS",
        "(C) Copyright 2016 Hewlett Packard Enterprise Development LP",
        company="HPE",
        adaptive_optimization=True,
        snapshot_names_volume=True,
    ),
}
