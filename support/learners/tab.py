"""One browser tab: a websocket to the server, the page, and the live figure's ticks."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from support.learners.figure import FIGURE, IMPATIENCE, PAINT, Frame, read_frame, tick
from support.learners.record import Action, Record, origin_of
from support.learners.screen import Screen, Shown

PATIENCE = 20.0
"""Seconds after which a learner gives up, and we count an error."""


class Tab:
    """One learner's tab, from the opening to the closing. To be used as ``async with``."""

    def __init__(self, address: str, record: Record) -> None:
        host = urlsplit(address).netloc
        if not host.startswith("127.0.0.1:"):
            raise ValueError(f"{host} is not 127.0.0.1: the load stays on this machine")
        self._host, self._record = host, record
        self.screen = Screen()
        self.action = Action("open")
        self.lost = ""
        self._before = 0
        self._figure: Shown | None = None
        self._runs: set[str] = set()
        self._connection: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self._asking: asyncio.TimerHandle | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        try:
            self._connection = await connect(
                f"ws://{self._host}/_stcore/stream",
                origin=f"http://{self._host}",  # type: ignore[arg-type]
                subprotocols=["streamlit"],  # type: ignore[list-item]
                proxy=None,
                max_size=None,
                ping_interval=None,
                open_timeout=PATIENCE,
            )
        except (OSError, TimeoutError, InvalidHandshake) as error:
            self._fail(f"no connection: {error!r}")
            raise ConnectionError from error
        self._listening = asyncio.create_task(self._listen(self._connection))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._ask_in(None)
        self.lost = self.lost or "left"
        if self._listening:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        if self._connection:
            await self._connection.close()

    async def open(self, page: str, query: str = "") -> Action:
        """Open the app at a page's address, as a browser does."""
        self.screen.query = query
        return await self._act("open", (), page_name=page)

    async def go(self, page: str) -> Action:
        """Choose another page in the navigation."""
        self.screen.query = ""
        return await self._act("open", (), page_script_hash=self.screen.pages[page])

    async def press(self, button: Shown, kind: str) -> Action:
        """Press a button."""
        pressed = WidgetState(id=button.proto.id, trigger_value=True)
        return await self._act(kind, [*self._values(), pressed], fragment_id=button.fragment)

    async def put(self, value: WidgetState) -> Action:
        """Give a control another value."""
        self.screen.values[value.id] = value
        return await self._act("set", self._values())

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds or the connection is lost; returns whether it does."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0)):
                while not holds() and not self.lost:
                    self._news.clear()
                    await self._news.wait()
        return holds()

    async def _act(self, kind: str, values: Iterable[WidgetState], **where: str) -> Action:
        self._leave()
        self.action = self._record.begin(kind)
        self._before = self.screen.run
        await self._send(values, **where)
        return self.action

    def _values(self) -> list[WidgetState]:
        return list(self.screen.values.values())

    def _leave(self) -> None:
        """Turn away from what the last action has led to."""
        if not self.action.over and self.action.left is None:
            self.action.left = self.action.age

    def end(self) -> None:
        """Do nothing any more: what is not here by now was not waited for."""
        self._leave()

    def give_up(self, message: str) -> None:
        """Count an error, once for each action."""
        if self.action.left is None:
            self._leave()
            self._record.errors[message] += 1

    async def _send(self, values: Iterable[WidgetState], **where: str) -> None:
        assert self._connection
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.screen.query
        state.page_script_hash = self.screen.page
        for name, value in where.items():
            setattr(state, name, value)
        state.widget_states.widgets.extend(values)
        state.cached_message_hashes.extend(self.screen.known_messages)
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en-GB"
        state.context_info.url = f"http://{self._host}/"
        state.context_info.color_scheme = "light"
        with suppress(ConnectionClosed):
            await self._connection.send(message.SerializeToString())

    async def _listen(self, connection: ClientConnection) -> None:
        try:
            async for data in connection:
                assert isinstance(data, bytes)
                self._take(ForwardMsg.FromString(data))
                self._news.set()
            self._fail("the server closed the connection")
        except ConnectionClosed as error:
            self._fail(f"the connection broke: {error}")

    def _take(self, message: ForwardMsg) -> None:
        shown = self.screen.take(message)
        if shown:
            self._look(shown)
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            self._finished(message.script_finished)
        elif kind == "page_not_found":
            self._record.errors["a page was not found"] += 1

    def _finished(self, status: int) -> None:
        action = self.action
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self._record.errors["a script could not be compiled"] += 1
        elif status == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
            self._record.tick()
        elif status == ForwardMsg.FINISHED_SUCCESSFULLY and self.screen.run > self._before:
            action.answered = action.answered or action.age
        if action.complete is not None:
            action.origin = origin_of(self.screen.captions()) or action.origin

    def _look(self, shown: Shown) -> None:
        proto = shown.proto
        if shown.kind == "exception":
            self._record.errors[f"exception: {proto.message}"[:100]] += 1
        elif shown.kind == "alert" and proto.format == Alert.ERROR:
            self._record.errors[proto.body[:100]] += 1
        elif shown.kind == "alert" and "would take about" in proto.body:
            self.action.refused = True
        elif shown.kind == "bidi_component" and proto.component_name == FIGURE:
            self._show(shown, read_frame(proto.bytes))

    def _show(self, shown: Shown, frame: Frame) -> None:
        """Take in a frame, and ask for the next as the figure does."""
        self._figure = shown
        action = self.action
        if frame.state == "waiting":
            action.under_way |= frame.tick is not None
            self._ask_in(frame.tick)
            return
        assert frame.panels
        if frame.run not in self._runs:
            self._runs.add(frame.run)
            action.run, action.first, action.complete = frame.run, action.age, None
            action.under_way = True
        if frame.state == "done" and frame.run == action.run and action.complete is None:
            action.complete = action.age
            action.origin = origin_of(self.screen.captions())
        self._ask_in(None if frame.tick is None else PAINT + frame.tick)

    def _ask_in(self, seconds: float | None, patience: float = IMPATIENCE) -> None:
        if self._asking:
            self._asking.cancel()
        self._asking = None
        if seconds is not None:
            self._asking = asyncio.get_running_loop().call_later(seconds, self._ask, patience)

    def _ask(self, patience: float) -> None:
        """Ask for the next frame and, as a tick may get lost, again, but ever more slowly."""
        if self.lost or not self._figure:
            return
        values = [*self._values(), tick(self._figure.proto.id)]
        asked = self._send(values, fragment_id=self._figure.fragment)
        sending = asyncio.create_task(asked)
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)
        self._ask_in(patience, 2 * patience)

    def _fail(self, message: str) -> None:
        if not self.lost:
            self.lost = message
            self._record.errors[message[:100]] += 1
        self._news.set()
