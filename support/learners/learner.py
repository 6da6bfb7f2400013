"""The learners: one follows a lesson, the other wanders."""

import asyncio
import math
from random import Random
from time import monotonic

from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

from support.learners.record import Record
from support.learners.screen import Shown, chosen, picked, slid
from support.learners.tab import PATIENCE, Tab

SETTLE = 0.5
"""Seconds from a run's end to going on: a page change amid the page's own rerun can get lost."""

PAUSE = (3.0, 10.0)
"""Seconds from one action of a learner to the next, drawn evenly."""

BRISK = (SETTLE, 1.0)
"""The same of a brisk learner, counted from when the run is complete."""

PAGE_CHANGE = 1 / 8
"""How often a wandering learner goes to another page instead of moving a control."""

CONTROLS = ("slider", "selectbox", "button_group")


class Learner:
    """Opens a page and does one thing after another until the class is over.

    Attributes:
        waits_for_runs: It goes on when the run is complete, not as soon as the page has answered.
        patience: Seconds to wait for the end of the last action.
    """

    waits_for_runs = False
    patience = 5.0

    def __init__(
        self,
        address: str,
        record: Record,
        random: Random,
        page: str,
        query: str,
        *,
        brisk: bool = False,
    ) -> None:
        """Be ready to open a page.

        Args:
            query: The link's settings.
            brisk: Wait for every run, and then not for long: alone, or with few, a learner would
                do too little for a quantile to mean something.
        """
        self.tab = Tab(address, record)
        self.record, self.random = record, random
        self.page, self.query = page, query
        self.brisk = brisk
        self.waits_for_runs |= brisk
        self.rests = asyncio.Event()

    async def live(self, ends: float, leave: asyncio.Event) -> None:
        """Open the page, act until the time `ends`, look at what comes, and stay until `leave`."""
        try:
            async with self.tab:
                await self.tab.open(self.page, self.query)
                while not self.tab.lost and await self.pause(ends):
                    if not await self.act():
                        await asyncio.sleep(PAUSE[0])
                await self.tab.until(lambda: self.tab.action.over, self.patience)
                self.tab.end()
                self.rests.set()
                await leave.wait()
        except ConnectionError:
            return  # it is in the record
        finally:
            self.rests.set()

    async def pause(self, ends: float) -> bool:
        """Look at the page for a while; False if there is no time for another action."""
        if not self.brisk:
            await asyncio.sleep(max(0.0, self.random.uniform(*PAUSE) - self.tab.action.age))
        await self.tab.until(self.ready, min(PATIENCE - self.tab.action.age, ends - monotonic()))
        if not self.ready() and self.tab.action.age >= PATIENCE:
            wanted = "complete" if self.waits_for_runs else "answered"
            self.tab.give_up(f"not {wanted} within {PATIENCE:.0f} s")
        if self.brisk:
            await asyncio.sleep(max(0.0, min(self.random.uniform(*BRISK), ends - monotonic())))
        return monotonic() < ends

    def ready(self) -> bool:
        """Whether the learner has what they wait for before going on."""
        action = self.tab.action
        return action.over if self.waits_for_runs else action.answered is not None

    async def act(self) -> bool:
        """Do something; False if there is nothing to do."""
        raise NotImplementedError


class Follower(Learner):
    """Does what the lesson says, step by step, and waits for each run.

    Predicts, presses "Set this up for me", looks at the run, goes on. Moves no control besides.
    """

    waits_for_runs = True
    patience = PATIENCE

    async def act(self) -> bool:
        screen = self.tab.screen
        if choices := screen.buttons("/choice/"):
            await self.tab.press(self.random.choice(choices), "read")
        elif preset := screen.button("/preset/"):
            await self.tab.press(preset, "set")
        elif onward := screen.button("/next") or screen.button("/on") or screen.button("start"):
            await self.tab.press(onward, "read")
        else:
            return False
        return True


class Wanderer(Learner):
    """Moves any control in sight to any value within its bounds, and goes to any page.

    What stands under "More settings" stays as it is. Does not wait for a run to be complete, unless
    brisk.
    """

    async def act(self) -> bool:
        screen = self.tab.screen
        others = [name for name, page in screen.pages.items() if name and page != screen.page]
        controls = [shown for kind in CONTROLS for shown in screen.all_of(kind, hidden=False)]
        values = [value for control in controls if (value := self.another(control))]
        if others and (not values or self.random.random() < PAGE_CHANGE):
            await self.tab.go(self.random.choice(others))
        elif values:
            await self.tab.put(self.random.choice(values))
        else:
            return False
        return True

    def another(self, control: Shown) -> WidgetState | None:
        """A value that the control does not have yet; None if it has no other."""
        return another_value(control, self.tab.screen.values[control.proto.id], self.random)


def another_value(control: Shown, now: WidgetState, random: Random) -> WidgetState | None:
    """Any value of a control but the one it has; None if there is no other."""
    proto = control.proto
    if proto.disabled:
        return None
    if control.kind == "button_group":
        option = random.choice(proto.options).content
        have = list(now.string_array_value.data)
        toggled = [name for name in have if name != option] + [option] * (option not in have)
        return picked(proto.id, toggled) if toggled else None
    if control.kind == "selectbox":
        options = [option for option in proto.options if option != now.string_value]
        return chosen(proto.id, random.choice(options)) if options else None
    if proto.type == Slider.SELECT_SLIDER:
        stops = [stop for stop in proto.options if stop not in now.string_array_value.data]
        return slid(proto, random.choice(stops)) if stops else None
    count = round((proto.max - proto.min) / proto.step)
    value = round(proto.min + proto.step * random.randint(0, count), 9)
    same = math.isclose(value, now.double_array_value.data[0], abs_tol=proto.step / 2)
    return None if same else slid(proto, min(value, proto.max))
