# One recipe for every service: docker build --build-arg SERVICE=deal -f deploy/images/service.Dockerfile .
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc make libc6-dev libevhtp-dev libevent-dev \
    librdkafka-dev default-libmysqlclient-dev libhiredis-dev libcjson-dev libcbor-dev libssl-dev libwslay-dev \
    libargon2-dev libcurl4-openssl-dev libutf8proc-dev uthash-dev libvips-dev libhpdf-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Makefile ./
COPY libcommon libcommon
COPY proto proto
COPY services services
ARG SERVICE
RUN make -j"$(nproc)" build/bin/gonggu-$SERVICE && strip --strip-debug build/bin/gonggu-$SERVICE
# What is read at run time: migrations of libcommon and of this service.
RUN mkdir -p /out/share/libcommon /out/share/services/$SERVICE /out/state/photos && \
    cp -r libcommon/schema /out/share/libcommon/ && cp -r services/$SERVICE/schema /out/share/services/$SERVICE/

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libevhtp0 libevent-2.1-7 libevent-pthreads-2.1-7 \
    libmariadb3 librdkafka1 libhiredis0.14 libcjson1 libcbor0.8 libssl3 libwslay1 libargon2-1 libcurl4 libutf8proc2 tzdata \
    ca-certificates tzdata && rm -rf /var/lib/apt/lists/* && useradd --system --uid 10001 --no-create-home gonggu
ARG SERVICE
# Only those who see pictures carry libvips and what it reads them with.
RUN case $SERVICE in deal|chat) apt-get update && apt-get install -y --no-install-recommends libvips42 && \
    rm -rf /var/lib/apt/lists/* ;; esac
# Only pay prints statements, in a Korean font.
RUN case $SERVICE in pay) apt-get update && apt-get install -y --no-install-recommends libhpdf-2.3.0 fonts-nanum && \
    rm -rf /var/lib/apt/lists/* ;; esac
COPY --from=build /src/build/bin/gonggu-$SERVICE /usr/local/bin/gonggu
COPY --from=build /out/share /usr/share/gonggu
COPY --from=build --chown=10001:10001 /out/state /var/lib/gonggu
COPY deploy/images/ready /usr/local/bin/ready
ENV GONGGU_SCHEMA_DIR=/usr/share/gonggu
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["/usr/local/bin/ready", "8080"]
ENTRYPOINT ["/usr/local/bin/gonggu"]
