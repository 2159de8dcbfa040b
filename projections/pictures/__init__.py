"""What pictures show, as rows: graphs of who has what of whom, and charts over time."""
