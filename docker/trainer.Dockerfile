# The Node that the project pins; package.json's devDependency `node` names the same version.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS files
WORKDIR /build
COPY . .
RUN node docker/service-files.mjs trainer /files

FROM ${NODE_IMAGE} AS installed
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ python3-pip \
 && rm -rf /var/lib/apt/lists/*
# Registries of your own; without them, npm's and pip's.
ARG NPM_CONFIG_REGISTRY
ARG PIP_INDEX_URL
WORKDIR /app
COPY docker/drop-unread-files.mjs /tmp/
COPY --from=files /files/manifests ./
# The binding compiles against the headers of Node-API, a dependency for development of the workspace.
RUN npm install --no-save --no-audit --no-fund --omit=dev --ignore-scripts \
 && npm install --no-save --ignore-scripts --no-package-lock --prefix /headers node-api-headers@1.9.0 \
 && mv /headers/node_modules/node-api-headers node_modules/
COPY tools/install-tensorflow.mjs tools/build-kernels.mjs tools/system-packages.mjs tools/invoked-directly.mjs \
  tools/project-root.mjs ./tools/
COPY tools/tensorflow ./tools/tensorflow
COPY packages/training/kernels ./packages/training/kernels
# Without TensorFlow a trainer would be twenty times slower and nobody would know why: the build fails instead.
RUN node tools/install-tensorflow.mjs --no-cache | tee /tmp/tensorflow.log \
 && tail -n 1 /tmp/tensorflow.log | grep -q '"engine":"native"' \
 && node tools/build-kernels.mjs \
 && node /tmp/drop-unread-files.mjs node_modules \
 && rm -rf node_modules/node-api-headers node_modules/@tensorflow/tfjs-node/deps/include \
 && rm -rf tools package-lock.json .npmrc node_modules/.bin node_modules/.package-lock.json

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
RUN mkdir -p /data/datasets && chown -R 10001:10001 /data
COPY --from=installed /app ./
COPY --from=files /files/sources ./
USER 10001:10001
ENV HEALTH_PORT=9090 DATASETS_DIR=/data/datasets TF_CPP_MIN_LOG_LEVEL=2
EXPOSE 9090
CMD ["node", "services/trainer/src/main.ts"]
