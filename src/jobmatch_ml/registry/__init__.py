"""MLflow: runs with their lineage, versions of the bundle, and the alias that is served."""
