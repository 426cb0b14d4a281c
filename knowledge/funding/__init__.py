"""The funding finder: which programmes fit a profile, why, and how to combine them. No chat, no I/O."""
