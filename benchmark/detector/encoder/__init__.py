"""The encoder that reads hint and passage together: multilingual-e5-small with this project's adapter and heads."""
