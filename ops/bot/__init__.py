"""What runs inside the bot's environment: Rasa and the action server, started so that no log holds a citizen's words."""
