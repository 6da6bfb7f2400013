"""For all tests: PyTorch with one thread, as in the app; more only get in each other's way."""

import torch

torch.set_num_threads(1)
