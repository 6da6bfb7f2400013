"""A learner's own table: uploaded or pasted, kept in this session's memory alone.

It is in nobody else's reach: not in a link, a cache, a log, a file or a module's variable.
"""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sigviz.data.columns import FEWEST_CLASSES, MOST_CLASSES
from sigviz.data.csv_text import LARGEST_FILE, LARGEST_MEGABYTES, TableError, quoted
from sigviz.data.table import Table
from sigviz.data.table_reader import MOST_COLUMNS, MOST_ROWS, column_names, read_table
from sigviz.runner import Run
from sigviz.settings import TrainingSettings
from sigviz.ui.components.download import download

WHAT_IS_RIGHT = (
    "The first row names the columns. One column is the label, the last if you choose no other, "
    f"with {FEWEST_CLASSES} to {MOST_CLASSES} classes; all others hold numbers. Up to "
    f"{MOST_ROWS:,} rows, {MOST_COLUMNS} columns and {LARGEST_MEGABYTES} MB, in UTF-8; columns "
    "separated by commas, semicolons or tabs."
)

# A form part larger than this is spooled to a temporary file; what is uploaded here never is.
MultiPartParser.spool_max_size = 2 * LARGEST_FILE


@dataclass
class _Own:
    """What a session holds for one page.

    Attributes:
        table: What is trained on: the last table without a problem.
        data, name, columns, label: The last one whose columns could be read.
        refused, problems: The name of the newest one and what is wrong with it, if anything is.
        taken, forgotten: Counts that give widgets new keys, which empties them.
    """

    table: Table | None = None
    data: bytes = b""
    name: str = ""
    columns: tuple[str, ...] = ()
    label: str = ""
    refused: str = ""
    problems: tuple[str, ...] = ()
    taken: int = 0
    forgotten: int = 0


def own_data(name: str, settings: TrainingSettings) -> Table | None:
    """Draw what a page has for the learner's own data; returns the table to train on."""
    own = _own(name)
    with st.container(border=True, gap="small"):
        st.file_uploader(
            f"Your own data: a CSV file of up to {LARGEST_MEGABYTES} MB",
            type=["csv", "tsv", "txt"],
            max_upload_size=LARGEST_MEGABYTES,
            key=_upload_key(name),
            help=WHAT_IS_RIGHT,
            on_change=_uploaded,
            args=(name,),
        )
        with st.container(horizontal=True, gap="small"):
            download(
                "A table to try",
                _drawn_table,
                "three-groups.csv",
                "text/csv",
                key=f"{name}/own-sample",
                help="60 points in three groups, drawn anew each time.",
            )
            if own.columns or own.problems:
                st.button(
                    "Forget my data",
                    key=f"{name}/own-forget",
                    icon=":material/delete:",
                    on_click=_forget,
                    args=(name,),
                )
        _paste(name)
        _choices(name, settings)
        if own.problems:
            st.warning(_complaint(own), icon=":material/rule:")
        if own.table:
            st.markdown(_summary(settings, own.table))
    return own.table


def _own(name: str) -> _Own:
    own: _Own = st.session_state.setdefault(f"{name}/own-data", _Own())
    return own


def _upload_key(name: str) -> str:
    return f"{name}/own-file-{_own(name).taken}"


def _paste_key(name: str) -> str:
    return f"{name}/own-text-{_own(name).forgotten}"


def _paste(name: str) -> None:
    with (
        st.expander("Paste a table", icon=":material/content_paste:"),
        st.form(f"{name}/own-form", border=False),
    ):
        st.text_area(
            "A table, with the columns' names in its first row",
            key=_paste_key(name),
            height=200,
            placeholder="height,width,kind\n1.2,0.4,a\n0.7,1.1,b",
        )
        st.form_submit_button("Train on it", on_click=_pasted, args=(name,))


