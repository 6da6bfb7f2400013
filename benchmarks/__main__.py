"""Everything that `make bench` measures, or the parts named: ``training``, ``browser``."""

import sys

from benchmarks import browser, training

PARTS = {"training": training.main, "browser": browser.main}

for part in sys.argv[1:] or PARTS:
    PARTS[part]()
