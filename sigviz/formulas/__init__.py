"""What activations and losses are called, and their formulas, for both sides of the process border.

Nothing here imports PyTorch: a formula that is only arithmetic works on its tensors as it does on
NumPy's arrays and on Python's numbers.
"""