def _choices(name: str, settings: TrainingSettings) -> None:
    """Which column is the label and, for a single neuron, which class has target 1."""
    own = _own(name)
    if not own.columns:
        return
    with st.grid("auto", min_column_width=180, gap="small"):
        key = f"{name}/own-label-{own.taken}"
        st.selectbox(
            "Label column",
            own.columns,
            own.columns.index(own.label),
            key=key,
            help="The column that says which class a row belongs to.",
            on_change=_label_chosen,
            args=(name, key),
        )
        if own.table and settings.ONE_AGAINST_REST:
            key = f"{name}/own-positive-{own.table.digest}"
            st.selectbox(
                "Class with target 1",
                own.table.classes,
                own.table.positive,
                key=key,
                help="The neuron learns to tell this class from all the others, whose target is 0.",
                on_change=_positive_chosen,
                args=(name, key),
            )


def _uploaded(name: str) -> None:
    file = st.session_state.get(_upload_key(name))
    if file is None:
        return
    _take(name, file.getvalue(), file.name)
    # Streamlit would keep its copy until the session ends, whatever is forgotten here.
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _pasted(name: str) -> None:
    _take(name, st.session_state[_paste_key(name)].encode(errors="replace"), "pasted.csv")


def _take(name: str, data: bytes, source: str) -> None:
    """Read what was entered; where it cannot be read, what there was before stays in use."""
    own = _own(name)
    own.taken += 1
    try:
        columns = column_names(data)
    except TableError as error:
        own.refused, own.problems = source, error.problems
        return
    own.label = own.label if columns == own.columns else columns[-1]
    own.data, own.name, own.columns = data, source, columns
    _read(own)


def _read(own: _Own) -> None:
    try:
        table = read_table(own.data, own.name, own.label)
    except TableError as error:
        own.refused, own.problems = own.name, error.problems
        return
    if own.table and own.table.classes == table.classes:
        table = replace(table, positive=own.table.positive)
    own.table, own.refused, own.problems = table, "", ()


def _label_chosen(name: str, key: str) -> None:
    own = _own(name)
    own.label = st.session_state[key]
    _read(own)


def _positive_chosen(name: str, key: str) -> None:
    own = _own(name)
    if own.table:
        positive = own.table.classes.index(st.session_state[key])
        own.table = replace(own.table, positive=positive)


def _forget(name: str) -> None:
    """Forget the table, and the run on it with all that was made of it."""
    own = _own(name)
    st.session_state[f"{name}/own-data"] = _Own(taken=own.taken + 1, forgotten=own.forgotten + 1)
    run: Run | None = st.session_state.get(f"{name}/run")
    if run and run.job.table:
        run.stop()
        for part in ("run", "drawn", "told"):
            st.session_state.pop(f"{name}/{part}", None)


def _complaint(own: _Own) -> str:
    listed = "\n".join(f"- {problem[0].upper()}{problem[1:]}." for problem in own.problems)
    kept = f"\n\n{quoted(own.table.name)} stays in use." if own.table else ""
    return f"{quoted(own.refused)} cannot be trained on:\n\n{listed}{kept}"


def _summary(settings: TrainingSettings, table: Table) -> str:
    classes = ", ".join(map(quoted, table.classes))
    features = len(table.features)
    return (
        f"In use: {quoted(table.name)}, {len(table.y):,} rows, {features} "
        f"{'feature' if features == 1 else 'features'}, {len(table.classes)} classes in "
        f"{quoted(table.label)}: {classes}. {settings.about_data(table)} Your data is in this "
        "session's memory only: it is not stored, nobody else sees it, and a link does not carry "
        "it."
    )


def _drawn_table() -> str:
    """Three groups of points that touch, as a CSV file."""
    random = np.random.default_rng()
    lines = ["height,width,group"]
    for group, centre in {"north": (0, 1.5), "east": (1.5, -0.7), "west": (-1.5, -0.7)}.items():
        points = random.normal(centre, 0.8, (20, 2))
        lines += [f"{height:.3f},{width:.3f},{group}" for height, width in points]
    return "\n".join([*lines, ""])
