"""The course around the labs."""
