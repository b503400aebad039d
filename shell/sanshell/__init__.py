"""A shell over the SDK."""
