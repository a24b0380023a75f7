/** Constants of the optimizers: the defaults of Keras 3, on every engine. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
export const RMSPROP = { rho: 0.9, epsilon: 1e-7 } as const;

/** AdamW decays kernels and embeddings; biases and the scales of normalization are one-dimensional. */
export const decays = (shape: readonly number[]): boolean => shape.length > 1;
