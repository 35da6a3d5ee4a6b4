"""Italian dates as they are written."""

from __future__ import annotations

import pytest

from pipeline.cleaning.metadata import iso_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("29 settembre 2021 alle 20:29", "2021-09-29T20:29"),
        ("mercoledì 1° maggio 2024", "2024-05-01"),
        ("21 Ott 2022", "2022-10-21"),
        ("3 luglio 2024 - 18:42", "2024-07-03T18:42"),
        ("3 luglio 2024 ore 9.05", "2024-07-03T09:05"),
        ("07/05/2024", "2024-05-07"),
        ("21.10.22", "2022-10-21"),
        ("2023/03/06 12:55", "2023-03-06T12:55"),
        ("2023-03-06", "2023-03-06"),
        ("31 febbraio 2021", ""),
        ("12/13/2024", ""),
        ("3 luglio 2024 ore 27:80", ""),
        ("ieri", ""),
        ("", ""),
    ],
)
def test_dates_are_understood(written: str, iso: str) -> None:
    assert iso_date(written) == iso
