"""The observatory: figures by territory, each with its source, date and perimeter."""
