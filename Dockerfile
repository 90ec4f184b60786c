# Builds the hotline in one stage and carries only the result into the next: no compiler, no pip
# cache, no source tree, no root. Flows are inside the package (HOTLINE_FLOWS names others).
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/hotline
COPY requirements.lock ./
RUN /opt/hotline/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY flows ./flows
COPY hotline ./hotline
RUN /opt/hotline/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/hotline --create-home hotline
COPY --from=build /opt/hotline /opt/hotline
ENV PATH=/opt/hotline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/opt/hotline/cache \
    HOTLINE_DATA_DIR=/var/lib/hotline/data
# The word lists compiled, as root's: whoever the service runs as may read them.
RUN hotline flows read --question heavy </dev/null && chmod -R a+rX "$XDG_CACHE_HOME"
USER 10001:10001
WORKDIR /var/lib/hotline
EXPOSE 8000
ENTRYPOINT ["hotline"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
