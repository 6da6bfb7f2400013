"""What one browser tab knows of its page, kept as Streamlit's front end keeps it.

The elements lie under their delta paths; what a finished run has not drawn again is dropped. Every
widget has a value of the browser's own, and all of them go with every message to the server.
"""

from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Markdown_pb2 import Markdown
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

Path = tuple[int, ...]

MAX_AGE = 2
"""Runs after which an unused message is forgotten: Streamlit's ``global.maxCachedMessageAge``."""


@dataclass
class Shown:
    """An element on the page: its kind, its message, its fragment and the run that drew it."""

    kind: str
    proto: Any
    fragment: str
    run: int


@dataclass
class _Kept:
    message: ForwardMsg
    used: int


@dataclass
class Screen:
    """One page as a tab shows it.

    Attributes:
        values: The state of every widget, by its id.
        pages: The hash of every page, by its address.
        page: The hash of the page shown; empty before the first answer.
        query: The link's settings, as the server has set them.
        run: Counts the script's runs on this page, whole ones and fragments'.
    """

    elements: dict[Path, Shown] = field(default_factory=dict)
    values: dict[str, WidgetState] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    page: str = ""
    query: str = ""
    run: int = 0
    _popovers: set[Path] = field(default_factory=set)
    _messages: dict[str, _Kept] = field(default_factory=dict)
    _fragments: tuple[str, ...] = ()

    @property
    def known_messages(self) -> list[str]:
        """The hashes of the messages that the server need not send again."""
        return list(self._messages)

    def take(self, message: ForwardMsg) -> Shown | None:
        """Bring the page up to date; returns the element that was drawn, if one was."""
        message = self._whole(message)
        kind = message.WhichOneof("type")
        if kind == "delta":
            return self._draw(message)
        if kind == "new_session":
            self.run += 1
            self._fragments = tuple(message.metadata.run.fragment_ids)
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
            self.pages = {
                page.url_pathname: page.page_script_hash for page in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished":
            self._finish(message.script_finished)
        return None

    def all_of(self, kind: str, *, hidden: bool = True) -> list[Shown]:
        """The elements of a kind from top to bottom; not `hidden`: none from behind a button."""
        return [
            shown
            for path, shown in sorted(self.elements.items())
            if shown.kind == kind
            and (hidden or not any(path[: len(over)] == over for over in self._popovers))
        ]

    def captions(self) -> list[str]:
        """The small print on the page."""
        return [
            shown.proto.body
            for shown in self.all_of("markdown")
            if shown.proto.element_type == Markdown.Type.CAPTION
        ]

    def button(self, key: str) -> Shown | None:
        """The first button to press among those whose key contains `key`."""
        return next(iter(self.buttons(key)), None)

    def buttons(self, key: str) -> list[Shown]:
        """The buttons to press whose key contains `key`."""
        return [
            shown
            for shown in self.all_of("button")
            if key in key_of(shown.proto.id) and not shown.proto.disabled
        ]

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself, or the one kept earlier that it stands for."""
        if message.WhichOneof("type") == "ref_hash":
            kept = self._messages[message.ref_hash]
            kept.used = self.run
            whole = ForwardMsg()
            whole.CopyFrom(kept.message)
            whole.metadata.CopyFrom(message.metadata)
            return whole
        if message.metadata.cacheable and message.hash not in self._messages:
            self._messages[message.hash] = _Kept(message, self.run)
        return message

    def _draw(self, message: ForwardMsg) -> Shown | None:
        delta, path = message.delta, tuple(message.metadata.delta_path)
        if delta.WhichOneof("type") == "add_block":
            self.elements.pop(path, None)
            self._popovers.discard(path)
            if delta.add_block.HasField("popover"):
                self._popovers.add(path)
            return None
        if delta.WhichOneof("type") != "new_element":
            return None
        kind = str(delta.new_element.WhichOneof("type"))
        proto = getattr(delta.new_element, kind)
        shown = self.elements[path] = Shown(kind, proto, delta.fragment_id, self.run)
        value = _VALUES.get(kind)
        if value and (proto.set_value or proto.id not in self.values):
            self.values[proto.id] = value(proto)
        return shown

    def _finish(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self.elements = {
            path: shown
            for path, shown in self.elements.items()
            if shown.run == self.run or (self._fragments and shown.fragment not in self._fragments)
        }
        here = {shown.proto.id for shown in self.elements.values() if shown.kind in _VALUES}
        self.values = {id_: value for id_, value in self.values.items() if id_ in here}
        self._messages = {
            hash_: kept
            for hash_, kept in self._messages.items()
            if self.run - kept.used <= MAX_AGE
            or (self._fragments and kept.message.delta.fragment_id not in self._fragments)
        }


def key_of(widget: str) -> str:
    """The key that the app gave a widget, from its id ``$$ID-<hash>-<key>``."""
    return widget.removeprefix("$$ID-").partition("-")[2]


def slid(slider: Slider, value: float | str) -> WidgetState:
    """The state of a slider at a value; a text at one of its options."""
    state = WidgetState(id=slider.id)
    if slider.type == Slider.SELECT_SLIDER:
        state.string_array_value.data.append(str(value))
    else:
        state.double_array_value.data.append(float(value))
    return state


def chosen(widget: str, option: str) -> WidgetState:
    """The state of a select box."""
    return WidgetState(id=widget, string_value=option)


def picked(widget: str, options: list[str]) -> WidgetState:
    """The state of pills."""
    state = WidgetState(id=widget)
    state.string_array_value.data.extend(options)
    return state


def _slider(proto: Slider) -> WidgetState:
    if proto.type == Slider.SELECT_SLIDER:
        raw = proto.raw_value if proto.set_value else [proto.options[int(proto.default[0])]]
        return slid(proto, raw[0])
    return slid(proto, (proto.value if proto.set_value else proto.default)[0])


def _number(proto: NumberInput) -> WidgetState:
    value = proto.value if proto.set_value else proto.default
    return WidgetState(id=proto.id, double_value=value)


def _select(proto: Any) -> WidgetState:
    return chosen(proto.id, proto.raw_value if proto.set_value else proto.options[proto.default])


def _pills(proto: Any) -> WidgetState:
    default = [proto.options[at].content for at in proto.default]
    return picked(proto.id, list(proto.raw_values) if proto.set_value else default)


_VALUES: dict[str, Any] = {
    "slider": _slider,
    "number_input": _number,
    "selectbox": _select,
    "button_group": _pills,
}
