"""From a world or a company's data to fitted rankers: data set preparation and model training."""
