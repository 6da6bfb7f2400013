"""MSE against BCE: why a confidently wrong sigmoid needs the right loss."""

from sigviz import ui

ui.page("mse-vs-bce")
