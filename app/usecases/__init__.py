"""What people can do. Each use case reads: load → may → rule → changes → the read model computed from them.

A use case is a plain function of a :class:`~app.usecases.context.Context` and a reader; it saves nothing. The store
commits what it returns, and only then does anybody hear the answer.
"""
