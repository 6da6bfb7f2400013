"""sigviz: what the sigmoid does to a neural network, shown by training networks live."""

import os
from pathlib import Path

# PyTorch's optimizers make a directory for compiled code, which is never used here, as soon as they
# are imported, and fail where they cannot: with a full disk. One that exists satisfies them.
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).parent))
