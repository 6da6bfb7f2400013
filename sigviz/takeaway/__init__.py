"""What a learner takes home: script, notebook, numbers and figure."""
