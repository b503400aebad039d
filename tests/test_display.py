"""Lists of values, as people see them."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from sansdk import ANYONE, Chap, Export, InputError, Pool, Secret, Volume
from sansdk.display import table

HIDDEN = "not-to-be-shown"
IQN = "iqn.2003-10.com.lefthandnetworks:group:25:db1"


def volume(name: str, size: int, *, thin: bool = True) -> Volume:
    return Volume(name, size, thin, "tank", "filer", created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), status="online")


def export(chap: Chap | None = None) -> Export:
    return Export("db1", IQN, 0, ("10.0.0.1:3260,1", "10.0.0.2:3260,1"), chap=chap, initiators=ANYONE)


class Cells(HTMLParser):
    """The texts of a document's cells, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_list_of_volumes_is_a_table_of_text_in_columns():
    text = str(table([volume("db1", 10 * 2**30), volume("a-longer-name", 2**20, thin=False)]))
    assert text.splitlines() == [
        "name            size  thin  pool  array  exported  created              status",
        "db1            10GiB  yes   tank  filer  no        2026-01-02 03:04:05  online",
        "a-longer-name   1MiB  no    tank  filer  no        2026-01-02 03:04:05  online",
    ]


def test_a_prompt_shows_the_same_text():
    shown = table([volume("db1", 2**30)])
    assert repr(shown) == str(shown)


def test_a_field_that_says_nothing_of_any_value_has_no_column():
    assert "origin" not in table([volume("db1", 2**30)]).headings
    assert "maker" not in table([export()]).headings


def test_zero_says_something():
    shown = table([Pool("tank", 2**40, used=0, free=2**40, provisioned=0, health="ONLINE")])
    assert shown.rows == (("tank", "1TiB", "0B", "1TiB", "0B", "ONLINE"),)


def test_several_values_in_a_field_are_listed():
    assert "10.0.0.1:3260,1, 10.0.0.2:3260,1" in str(table([export()]))
    assert "ANYONE" in str(table([export()]))


def test_nothing_is_said_to_be_nothing():
    assert str(table([])) == "(none)"
    assert Cells(table([])._repr_html_()).texts == ["none"]


def test_a_notebook_gets_the_same_cells():
    shown = table([volume("db1", 10 * 2**30)])
    html = Cells(shown._repr_html_())
    assert tuple(html.texts) == (*shown.headings, *shown.rows[0])
    assert set(html.tags) == {"table", "thead", "tbody", "tr", "th", "td"}


def test_names_from_the_array_are_no_markup():
    shown = table([volume("<b>&amp;", 2**30)])._repr_html_()
    assert "<b>" not in shown
    assert "<b>&amp;" in Cells(shown).texts


def test_no_secret_is_shown():
    chap = Chap("db", Secret(HIDDEN))
    for shown in (table([export(chap)]), table([chap])):
        assert "db" in str(shown)
        assert HIDDEN not in f"{shown}{shown!r}{shown._repr_html_()}"


def test_values_of_two_kinds_are_no_table():
    with pytest.raises(InputError, match="not of Export, Volume"):
        table([volume("db1", 2**30), export()])
