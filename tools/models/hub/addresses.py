"""Whether a server is this machine: what is sent to any other leaves it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_here(url: str) -> bool:
    """Whether a URL leads to this machine."""
    return is_this_machine(urlsplit(url).hostname or "")


def is_this_machine(host: str) -> bool:
    """Whether a name or address is one that only this machine itself can be reached at."""
    try:
        address = ipaddress.ip_address(host)
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def elsewhere(url: str) -> str | None:
    """The host that a URL leads to if it is another machine, or None."""
    return None if is_here(url) else urlsplit(url).hostname
