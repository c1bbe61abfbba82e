# A release names a digest: docker build --build-arg BASE=python:3.11-slim@sha256:…
ARG BASE=python:3.11-slim
FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv /opt/huice
COPY requirements/ requirements/
RUN /opt/huice/bin/pip install --require-hashes -r requirements/runtime.txt
# Extras that the image carries, parted by spaces: docker build --build-arg EXTRAS=postgresql
ARG EXTRAS=""
RUN for extra in $EXTRAS; do \
        /opt/huice/bin/pip install --require-hashes -r requirements/$extra.txt || exit 1; \
    done
COPY pyproject.toml setup.cfg README.md LICENSE ./
COPY service/ service/
RUN /opt/huice/bin/pip install --no-deps --no-build-isolation . \
    && /opt/huice/bin/pip uninstall --yes pip

FROM ${BASE}
# To set memos as PDF files: Pango, and a font with Chinese characters.
RUN apt-get update -qq \
    && apt-get install -qq --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && find /usr -xdev \( -name pip -o -name 'pip[-0-9]*' -o -name ensurepip \) -prune -exec rm -rf {} + \
    && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=build /opt/huice /opt/huice
COPY policies/ /opt/huice/policies/
COPY seeds/ /opt/huice/seeds/
# State lives in /data, scratch files in /tmp and /dev/shm: the rest may be read-only.
ENV PATH=/opt/huice/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    HUICE_HOST=0.0.0.0 \
    HUICE_POLICIES=/opt/huice/policies \
    HUICE_SEEDS=/opt/huice/seeds \
    HUICE_PREPARED=/opt/huice/prepared \
    HUICE_DATABASE=/data/huice.sqlite3 \
    PORT=8000
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin huice \
    && install -d -o huice -g huice /data \
    && huice policies prepare /opt/huice/prepared
USER huice
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/readyz' % os.environ['PORT'], timeout=2)"]
CMD ["huice", "serve"]
