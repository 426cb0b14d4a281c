"""The only public process: channels, the conversation log and who answers. Rasa is asked over HTTP."""
