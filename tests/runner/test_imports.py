"""What each process must not import, since it would wait seconds for it; each in one of its own."""

import subprocess
import sys

from sigviz.experiments.registry import names


def imported(code: str, *modules: str) -> list[str]:
    """Which of the modules a new process has imported once it has run the code."""
    code += f"\nimport sys; print(*[name for name in {modules} if name in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return asked.stdout.split()


def test_torch_stays_out_of_the_web_process() -> None:
    figures = [f"sigviz.experiments.{name.replace('-', '_')}.figures" for name in names()]
    assert imported(f"import app, {', '.join(figures)}", "torch", "sklearn", "streamlit") == [
        "streamlit"
    ]


def test_no_compiler_no_algebra_and_no_scikit_learn_is_imported_where_it_trains() -> None:
    code = """
from sigviz.experiments.registry import find, names

for name in names():
    assert [*find(name).run(find(name).job(steps=3, repeats=2))]
"""
    assert imported(code, "torch._dynamo", "sympy", "sklearn", "torch") == ["torch"]
