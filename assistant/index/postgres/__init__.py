"""An index in PostgreSQL with pgvector: written by whoever indexes, opened without files by any number of services.

In reading order: `database` (connections), `tables` (what is kept, in which form), `writing` (a build, one generation
after another), `generation` (what a service holds in memory), `postgres_words`, `postgres_store` (search), `repository`
(both ways together).
"""

from assistant.index.postgres.repository import PostgresRepository
