"""The advisors' desk: accounts, passwords, sessions and rights. Who owns a conversation is decided in `gateway.handoff`."""
