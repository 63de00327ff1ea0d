# Tadmor for a team, beside PostgreSQL: see compose.yaml.
# The first stage builds the wheel's parts (the app's screens, the gazetteer) and installs what uv.lock pins; the second has
# only that, Python, and pg_dump for backups.

ARG PYTHON=3.12.8-slim-bookworm

FROM python:${PYTHON} AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/tadmor \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /src
# What is pinned changes less often than the code: its layer is used again.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-cache --extra postgres --no-install-project
COPY . .
RUN uv sync --locked --no-dev --no-cache --extra postgres --no-editable

FROM python:${PYTHON} AS run
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-15=15.* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin tadmor
COPY --from=build /opt/tadmor /opt/tadmor
ENV PATH=/opt/tadmor/bin:$PATH \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /home/tadmor
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8765), 3).close()"]
ENTRYPOINT ["tadmor"]
CMD ["--help"]
