# The Node that the project pins; package.json's devDependency `node` names the same version.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS installed
WORKDIR /build
COPY . .
RUN npm install --no-save --no-audit --no-fund --omit=dev --ignore-scripts --workspace @onegin/orchestrator \
 && node docker/keep-service.mjs orchestrator /out

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=installed /out ./
USER 10001:10001
ENV HEALTH_PORT=9090
EXPOSE 9090
CMD ["node", "services/orchestrator/src/main.ts"]
