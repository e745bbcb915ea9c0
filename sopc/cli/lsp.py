"""`sopc lsp`: the language server, for editors to start."""


def lsp() -> None:
    """Show findings in an editor, in the graph and in the prose: a language server.

    It speaks the Language Server Protocol over stdin and stdout; editors start it.
    """
    from sopc.language_server import serve

    serve()
