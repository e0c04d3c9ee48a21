"""What the pages do when they are used: plain functions, tested without a browser."""
