# TensorBoard that reads the event files of trials where they are: in the S3 bucket, through s3fs.
ARG PYTHON_IMAGE=python:3.12.11-slim-bookworm
FROM ${PYTHON_IMAGE}
# An index of your own; without it, PyPI.
ARG PIP_INDEX_URL
RUN python3 -m pip install --no-cache-dir --no-compile tensorboard==2.21.0 s3fs==2025.9.0
USER 10001:10001
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1
EXPOSE 6006
ENTRYPOINT ["tensorboard"]
CMD ["--bind_all", "--port=6006", "--logdir=s3://onegin/optimization_results"]
