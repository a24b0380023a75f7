# The Node that the project pins; package.json's devDependency `node` names the same version.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS web
WORKDIR /build
COPY . .
RUN npm install --no-save --no-audit --no-fund --ignore-scripts && npm run build --workspace @onegin/frontend

FROM ${NODE_IMAGE} AS installed
WORKDIR /build
COPY . .
RUN npm install --no-save --no-audit --no-fund --omit=dev --ignore-scripts --workspace @onegin/gateway \
 && node docker/keep-service.mjs gateway /out

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=installed /out ./
COPY --from=web /build/frontend/dist ./frontend/dist
# Prepared datasets; only this and /tmp are written to.
RUN mkdir -p /data/datasets && chown -R 10001:10001 /data
USER 10001:10001
ENV HOST=0.0.0.0 PORT=7860 WEB_DIR=/app/frontend/dist DATASETS_DIR=/data/datasets
EXPOSE 7860
CMD ["node", "services/gateway/src/main.ts"]
