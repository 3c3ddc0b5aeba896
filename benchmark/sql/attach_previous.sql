-- DuckDB takes no parameter here; $path is put in as a quoted literal.
ATTACH $path AS previous (READ_ONLY);
