"""The interactive shell of a LeftHand node, over real SSH."""
