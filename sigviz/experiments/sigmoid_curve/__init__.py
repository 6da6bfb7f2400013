"""The sigmoid curve: its value, its slope, and one neuron that learns."""
