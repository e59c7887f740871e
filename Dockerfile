# One image: web, worker and release step differ by command (compose.yaml).

FROM python:3.13-slim-trixie AS tools
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PROJECT_ENVIRONMENT=/opt/venv \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9

# What pages load, checked against its lock's hashes, and our scripts and style in bundles; npm and the bundler do not enter the image.
FROM tools AS pages
ENV PATH=/opt/venv/bin:$PATH
COPY pyproject.toml uv.lock package.json package-lock.json ./
COPY webapp/static/js webapp/static/js
COPY webapp/static/css webapp/static/css
RUN uv sync --locked --only-group node \
    && npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && npm run build \
    && npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format=cyclonedx > sbom.pages.cdx.json

FROM tools AS build
# Dependencies by themselves first: they change less often than the code. Every file is checked against the lock's hash.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-install-project
COPY migrations migrations
COPY templates templates
COPY webapp webapp
COPY wsgi.py ./
COPY --from=pages /app/sbom.pages.cdx.json ./
COPY --from=pages /app/webapp/static/built webapp/static/built
COPY --from=pages /app/webapp/static/vendor webapp/static/vendor
RUN uv sync --locked --no-default-groups \
    && /opt/venv/bin/python -m webapp.placed \
    && /opt/venv/bin/pybabel compile --domain 'messages click' --directory webapp/translations \
    && uv export --locked --no-default-groups --format cyclonedx1.5 --output-file sbom.cdx.json

FROM python:3.13-slim-trixie
ENV PATH=/opt/venv/bin:$PATH \
    HEALTH_PORT=8001 \
    PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WEB_CONCURRENCY=2
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# A number, so that a platform can see that this is not root; the account owns nothing in the image.
USER 10001:10001
EXPOSE 8000 8001
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-m", "webapp.cli.healthcheck"]
CMD ["gunicorn", "--config", "python:webapp.api.serving", "wsgi:app"]
