"""One module per channel: how a citizen's words come in. Behind them everything is the same."""
