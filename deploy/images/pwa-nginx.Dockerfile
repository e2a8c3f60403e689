# The gateway: nginx with the built PWA and the same configuration as the local stack.
FROM node:22-bookworm-slim AS pwa
WORKDIR /src
COPY pwa/package.json pwa/pnpm-lock.yaml ./
RUN npm exec --yes --package=pnpm@10.12.4 -- pnpm install --frozen-lockfile
COPY pwa ./
RUN npm exec --yes --package=pnpm@10.12.4 -- pnpm run build

FROM nginx:stable
COPY --from=pwa /src/dist /usr/share/pwa
COPY deploy/nginx/*.conf deploy/nginx/nginx.conf.in /etc/nginx/
COPY deploy/images/upstreams deploy/images/ready /usr/local/bin/
RUN rm -rf /etc/nginx/conf.d && /usr/local/bin/upstreams auth deal pay chat push > /etc/nginx/upstreams.conf && \
    sed -e 's|@USER@||' -e 's|@LISTEN@|8080|' -e 's|@PID@|/tmp/nginx.pid|' -e 's|@TEMP@|/tmp|' \
    -e 's|@PWA@|/usr/share/pwa|' -e 's|@RATE@|50|' -e 's|@LOG@|/dev/stdout|' \
    /etc/nginx/nginx.conf.in > /etc/nginx/nginx.conf && rm /etc/nginx/nginx.conf.in
USER nginx
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/usr/local/bin/ready", "8080", "/"]
