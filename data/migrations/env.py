"""How alembic reaches the database: through the connection the store hands over, inside the store's own transaction."""

from alembic import context

from data.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False, render_as_batch=True
)
context.run_migrations()
