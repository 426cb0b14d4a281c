"""Set-up, launcher and supervisor of one installation. Standard library only, Python 3.9 or newer: it runs before anything is installed.

The modules in `ops/bot` are the exception: they run inside the bot's environment.
"""
