"""MSE against BCE: the same wrong neuron, and how fast each loss puts it right."""
