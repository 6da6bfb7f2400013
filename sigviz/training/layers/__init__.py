"""Stacked layers: each is K layers of ``torch.nn``, held and computed as one."""
