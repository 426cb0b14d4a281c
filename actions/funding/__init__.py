"""The funding finder's dialogue: details out of any message, the next question, results and reasons in words."""
