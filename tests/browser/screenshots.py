"""Picture every page, light, dark and phone width, into ``screenshots/``: `make screenshots`."""

from playwright.sync_api import sync_playwright

from sigviz.experiments.registry import names
from support import chromium
from support.app import PHONE, Lab, Look, look
from support.server import ROOT, served

FOLDER = ROOT / "screenshots"
LOOKS: dict[str, Look] = {"light": look(), "dark": look("dark"), "phone": look(width=PHONE)}


def picture(lab: Lab, file: str) -> None:
    """The whole page, as high as it is."""
    height = lab.page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    width = lab.page.viewport_size["width"] if lab.page.viewport_size else PHONE
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
    lab.page.screenshot(path=FOLDER / file)
    print(FOLDER / file)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, served() as address:
        browser = playwright.chromium.launch(**chromium.launch())
        for name, profile in LOOKS.items():
            with browser.new_context(**profile) as context:
                home = Lab(context.new_page(), address)
                home.page.goto(address)
                home.page.get_by_role("button", name="Start").wait_for()
                picture(home, f"home-{name}.png")
            for experiment in names():
                with browser.new_context(**profile) as context:
                    lab = Lab(context.new_page(), address).open(experiment)
                    picture(lab, f"{experiment}-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
