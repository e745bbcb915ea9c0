"""The child process that is the embedded server: `python -m sopc_compiler.llm.server_process`.

It reads its settings as one line of JSON from stdin (so that the key is in no process list), serves
until stdin ends, which it does when the parent stops or dies, and leaves without ceremony.
"""

import json
import os
import sys


def main() -> None:
    """Serve until stdin ends."""
    settings = json.loads(sys.stdin.readline())
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["path"]
    params.model_alias = {settings["alias"]}
    params.api_keys = [settings["api_key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = settings["port"]
    params.ui = False
    params.slot_save_path = settings["states"]
    params.n_ctx = settings["context"]
    params.n_parallel = settings["parallel"]
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    server = xllamacpp.Server(params)
    while sys.stdin.readline():
        pass
    del server
    os._exit(0)


if __name__ == "__main__":
    main()
