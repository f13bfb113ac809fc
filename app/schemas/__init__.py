"""What goes in and out of the doors: one module per noun. Every shape is documented for the OpenAPI page."""
