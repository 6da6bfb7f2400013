"""What the server tells of itself at ``/_stcore/metrics``, beside what Streamlit does."""

from collections.abc import Mapping, Sequence

from streamlit.runtime.stats import GaugeStat, Stat

from sigviz.charts.payload import packed_bytes
from sigviz.runner import Runner

REMEMBERED = "sigviz_remembered_bytes"
_HELP = "Memory of finished runs: their numbers, and the figures that were packed from them."


class RunnerStats:
    """Streamlit's ``StatsProvider`` for a `Runner`."""

    stats_families = (REMEMBERED,)

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def get_stats(self, family_names: Sequence[str] | None = None) -> Mapping[str, Sequence[Stat]]:
        """What there is to tell; it is so little that nobody needs to ask for a part."""
        parts = {"numbers": self._runner.remembered, "figures": packed_bytes()}
        return {
            REMEMBERED: [
                GaugeStat(REMEMBERED, size, {"part": part}, unit="bytes", help=_HELP)
                for part, size in parts.items()
            ]
        }
