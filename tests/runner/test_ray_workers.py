"""What is Ray's own about its workers; `test_runner.py` has what they share with local ones."""

import logging
import sys
from dataclasses import replace

import pytest

from sigviz.experiments.registry import find
from sigviz.runner import Runner, State
from sigviz.runner.ray.workers import RayWorkers
from support.runs import begun, end_of, until
from tests.ray_cluster import Cluster

EXPERIMENT = find("vanishing-gradients")
SHORT = EXPERIMENT.job(depth=2, steps=20, repeats=2)
MEDIUM = EXPERIMENT.job(depth=2, steps=1000, repeats=1)


@pytest.mark.heavy
def test_workers_are_replaced_when_killed_and_gone_when_closed(
    ray_cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    """There is a worker more than the cluster has room for, which waits until one has died."""
    pool = RayWorkers(ray_cluster.address)
    assert pool.size == ray_cluster.cpus
    runner = Runner(pool.size + 1, pool=pool, remember=0)
    until(lambda: runner.ready == pool.size)
    run = begun(runner.submit(MEDIUM))
    killed = ray_cluster.actors
    assert len(killed) == pool.size
    for actor in killed:
        actor.kill()
    until(lambda: run.deaths == 1, run)
    assert end_of(run).state is State.COMPLETE
    assert not set(killed) & set(ray_cluster.actors)
    with caplog.at_level(logging.ERROR):
        assert (
            end_of(runner.submit(replace(SHORT, experiment="no-such-experiment"))).state
            is State.FAILED
        )
    assert "Traceback" in caplog.text
    assert "ray" not in sys.modules
    runner.close()
    until(lambda: not ray_cluster.actors)
