"""For all tests: PyTorch with one thread, as in the app; more only get in each other's way."""

from collections.abc import Iterator

import pytest
import torch

from tests.ray_cluster import Cluster, cluster

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[Cluster]:
    with cluster() as started:
        yield started
