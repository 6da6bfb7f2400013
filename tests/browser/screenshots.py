"""Picture every page, light, dark and phone width, into ``screenshots/``: `make screenshots`."""

from playwright.sync_api import sync_playwright

from sigviz.experiments.registry import names
from support.app import PHONE, ROOT, Lab, launch, served

FOLDER = ROOT / "screenshots"
LOOKS = {"light": ("light", 1400), "dark": ("dark", 1400), "phone": ("light", PHONE)}


def picture(lab: Lab, file: str) -> None:
    """The whole page, as high as it is."""
    height = lab.page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    width = lab.page.viewport_size["width"] if lab.page.viewport_size else PHONE
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
    lab.page.screenshot(path=FOLDER / file)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, served() as address:
        browser = launch(playwright)
        for look, (theme, width) in LOOKS.items():
            lab = Lab(browser, address, theme=theme, width=width)
            lab.page.goto(address)
            lab.page.get_by_role("button", name="Start").wait_for()
            picture(lab, f"home-{look}.png")
            for name in names():
                lab = Lab(browser, address, theme=theme, width=width).open(name)
                picture(lab, f"{name}-{look}.png")
                lab.page.context.close()
                print(FOLDER / f"{name}-{look}.png")
        browser.close()


if __name__ == "__main__":
    main()
