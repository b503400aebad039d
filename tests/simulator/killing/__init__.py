"""Kill a simulator under load, again and again, and see that nothing is lost and nothing is half."""
