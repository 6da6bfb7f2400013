"""The least a Streamlit page can be with a slider and a figure, to compare with."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

slope = st.slider("Slope", 1, 50, 10)
x = np.linspace(-1, 1, 100)
st.plotly_chart(go.Figure(go.Scatter(x=x, y=slope * x), {"title": {"text": f"slope {slope}"}}))
