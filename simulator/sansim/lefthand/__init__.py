"""A LeftHand / StoreVirtual management group behind its command line, CLIQ."""
