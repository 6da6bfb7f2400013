"""``make bench``: figures beside their goals, all of them or the parts that are named.

A goal that is missed is marked; an error, such as a measurement that met a run which was not
trained for it, fails the whole. Parts: training (stacking beside a plain loop), versions (beside an
earlier commit), streaming (a worker beside one's own process), start, workers, browser.
"""

import os
import sys
import traceback
from importlib import import_module
from time import perf_counter

import click

from benchmarks.fresh import ENVIRONMENT
from benchmarks.report import Report, heading

PARTS = ("training", "versions", "streaming", "start", "workers", "browser")


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
def main(parts: tuple[str, ...]) -> None:
    os.environ.update(ENVIRONMENT)
    report, failed, started = Report(), [], perf_counter()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores; {load:.1f} processes wanted one in the minute before this")
    for part in parts or PARTS:
        try:
            import_module(f"benchmarks.{part}").main(report)
        except Exception:
            traceback.print_exc()
            failed.append(part)
    heading(f"{len(report.missed)} goals missed, in {perf_counter() - started:.0f} s")
    for missed in report.missed:
        print(missed)
    if failed:
        sys.exit(f"Not measured, for the errors above: {', '.join(failed)}")


if __name__ == "__main__":
    main()
