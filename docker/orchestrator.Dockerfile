# The Node that the project pins; package.json's devDependency `node` names the same version.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS files
WORKDIR /build
COPY . .
RUN node docker/service-files.mjs orchestrator /files

FROM ${NODE_IMAGE} AS installed
# A registry of your own; without it, npm's.
ARG NPM_CONFIG_REGISTRY
WORKDIR /app
COPY docker/drop-unread-files.mjs /tmp/
COPY --from=files /files/manifests ./
RUN npm install --no-save --no-audit --no-fund --omit=dev --ignore-scripts \
 && node /tmp/drop-unread-files.mjs node_modules \
 && rm -rf package-lock.json .npmrc node_modules/.bin node_modules/.package-lock.json

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=installed /app ./
COPY --from=files /files/sources ./
USER 10001:10001
ENV HEALTH_PORT=9090
EXPOSE 9090
CMD ["node", "services/orchestrator/src/main.ts"]
