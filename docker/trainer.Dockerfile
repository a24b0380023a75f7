# The Node that the project pins; package.json's devDependency `node` names the same version.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS installed
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ python3-pip \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# The binding compiles against the headers of Node-API, a dependency for development of the workspace.
RUN npm install --no-save --no-audit --no-fund --omit=dev --ignore-scripts --workspace @onegin/trainer --include-workspace-root \
 && npm install --no-save --ignore-scripts --no-package-lock --prefix /headers node-api-headers@1.9.0 \
 && mv /headers/node_modules/node-api-headers node_modules/
# Without TensorFlow a trainer would be ten times slower and nobody would know why: the build fails instead.
RUN node tools/install-tensorflow.mjs --no-cache | tee /tmp/tensorflow.log \
 && tail -n 1 /tmp/tensorflow.log | grep -q '"engine":"native"'
RUN rm -rf node_modules/node-api-headers node_modules/@tensorflow/tfjs-node/deps/include \
 && node docker/keep-service.mjs trainer /out

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=installed /out ./
RUN mkdir -p /data/datasets && chown -R 10001:10001 /data
USER 10001:10001
ENV HEALTH_PORT=9090 DATASETS_DIR=/data/datasets TF_CPP_MIN_LOG_LEVEL=2
EXPOSE 9090
CMD ["node", "services/trainer/src/main.ts"]
