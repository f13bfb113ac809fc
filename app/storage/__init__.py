"""Tables, the writer, queries, files and the search index. Knows rows and domain values, nothing of people's wishes."""
