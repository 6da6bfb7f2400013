"""Write replicas.conf, nginx's list of the replicas.

    python3 deploy/replicas.py 127.0.0.1:8511 127.0.0.1:8512 > /etc/nginx/conf.d/replicas.conf

Each replica has a port of its own, also on different machines: the port is its name in a learner's
cookie. Addresses are numbers, because nginx would look a name up once, when it starts.
"""

import re
import sys

ADDRESS = re.compile(r"(\d{1,3}\.){3}\d{1,3}:\d{1,5}")

# One refusal or silence, and a replica is left alone for two seconds.
CHECK = "max_fails=1 fail_timeout=2s"


def replicas_conf(addresses: list[str]) -> str:
    """nginx's configuration of the replicas at `addresses`, each "number:port".

    Raises:
        ValueError: Something else than an address, or the same port twice.
    """
    for address in addresses:
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"{address}: a replica is an IPv4 number and a port, 127.0.0.1:8511")
    ports = [address.split(":")[1] for address in addresses]
    if not ports or len(set(ports)) < len(ports):
        raise ValueError("there must be a replica, and each must have a port of its own")
    chosen = [f"    {port} replica_{port};" for port in ports]
    lines = [
        "# Written by deploy/replicas.py.",
        "# A learner who is new goes where the fewest connections are open.",
        *_group("replicas", ["least_conn;", *(f"server {each} {CHECK};" for each in addresses)]),
        "",
        "map $cookie_sigviz $replica {",
        "    default replicas;",
        *chosen,
        "}",
        "",
        "# A learner who is known goes to their own replica, and to another only if it is dead.",
    ]
    for port, own in zip(ports, addresses, strict=True):
        others = [f"server {each} {CHECK} backup;" for each in addresses if each != own]
        lines += _group(f"replica_{port}", [f"server {own} {CHECK};", *others])
    return "\n".join(lines) + "\n"


def _group(name: str, servers: list[str]) -> list[str]:
    inside = [f"zone {name} 64k;", *servers]
    return [f"upstream {name} {{", *(f"    {line}" for line in inside), "}"]


if __name__ == "__main__":
    try:
        print(replicas_conf(sys.argv[1:]), end="")
    except ValueError as error:
        sys.exit(f"{error}\n{__doc__}")
