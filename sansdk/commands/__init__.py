"""The command library: one template and one parser a command."""
