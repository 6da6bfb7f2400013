"""The experiments, one folder each; `sigviz.experiments.registry` finds them."""
