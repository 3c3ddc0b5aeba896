"""What runs for others: starting a model's inference server."""
