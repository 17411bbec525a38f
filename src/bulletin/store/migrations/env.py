"""Alembic's entry: runs on the connection that `schema.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from bulletin.store.search_schema import is_ours
from bulletin.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=is_ours,
    render_as_batch=True,
    transactional_ddl=False,  # one outer transaction holds the whole upgrade
)
context.run_migrations()
