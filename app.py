"""Serve the page: draw a digit, and see while you draw how the network reads it.

``python app.py`` serves it on http://localhost:7860. The environment variables
``GRADIO_SERVER_NAME`` and ``GRADIO_SERVER_PORT`` choose another address.
"""

import signal
import sys
from importlib.util import find_spec

from digits import Recognizer
from digits.image_file import MAX_FILE_BYTES
from digits.model_file import ModelFileError
from digits.page.settings import SettingError, check_temporary_folder, listen_address


def main():
    """Load the model and serve the page, or exit with a sentence on stderr that says why not."""
    # As by Ctrl-C: what is being read is answered, and uploads are deleted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        name, port = listen_address()
        check_temporary_folder()
        serve(Recognizer.load(), name, port)
    except (OSError, SettingError, ModelFileError) as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:  # before it serves
        sys.exit(130)


def serve(recognizer, name, port):
    """Serve the page around a recognizer until the process is stopped."""
    # Imported here because they take seconds: what can go wrong at the start has been checked.
    from starlette.middleware import Middleware

    from digits.page import TEXT
    from digits.page.api import PlainBlocks, add_predict, http_api
    from digits.page.limits import UPLOAD_TTL_S, BodySizeLimit
    from digits.page.sketchpad import THEME, Sketchpad

    ttl = (UPLOAD_TTL_S, UPLOAD_TTL_S)
    with PlainBlocks(title=TEXT["title"], analytics_enabled=False, delete_cache=ttl) as page:
        Sketchpad(recognizer)
        add_predict(recognizer)
    page.launch(
        server_name=name,
        server_port=port,
        theme=THEME,
        share=False,
        footer_links=["api"],
        mcp_server=find_spec("mcp") is not None,
        run_history=False,  # it would keep every drawing in the browser, and double the latency
        ssr_mode=False,
        max_file_size=MAX_FILE_BYTES,
        app_kwargs={
            "middleware": [Middleware(BodySizeLimit)],
            "routes": http_api(recognizer).routes,
        },
    )


if __name__ == "__main__":
    main()
