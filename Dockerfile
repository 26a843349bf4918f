# The assistant in a container: built with a network, run without one, by a user that owns nothing but the index.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 assistant
WORKDIR /srv/assistant
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY app.py ./
COPY assistant assistant
COPY corpus corpus
RUN mkdir index && chown assistant index

USER assistant
# Nothing is written while it runs: start it with --read-only (docs/deploying.md).
ENV ASSISTANT_HOST=0.0.0.0 OMP_NUM_THREADS=2 PYTHONDONTWRITEBYTECODE=1
# Built into the image, so that it answers at once.
RUN python -m assistant index
EXPOSE 7860
# Many questions at once may keep it from answering for seconds: only a minute and more without an answer says that it is ill.
HEALTHCHECK --interval=30s --timeout=15s --start-period=120s --retries=4 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/readyz', timeout=12)"]
STOPSIGNAL SIGTERM
CMD ["python", "app.py"]
