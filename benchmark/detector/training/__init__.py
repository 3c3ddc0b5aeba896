"""How the encoder's adapter and heads are trained. Needs torch; detection does not."""
