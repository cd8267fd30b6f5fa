from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import rounded_down, where, whole
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.demand import Demand
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.server import Server

# An excess below half of 1e-9 of a unit is forgiven when rounding up; at a million units that is 5e-16 of them.
ROUNDING = 1e-8


class Fleet(Section):
    """How many model instances, servers and GPUs the peak needs: exact, and in the whole units that one can buy."""

    title = "Fleet"

    rounding = choice(
        "Units", {"whole": "whole instances and servers", "exact": "fractions, as in NVIDIA's workbook"}, "whole"
    )
    headroom = given(
        "Headroom above peak",
        "share",
        0,
        at_least=0,
        at_most=10,
        source="NVIDIA's TCO article: none",
        note="0.2 sizes for 1.2 times the peak.",
    )
    spare_instances = given(
        "Spare instances",
        "instance",
        0,
        at_least=0,
        integer=True,
        source="NVIDIA's TCO article: none",
        note="Kept running for a failure or a roll-out.",
    )
    spare_servers = given(
        "Spare servers",
        "server",
        0,
        at_least=0,
        integer=True,
        source="NVIDIA's TCO article: none",
        note="Bought beside those that the load needs (N+1).",
    )
    uptime = given("Uptime", "share", 1, above=0, at_most=1, source="NVIDIA's TCO article: 100 %")
    utilisation = given(
        "Utilisation",
        "share",
        1,
        above=0,
        at_most=1,
        source="NVIDIA's TCO article: 100 %",
        note="Share of the capacity that is used while up, for costs at capacity.",
    )

    load_rps = line("Load to serve", "request/s", Demand.peak * (1 + headroom))
    instances_exact = line("Exact instances", "instance", load_rps / Performance.instance_rps, digits=4)
    instances_whole = line("Whole instances with spares", "instance", whole(instances_exact) + spare_instances)
    instances = line(
        "Model instances",
        "instance",
        where(chosen(rounding, "whole"), instances_whole, instances_exact + spare_instances),
    )
    instances_fitting = line(
        "Exact instances per server", "instance/server", Server.gpus / Performance.gpus_per_instance, digits=4
    )
    instances_packed = line(
        "Whole instances per server",
        "instance/server",
        rounded_down(instances_fitting),
        note="An instance of 3 GPUs leaves 2 of 8 unused; 0 where an instance is larger than a server.",
    )
    servers_per_instance = line(
        "Whole servers per instance",
        "server/instance",
        whole(1 / instances_fitting),
    )
    instances_per_server = line(
        "Instances per server",
        "instance/server",
        where(
            chosen(rounding, "exact"),
            instances_fitting,
            where(instances_packed > 0, instances_packed, 1 / servers_per_instance),
        ),
    )
    servers_exact = line(
        "Exact servers", "server", (instances_exact + spare_instances) / instances_fitting + spare_servers, digits=4
    )
    servers_whole = line(
        "Whole servers",
        "server",
        where(
            instances_packed > 0,
            whole(instances_whole / instances_packed),
            instances_whole * servers_per_instance,
        )
        + spare_servers,
    )
    servers = line("Servers", "server", where(chosen(rounding, "whole"), servers_whole, servers_exact))
    gpus_exact = line("Exact GPUs", "GPU", servers_exact * Server.gpus, digits=4)
    gpus = line("GPUs", "GPU", servers * Server.gpus)
    gpus_used = line("GPUs that serve", "GPU", instances * Performance.gpus_per_instance)
    capacity_rps = line("Capacity", "request/s", instances * Performance.instance_rps)

    serves_peak = check(
        "The instances serve the peak with headroom",
        "request/s",
        load_rps,
        capacity_rps,
        rule="at_most",
        tolerance=ROUNDING,
    )
    gpus_fit = check("The instances fit into the servers", "GPU", gpus_used, gpus, rule="at_most", tolerance=ROUNDING)
    never_fewer = check(
        "Whole servers are at least the exact ones",
        "server",
        servers_exact,
        servers,
        rule="at_most",
        tolerance=ROUNDING,
    )
