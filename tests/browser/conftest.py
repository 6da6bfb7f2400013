"""One server and one browser for all browser tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from support.app import PATIENCE, Lab, launch, served

expect.set_options(timeout=PATIENCE * 500)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def lab(browser: Browser, address: str) -> Iterator[Callable[..., Lab]]:
    """Makes pages in profiles of their own, closed when the test ends."""
    made: list[Lab] = []

    def make(**options: Any) -> Lab:
        made.append(Lab(browser, address, **options))
        return made[-1]

    yield make
    for each in made:
        each.page.context.close()
