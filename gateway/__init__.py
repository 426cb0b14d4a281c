"""The gateway: the only public process. Owns channels, the conversation log and who answers; Rasa is asked over HTTP."""
