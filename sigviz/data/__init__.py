"""A learner's own table."""
