"""Whether a server is this machine: what is sent to any other leaves it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_here(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def elsewhere(url: str) -> str | None:
    """The host that a URL leads to if it is another machine, or None."""
    return None if is_here(url) else urlsplit(url).hostname
