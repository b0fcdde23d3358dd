"""The free edition: the page with its reader in the visitor's browser, as a folder of files.

``python -m digits.page.static --out site`` makes the folder; any static host serves it.
"""
