"""`python keras-step.py cnn|cnn-norm|lstm`: prints milliseconds per step of Keras 3's model.fit (a compiled graph)."""
import sys
import time

import numpy as np
from keras import Sequential, layers, optimizers

kind = sys.argv[1]
count = 8192
rng = np.random.default_rng(1)


def convolution(filters):
    """With its norm as ours: pooled before ReLU, which gives the same values for less work."""
    if kind == "cnn":
        return [layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D(2)]
    return [
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Activation("relu"),
    ]


if kind.startswith("cnn"):
    model = Sequential(
        [
            layers.Input((28, 28, 1)),
            *convolution(32),
            *convolution(64),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    x = rng.random((count, 28, 28, 1), dtype=np.float32)
    y = rng.integers(0, 10, count)
else:
    model = Sequential(
        [
            layers.Input((100,), dtype="int32"),
            layers.Embedding(10000, 64),
            layers.LSTM(64),
            layers.Dense(2, activation="softmax"),
        ]
    )
    x = rng.integers(1, 10000, (count, 100)).astype(np.int32)
    y = rng.integers(0, 2, count)
model.compile(optimizer=optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])


def epoch():
    start = time.perf_counter()
    model.fit(x, y, batch_size=64, epochs=1, verbose=0)
    return (time.perf_counter() - start) * 1000 * 64 / count


epoch()
print(min(epoch(), epoch()))
