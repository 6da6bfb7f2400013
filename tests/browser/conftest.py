"""For the browser tests: Chromium, one server for all, and pages in profiles of their own.

`browser`, `context`, `new_context` and `page` are pytest-playwright's.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from support import chromium
from support.app import Lab, Theme, look
from support.server import PATIENCE, served

expect.set_options(timeout=PATIENCE * 500)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that we find or install, unless another is asked for on the command line."""
    if "channel" in browser_type_launch_args:
        return browser_type_launch_args
    return {**browser_type_launch_args, **chromium.launch()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: a page's address is always given in full."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def tab(new_context: CreateContextCallback) -> Callable[..., Page]:
    """Makes tabs in profiles of their own: see `look`."""

    def make(theme: Theme = "light", width: int = 1400) -> Page:
        return new_context(**look(theme, width)).new_page()

    return make


@pytest.fixture
def lab(tab: Callable[..., Page], address: str) -> Callable[..., Lab]:
    """Makes pages of the app in profiles of their own."""

    def make(**looks: Any) -> Lab:
        return Lab(tab(**looks), address)

    return make
