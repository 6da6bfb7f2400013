"""MSE against BCE: why a confidently wrong sigmoid needs the right loss."""

from sigviz import ui
from sigviz.experiments.mse_vs_bce.figures import panels
from sigviz.experiments.mse_vs_bce.settings import Settings

page = ui.page("mse-vs-bce", Settings)
settings = page.controls()
page.train(settings, panels)
