from tco_xlsx.language.lines import pick_one
from tco_xlsx.language.sections import Section


class Configuration(Section):
    """Which of the measured configurations is meant. Points of any other one are shown but do not count."""

    title = "Configuration"

    model = pick_one("Which model")
    gpu_type = pick_one("Which GPU type", note="The price of a server is for one GPU type: change both together.")
    precision = pick_one("Which precision")
    engine = pick_one("Which engine")
    setup = pick_one(
        "Which setup", note="What else tells configurations apart, such as how many instances prefill and decode."
    )
    tokens = pick_one("Which tokens in / out", note="As asked of the load generator. Should be near the workload's.")
