"""Modules put into one: as a browser would have them one by one."""

from pathlib import Path

import pytest

from sigviz.charts.files import figure_js, saved_figure_js
from sigviz.charts.modules import in_one
from tests.test_javascript import ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text('{ "type": "module" }')
    return tmp_path


def put(folder: Path, **modules: str) -> Path:
    """Write modules; returns the first."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder / f"{next(iter(modules))}.js"


def printed(entry: Path) -> str:
    return ran(str(entry))


def test_it_does_what_the_modules_do_and_keeps_their_own_names_apart(folder: Path) -> None:
    entry = put(
        folder,
        entry='import { twice, Box } from "./a.js";\nimport {\n  later,\n} from "./b.js";\n'
        "const own = 3;\nconsole.log(twice(own), new Box().held, await later());\n",
        a='import { later } from "./b.js";\nconst own = 2;\n'
        "export function twice(x) {\n  return own * x;\n}\n"
        "export class Box {\n  held = typeof later;\n}\n",
        b='const own = "b";\nlet asked = 0;\n'
        "export async function later() {\n  return `${own}${++asked}`;\n}\n",
    )
    expected = "6 function b1\n"
    assert printed(entry) == expected
    assert printed(put(folder, one=in_one(entry))) == expected


def test_a_module_that_two_import_is_there_once(folder: Path) -> None:
    entry = put(
        folder,
        entry='import { a } from "./a.js";\nimport { b } from "./b.js";\nconsole.log(a(), b());\n',
        a='import { next } from "./count.js";\nexport const a = () => next();\n',
        b='import { next } from "./count.js";\nexport const b = () => next();\n',
        count="let count = 0;\nexport function next() {\n  return ++count;\n}\n",
    )
    assert printed(put(folder, one=in_one(entry))) == printed(entry) == "1 2\n"


def test_the_live_figure_offers_what_its_module_does(folder: Path) -> None:
    file = put(folder, one=figure_js())
    ask = "import * as found from '{}'; console.log(Object.keys(found).join())"
    live = Path(__file__).parents[2] / "sigviz" / "charts" / "live" / "figure.js"
    offered = [ran("--input-type=module", "-e", ask.format(each)) for each in (file, live)]
    assert offered == ["draw,unmount\n"] * 2
    assert "draw({ data" in saved_figure_js()


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        'import { a } from "plotly";',
        'export * from "./a.js";',
        "export { a };",
        "export let a = 1;",
    ],
)
def test_what_it_does_not_understand_it_names(folder: Path, line: str) -> None:
    entry = put(folder, entry='import { b } from "./b.js";\n', b=f"{line}\n", a="")
    with pytest.raises(ValueError, match=r"b\.js: cannot put this into one file: (im|ex)port"):
        in_one(entry)


def test_modules_that_import_one_another_are_named(folder: Path) -> None:
    entry = put(folder, a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js"):
        in_one(entry)
