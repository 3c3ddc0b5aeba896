"""One file per page of the app. Pages read published views and import nothing that writes."""
