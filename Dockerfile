# The page of app.py, and nothing that only training needs. Runs as uid 1000, with a read-only root,
# without capabilities and without a network:
#
#   docker run --rm -p 7860:7860 --read-only --tmpfs /tmp --cap-drop all digits

FROM python:3.12-slim

# The same as digits.__version__; a test compares them.
ARG VERSION=2.0.0
LABEL org.opencontainers.image.title="digits" \
      org.opencontainers.image.description="Draw a digit and watch a small CNN read it, live" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.licenses="MIT"

WORKDIR /app
COPY requirements.lock ./
RUN PYTHONDONTWRITEBYTECODE=1 pip install --no-cache-dir --no-compile --root-user-action ignore \
        --require-hashes --only-binary :all: -r requirements.lock

COPY app.py ./
COPY digits digits
COPY models models
# What the page tells and offers for download.
COPY benchmarks/accuracy.json benchmarks/
COPY notebooks/digits_detector_cnn_training.ipynb notebooks/

ENV HOME=/tmp \
    GRADIO_SERVER_NAME=0.0.0.0 \
    HF_HUB_OFFLINE=1 \
    ORT_DISABLE_TELEMETRY=1 \
    PYTHONUNBUFFERED=1

# Memory of 12 MB and more, such as that of a large picture, is given back at once.
ENV MALLOC_MMAP_THRESHOLD_=12000000 \
    MALLOC_TRIM_THRESHOLD_=64000000

# The page is started once, so that Python keeps the byte code of what it loads: the root is
# read-only later. That of everything installed would be 60 MB more.
# hadolint ignore=DL3001
RUN export TMPDIR=/tmp/build && mkdir "$TMPDIR" && { python app.py & page=$!; } && \
    until python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:7860')" 2>/dev/null; do \
        kill -0 "$page" || exit 1; sleep 1; \
    done; \
    kill "$page"; wait "$page"; rm -r "$TMPDIR"

USER 1000:1000
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('GRADIO_SERVER_PORT', '7860'), timeout=9)"]
CMD ["python", "app.py"]
