from tco_xlsx.language.expression import known, where
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section


class Server(Section):
    """The server that is bought."""

    title = "Server"

    price = given("Price", "money/server", at_least=0, note="With everything that is bought with it.")
    gpus = given("GPUs in a server", "GPU/server", at_least=1, integer=True)
    life_years = given("Life", "year", above=0, at_most=30, note="Straight-line depreciation over these years.")
    residual_share = given(
        "Residual value",
        "share",
        0,
        at_least=0,
        at_most=1,
        source="NVIDIA's TCO article: none",
        note="Share of the price that is left after the life.",
    )
    price_change = given(
        "Price changes each year by",
        "share",
        0,
        above=-1,
        at_most=1,
        source="default: steady",
        note="-0.1: servers bought a year later cost a tenth less.",
    )
    installation_share = given(
        "Installation, share of the price",
        "share",
        0,
        at_least=0,
        at_most=1,
        source="default: in the price",
        note="Bought and written off with the servers of the years.",
    )


class Hosting(Section):
    """What running a server costs."""

    title = "Hosting"

    per_server_year = given(
        "Hosting of a server",
        "money/server/year",
        at_least=0,
        note="Power, cooling, rack space, network, hands. An 8-GPU server of 10 kW draws 87,600 kWh a year.",
    )
    lump_year = given(
        "Hosting, lump sum",
        "money/year",
        0,
        at_least=0,
        source="default: none",
        note="However many servers there are. Counted by the years alone.",
    )


class Licence(Section):
    """Software that is paid by the year."""

    title = "Licence"

    price_year = given("Price of a licence", "money/licence/year", 0, at_least=0, source="default: no licence")
    basis = choice(
        "Licence is charged",
        {"server": "one for each server", "gpu": "one for each licensed GPU", "flat": "one for the whole fleet"},
        "server",
    )
    gpus_per_server = given(
        "Licensed GPUs in a server",
        "GPU/server",
        at_least=0,
        integer=True,
        optional=True,
        note="Empty: all GPUs of the server. Some vendors count dies.",
    )
    support_share = given(
        "Support, share of the price",
        "share",
        0,
        at_least=0,
        at_most=1,
        source="default: in the price",
        note="Paid each year beside the licence. Counted by the years alone.",
    )
    licensed_gpus = line(
        "Licensed GPUs, all if left empty", "GPU/server", where(known(gpus_per_server), gpus_per_server, Server.gpus)
    )
