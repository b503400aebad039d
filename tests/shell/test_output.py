"""Formats, byte for byte: what programs read from us stays as it is."""

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

import sansdk
from sanshell import kinds
from sanshell.output import WRITERS, Document, Kind, plain
from sanshell.tables import as_text

GOLDEN = Path(__file__).parent / "golden"
MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

DOCUMENTS = {
    "volumes": Document(
        kinds.VOLUMES,
        [
            sansdk.Volume("db1", 10 << 30, True, "tank", "solaris", exported=True, used=8192, created=MADE),  # noqa: FBT003
            sansdk.Volume("odd, [red]\x1b[2J", 1536, False, "tank", "solaris", serial="600144F0", origin="db1@mon"),  # noqa: FBT003
        ],
    ),
    "volume": Document(
        kinds.VOLUMES,
        [sansdk.Volume("db1", 10 << 30, True, "tank", "solaris", used=8192, created=MADE)],  # noqa: FBT003
        single=True,
    ),
    "exports": Document(
        kinds.EXPORTS,
        [
            sansdk.Export(
                "db1",
                "iqn.2010-08.org.illumos:02:abc",
                0,
                ("10.0.0.1:3260,1", "10.0.0.2:3260,1"),
                sansdk.Chap("bob", sansdk.Secret("fourteen-chars")),
                ("iqn.1993-08.org.debian:01:bar", "iqn.1993-08.org.debian:01:foo"),
            ),
            sansdk.Export("db2", "iqn.2010-08.org.illumos:02:def", None, (), None, sansdk.ANYONE, "nova"),
        ],
    ),
    "none": Document(kinds.VOLUMES, []),
    "ran": Document(kinds.RAN, [kinds.RanLine(MADE, 0, "zfs list"), kinds.RanLine(MADE, None, "zfs get")]),
    "plan": Document(kinds.PLAN, [kinds.PlanLine("create volume db1"), kinds.PlanLine("  zfs create")]),
}


@pytest.mark.parametrize("form", ["json", "csv", "yaml", "table"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_is_written_as_it_always_was(name: str, form: str):
    written = as_text(DOCUMENTS[name]) if form == "table" else WRITERS[form](DOCUMENTS[name])
    assert written == (GOLDEN / f"{name}.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [k for k in vars(kinds).values() if isinstance(k, Kind)], ids=lambda k: k.many)
def test_every_kind_has_a_heading_for_each_field_in_csv(kind: Kind):
    assert WRITERS["csv"](Document(kind, [])) == ",".join(f.name for f in attrs.fields(kind.type)) + "\n"


def test_a_secret_has_no_place_in_a_document():
    with pytest.raises(TypeError, match="Secret"):
        plain(sansdk.Secret("fourteen-chars"))
