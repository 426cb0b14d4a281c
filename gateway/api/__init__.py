"""The public contract under /api/v1, one module per noun."""
