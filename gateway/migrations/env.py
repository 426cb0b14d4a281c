"""Alembic's entry: migrates over the connection that `Database.migrate` hands over. There is no offline mode."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="gateway_version")
with context.begin_transaction():
    context.run_migrations()
