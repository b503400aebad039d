"""Numbers as ZFS prints and reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sansim.solaris.zfs.numbers import NumberError, human, parse_number, percent, ratio


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1023, "1023"),
        (1024, "1K"),
        (1536, "1.50K"),
        (10239, "10.0K"),
        (1047553, "1023K"),
        (1048575, "1024K"),
        (10 << 30, "10G"),
        (11075584000, "10.3G"),
        (110735130624, "103G"),
        (1133907017728, "1.03T"),
        (1990116046274, "1.81T"),
        ((1 << 64) - 1, "16.0E"),
    ],
)
def test_numbers_are_shortened(number: int, text: str) -> None:
    assert human(number) == text


@given(st.integers(0, 1 << 63))
def test_a_short_number_is_short_and_near(number: int) -> None:
    text = human(number)
    assert len(text) <= 5
    assert abs(parse_number(text) - number) <= number / 100


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("10G", 10 << 30), ("10g", 10 << 30), ("10GB", 10 << 30), ("100mb", 100 << 20), ("512B", 512)),
        *(("1.5T", 3 << 39), ("0", 0), (".5K", 512), ("1.K", 1024), ("16383P", 16383 << 50)),
    ],
)
def test_sizes_are_read(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "bad numeric value ''"),
        ("ten", "bad numeric value 'ten'"),
        ("-1", "bad numeric value '-1'"),
        ("10GiB", "invalid numeric suffix 'GiB'"),
        ("10BB", "invalid numeric suffix 'BB'"),
        ("10 G", "invalid numeric suffix ' G'"),
        ("16384P", "numeric value is too large"),
        ("1Z", "numeric value is too large"),
    ],
)
def test_what_is_no_size_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert str(caught.value) == reason


def test_ratios_and_percents() -> None:
    assert ratio(100) == "1.00x"
    assert ratio(1234) == "12.34x"
    assert percent(412, 1853) == 22
    assert percent(0, 0) == 0
