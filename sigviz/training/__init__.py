"""All that imports PyTorch: networks, their start, their losses, the loop and what it records."""
