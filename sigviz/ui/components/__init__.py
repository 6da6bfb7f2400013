"""Parts of pages that stand in more than one place."""
