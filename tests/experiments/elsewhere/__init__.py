"""Experiments that are not the app's: what a new folder brings, and nothing besides."""
