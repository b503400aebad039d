"""HP LeftHand, P4000, StoreVirtual: management groups behind CLIQ."""
