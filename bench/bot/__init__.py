"""What runs in the bot's environment (`.venv-bot`)."""
