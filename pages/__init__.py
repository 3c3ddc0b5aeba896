"""One file per page of the app. Pages read published views and import nothing that writes.

One exception: the page `audit` writes what labellers say, into files beside the results file.
"""
