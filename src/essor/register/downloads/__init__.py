"""The directory as files: CSV, JSON, GeoJSON, Parquet, with licence, source, vintage and perimeter in each."""
