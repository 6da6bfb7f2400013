"""Lessons: read, checked and rehearsed."""
