# The bot in a container: no root, and nothing that it writes but /data.
#
#     docker build --tag smp-bot .
#     docker run --env-file .env --read-only --volume smp-bot:/data smp-bot

FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /bot \
    && /bot/bin/pip install --no-cache-dir --constraint constraints.txt '.[webhook,postgres]'

FROM python:3.11-slim
COPY --from=build /bot /bot
RUN useradd --system --uid 10001 --no-create-home smp-bot \
    && install --directory --owner=smp-bot --mode=0700 /data
# Threads of the linear algebra only wait for each other.
ENV PATH=/bot/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
USER 10001
# Without DATABASE_URL the records are a file here, and a folder faq/ here is served if there is one.
WORKDIR /data
VOLUME /data
EXPOSE 8080
# 503, and so not well, once Telegram has not been reached for two minutes.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os, urllib.request as web; \
web.urlopen(f'http://127.0.0.1:{os.environ.get(\"WEBHOOK_PORT\") or 8080}/healthz', timeout=4)"]
ENTRYPOINT ["smp-bot"]
CMD ["run"]
