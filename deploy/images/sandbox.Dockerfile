# The outside world, imitated: payment provider, text messages, push service, log-in provider.
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY deploy/sandbox/package.json deploy/sandbox/pnpm-lock.yaml ./
RUN npm exec --yes --package=pnpm@10.12.4 -- pnpm install --frozen-lockfile --prod
COPY deploy/sandbox ./

FROM node:22-bookworm-slim
RUN useradd --system --uid 10001 --no-create-home sandbox && mkdir -p /var/lib/sandbox && chown 10001 /var/lib/sandbox
COPY --from=build /src /usr/share/sandbox
COPY deploy/images/ready deploy/images/sandbox-start /usr/local/bin/ready
USER 10001
EXPOSE 8105
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/usr/local/bin/ready", "8105", "/"]
ENTRYPOINT ["/usr/local/bin/sandbox-start"]
