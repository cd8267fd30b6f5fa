"""Tests of the example: one that looks at every bound, one that looks at one parcel, one that never ends."""

from tests.mutation.example import parcel


def thorough() -> None:
    """Below, at and above each bound."""
    assert [parcel(weight, False) for weight in (0, 10, 11, 20, 21)] == [5, 5, 7, 25, 27]
    assert [parcel(weight, True) for weight in (0, 10, 11, 19.5, 20, 21)] == [5, 5, 7, 24, 28, 30]


def careless() -> None:
    """One parcel, far below all bounds."""
    assert parcel(1, False) == 5


def endless() -> None:
    """Ends only where nothing is changed."""
    while parcel(20, True) != 28:
        pass
