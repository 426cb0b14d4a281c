"""Rasa graph components for German: language model, intents, entities, training sentences from the knowledge base."""
