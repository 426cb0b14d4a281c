"""The knowledge base: entries in YAML, their served copy in a database, search, and what follows from dates.

Knows nothing of chat, of Rasa or of any web server, and imports none of the project's other folders.
"""
