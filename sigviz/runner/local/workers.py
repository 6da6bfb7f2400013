"""Workers that are processes on this machine, listened to by one thread."""

import logging
import os
import socket
import sys
from contextlib import suppress
from itertools import count

from sigviz.runner.children import Child, Ears, Source
from sigviz.runner.local.forked import ForkedWorker, Heard, TemplateProcess
from sigviz.runner.local.messages import Forked, Unsafe
from sigviz.runner.messages import Report
from sigviz.runner.workers import Worker

CAN_FORK = sys.platform == "linux"
"""Elsewhere the system's own libraries may not survive it."""

_log = logging.getLogger(__name__)


class LocalWorkers:
    """Has workers forked from a template, or starts them; see `sigviz.runner.workers.Workers`."""

    def __init__(self, *, fork: bool = CAN_FORK, template: TemplateProcess | None = None) -> None:
        """With `fork`, start the template, so that it is ready when workers are asked for.

        Args:
            template: One that has been started already.

        Raises:
            OSError: It cannot be started.
        """
        self._ears = Ears[Source]()
        self._forks, self._numbers = fork, count(1)
        self._asked_for: dict[int, ForkedWorker] = {}
        self._template: TemplateProcess | None = None
        if fork:
            self._prepare(template)

    @property
    def size(self) -> int:
        return os.cpu_count() or 1

    @property
    def template(self) -> int | None:
        """The process that forks workers, if there is one."""
        return self._template.pid if self._template else None

    def start(self) -> Worker:
        if not self._forks:
            started = LocalWorker("sigviz.runner.worker")
            self._ears.add(started)
            return started
        if self._template and any(worker.ended for worker in self._asked_for.values()):
            _log.error("the template of the workers did not fork in time; another takes its place")
            self._template.end(grace=0)
            self._template = None
            self._asked_for.clear()
        template = self._template or self._prepare()
        ours, theirs = socket.socketpair()
        worker = ForkedWorker(next(self._numbers), ours)
        try:
            template.fork(worker.number, theirs)
        except BaseException:
            ours.close()
            raise
        self._asked_for[worker.number] = worker
        self._ears.add(worker)
        return worker

    def wait(self, timeout: float | None) -> list[tuple[Worker, Report | None]]:
        heard = self._ears.wait(timeout)
        # First, so that who is ready has a process.
        for template, packet in heard:
            if isinstance(template, TemplateProcess):
                self._understand(template, packet)
        return [
            (worker, report)
            for worker, report in heard
            if isinstance(worker, LocalWorker | ForkedWorker)
        ]

    def wake(self) -> None:
        self._ears.wake()

    def close(self) -> None:
        if self._template:
            self._template.end()
        self._ears.close()

    def _prepare(self, started: TemplateProcess | None = None) -> TemplateProcess:
        """Start a template, unless one has been, and listen to it."""
        self._template = started or TemplateProcess()
        self._ears.add(self._template)
        return self._template

    def _understand(self, template: TemplateProcess, packet: Heard) -> None:
        match packet:
            case Forked(number, pid), int(process):
                self._asked_for.pop(number).forked(pid, process)
            case Unsafe(why), _:
                _log.warning("workers cannot be forked, and will be slow to start: %s", why)
                self._forks = False
            case None:
                self._template = None
                self._asked_for.clear()
                if self._forks:
                    _log.warning("the template of the workers died; another takes its place")
                if self._forks and template.has_forked:
                    with suppress(OSError):  # `start` will try again, and say so
                        self._prepare()


class LocalWorker(Child):
    """A worker process that was started."""

    placed = True

    @property
    def name(self) -> str:
        return f"worker {self.pid}"
