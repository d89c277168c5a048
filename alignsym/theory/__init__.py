"""Consumer and producer theory: four programs by the names economists give their solutions."""
