"""The funding finder as the gateway offers it: knowledge.funding over HTTP, plans that can be addressed, exports. No rules here."""
