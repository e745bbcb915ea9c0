"""Taking a database of an earlier release further: columns that came since are added, empty.

Nothing is ever taken away or renamed, so that a database serves the earlier release as well.
"""

from sqlalchemy import Engine, inspect, text
from sqlalchemy.schema import CreateColumn

from sopc_runtime.store.tables import metadata


def add_missing_columns(engine: Engine) -> None:
    """Add the columns that the tables lack; where none is missing, nothing is locked."""
    with engine.execution_options(sopc_reads=True).connect() as connection:
        found = {
            table: {column["name"] for column in columns}
            for (_, table), columns in inspect(connection).get_multi_columns().items()
        }
    missing = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if table.name in found and column.name not in found[table.name]
    ]
    if not missing:
        return
    with engine.begin() as connection:
        for column in missing:
            told = CreateColumn(column).compile(dialect=engine.dialect)
            # Names and types are those of the program's own tables.
            connection.execute(text(f'ALTER TABLE "{column.table.name}" ADD COLUMN {told}'))
