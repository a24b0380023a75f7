# The Node that the project pins; package.json's devDependency `node` names the same version.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS files
WORKDIR /build
COPY . .
RUN node docker/service-files.mjs gateway /files && node docker/service-files.mjs frontend /web

FROM ${NODE_IMAGE} AS web
# A registry of your own; without it, npm's.
ARG NPM_CONFIG_REGISTRY
WORKDIR /build
COPY --from=files /web/manifests ./
RUN npm install --no-save --no-audit --no-fund --ignore-scripts
COPY tools ./tools
COPY --from=files /web/sources ./
RUN node -e "import('/build/tools/set-up/web-step.mjs').then((step) => step.buildWebUi('/build', process.execPath, console.log))"

FROM ${NODE_IMAGE} AS installed
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
# Prepared datasets; only this and /tmp are written to.
RUN mkdir -p /data/datasets && chown -R 10001:10001 /data
COPY --from=installed /app ./
COPY --from=files /files/sources ./
COPY --from=web /build/frontend/dist ./frontend/dist
USER 10001:10001
ENV HOST=0.0.0.0 PORT=7860 WEB_DIR=/app/frontend/dist DATASETS_DIR=/data/datasets
EXPOSE 7860
CMD ["node", "services/gateway/src/main.ts"]
