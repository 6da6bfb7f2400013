"""What the live figure's own code says of itself."""

import re

from support.server import ROOT


def constant(name: str) -> float:
    """A number that the figure's JavaScript gives a name, such as ``FRAMES_PER_SECOND``.

    Raises:
        LookupError: It does not, or gives it to several numbers.
    """
    found = {
        float(number)
        for file in (ROOT / "sigviz").rglob("*.js")
        for number in re.findall(rf"\bconst {name} = ([\d.]+);", file.read_text("utf-8"))
    }
    if len(found) != 1:
        raise LookupError(f"the live figure's code says of {name}: {sorted(found) or 'nothing'}")
    return found.pop()
