"""Initialization: what a sigmoid network's first weights decide, from constants to Xavier."""
