from tco_xlsx.expr import known, where
from tco_xlsx.lines import Section, choice, constant, given, line, warning


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

    price_per_gpu = line("Price per GPU", "money/GPU", price / gpus, when=price > 0)
    least_price = constant("Least price per GPU that is usual", "money/GPU", 100, "below it stand prices in thousands")
    price_in_full = warning(
        "The price of a server is not in thousands",
        "money/GPU",
        least_price,
        price_per_gpu,
        "a server of {server.gpus:n} GPUs for {server.price:n} {currency}: in thousands?",
        note="A price of 0, for what is rented, is none to doubt.",
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

    hosting_paid = line(
        "Hosting of a server, where it is paid for", "money/server/year", per_server_year, when=per_server_year > 0
    )
    least_hosting = constant(
        "Least hosting of a server that is usual",
        "money/server/year",
        100,
        "below it stand costs of an hour, or in thousands",
    )
    hosting_in_full = warning(
        "The hosting of a server is for a year, and not in thousands",
        "money/server/year",
        least_hosting,
        hosting_paid,
        "hosting of a server for {hosting.per_server_year:n} {currency} a year: in thousands, or of an hour?",
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
    licensed_gpus = line(
        "Licensed GPUs, all if left empty", "GPU/server", where(known(gpus_per_server), gpus_per_server, Server.gpus)
    )
