"""The bot's hands: read the turn, make one call into `knowledge`, send one reply object."""
