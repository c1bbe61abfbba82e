"""The media types of files that answers come as, by the ending of their names."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {
    "xlsx": XLSX,
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
PDF = "application/pdf"
# What is no text.
BINARY = frozenset((XLSX, MEDIA["parquet"], PDF))
