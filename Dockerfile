# The page of app.py, and nothing that only training needs. Runs as uid 1000, with a read-only root,
# without capabilities and without a network:
#
#   docker run --rm -p 7860:7860 --read-only --tmpfs /tmp --cap-drop all digits

FROM python:3.12-slim AS build

WORKDIR /venv/lib/python3.12/site-packages
COPY requirements.lock /
# Left out of the packages: OpenVINO's plugins for other processors and its readers of foreign model
# files, the packages' own tests and stubs, Gradio's server-side rendering and sample media, Plotly's
# notebook widget and its charts without bars, the Hub's way to move large files.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --no-compile --require-hashes --only-binary :all: \
        -r /requirements.lock \
    && rm -rf openvino/include openvino/libs/cache.json openvino/libs/libopenvino_*[gn]pu_plugin.so \
        openvino/libs/libopenvino_gguf_frontend.so* openvino/libs/libopenvino_jax_frontend.so* \
        openvino/libs/libopenvino_onnx_frontend.so* openvino/libs/libopenvino_paddle_frontend.so* \
        openvino/libs/libopenvino_pytorch_frontend.so* openvino/libs/libopenvino_tensorflow*_frontend.so* \
        pandas/tests gradio/media_assets gradio/templates/node hf_xet \
        plotly/labextension plotly/package_data/widgetbundle.js \
    && find plotly/graph_objs -mindepth 1 -maxdepth 1 -type d ! -name bar ! -name layout -exec rm -rf {} + \
    && find numpy h5py -type d -name tests -prune -exec rm -rf {} + \
    && find . -name '*.pyi' -delete && find keras -name '*_test.py' -delete

WORKDIR /app
COPY app.py ./
COPY digits digits
COPY models models
# What the page tells and offers for download.
COPY benchmarks/accuracy.json benchmarks/
COPY notebooks/digits_detector_cnn_training.ipynb notebooks/
# Byte code made now: the root is read-only when the page runs.
RUN python -m compileall -q --invalidation-mode unchecked-hash /venv /app


FROM python:3.12-slim

# The same as digits.__version__; a test compares them.
ARG VERSION=1.0.0
LABEL org.opencontainers.image.title="digits" \
      org.opencontainers.image.description="Draw a digit and watch a small CNN read it, live" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app

ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_TEMP_DIR=/tmp/gradio \
    HF_HUB_OFFLINE=1 \
    PYTHONUNBUFFERED=1

USER 1000:1000
EXPOSE 7860
# Gradio does not listen to SIGTERM when it is process 1.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('GRADIO_SERVER_PORT', '7860'), timeout=9)"]
CMD ["python", "app.py"]
