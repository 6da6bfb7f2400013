"""sigviz: what the sigmoid does to a neural network, shown by training networks live."""
