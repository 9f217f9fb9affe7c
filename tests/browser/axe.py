"""What axe-core finds on the page that shuts somebody out."""

from __future__ import annotations

from functools import cache
from importlib import resources

from playwright.sync_api import Page

# Of a laptop and of a phone.
WIDTHS = (1280, 390)
# Source: axe-core, "impact" of a rule.
_BAD = ("serious", "critical")


# What Streamlit fades while it draws anew has less contrast than what is read.
_AT_REST = """() => !document.querySelector('[data-stale="true"]') && !document.getAnimations().some(
    one => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime))"""


@cache
def _axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def serious(page: Page) -> list[str]:
    """Every serious or critical finding of the page as it is, at each width, once it rests.

    Told are the rule and what it is about.
    """
    size = page.viewport_size
    assert size is not None
    found = []
    for width in WIDTHS:
        page.set_viewport_size({**size, "width": width})
        found += [f"at {width} px: {one}" for one in _found(page)]
    page.set_viewport_size(size)
    return found


def _found(page: Page) -> list[str]:
    page.wait_for_function(_AT_REST)
    page.wait_for_timeout(500)  # a page may rest between two drawings
    page.wait_for_function(_AT_REST)
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['help']}): {node['target']} {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in _BAD
        for node in rule["nodes"]
    ]
