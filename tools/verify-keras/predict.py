"""Opens each model of a folder with Keras, predicts its inputs and compares with the outputs beside it.

Reads cases.json: [{"file", "inputShape", "dtype", "classes", "samples"}]; prints one JSON object per case.
"""

import json
import pathlib
import sys

import keras
import numpy as np

folder = pathlib.Path(sys.argv[1])
for case in json.loads((folder / "cases.json").read_text()):
    name = case["file"]
    answer = {"file": name}
    try:
        model = keras.models.load_model(folder / f"{name}.keras")
        shape = (case["samples"], *case["inputShape"])
        inputs = np.fromfile(folder / f"{name}.inputs", dtype=case["dtype"]).reshape(shape)
        ours = np.fromfile(folder / f"{name}.outputs", dtype="float32").reshape(case["samples"], case["classes"])
        theirs = np.asarray(model(inputs, training=False))
        answer["maxDifference"] = float(np.abs(theirs - ours).max())
        answer["spread"] = float(np.ptp(ours))
        answer["layers"] = sorted({type(layer).__name__ for layer in model.layers})
        answer["keras"] = keras.__version__
    except Exception as error:  # Any failure is the finding.
        answer["error"] = f"{type(error).__name__}: {error}"[:500]
    print(json.dumps(answer), flush=True)
