"""The course at a glance."""

import streamlit as st

st.title("sigviz")
