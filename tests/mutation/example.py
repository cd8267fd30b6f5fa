"""A small file to change: what a parcel costs."""

FREE_KG = 10
PER_KG = 2.0
BASE = 5


def parcel(weight: float, far: bool) -> float:
    """5 a parcel, and 2 for each kilogram above 10; three more when it goes far and weighs 20 or more."""
    cost = BASE + max(weight - FREE_KG, 0) * PER_KG
    if far and weight >= 20:
        cost = cost + 3
    return cost
