"""The pages for people: HTML that works without JavaScript. Texts stand in `web/shared/texts.de.json`."""
