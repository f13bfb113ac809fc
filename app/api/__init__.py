"""The JSON doors under ``/api/v1``: one router per noun. A route reads the request, calls one use case, and answers."""
