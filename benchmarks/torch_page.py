"""The least a Streamlit page can be whose figure comes from PyTorch in a worker process.

A page of a trivial kind starts what it needs when it is first opened.
"""

import subprocess
import sys

import plotly.graph_objects as go
import streamlit as st

WORK = """
import torch
print(*torch.sigmoid(torch.linspace(-5, 5, 100)).tolist())
"""


@st.cache_data
def sigmoid() -> list[float]:
    """The curve, from a process that imports PyTorch."""
    done = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=True)
    return [float(number) for number in done.stdout.split()]


st.plotly_chart(go.Figure(go.Scatter(y=sigmoid()), {"title": {"text": "sigmoid"}}))
