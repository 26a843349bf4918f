# The assistant in a container: built with a network, run without one, by a user that owns nothing but the index.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 assistant
WORKDIR /srv/assistant
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py ./
COPY assistant assistant
COPY corpus corpus
RUN mkdir index && chown assistant index

USER assistant
ENV ASSISTANT_HOST=0.0.0.0 OMP_NUM_THREADS=2
# Built into the image, so that it answers at once.
RUN python -m assistant index
EXPOSE 7860
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/readyz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["python", "app.py"]
