"""Prints what TensorBoard's own readers find in the event files of a folder, as JSON."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as Converted

raw = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0}).Reload()
tags = raw.Tags()
# What the web page is served from: old summaries are converted to tensors of a plugin.
converted = Converted(sys.argv[1], size_guidance={}).Reload()
print(
    json.dumps(
        {
            "scalars": {tag: [[event.step, event.value] for event in raw.Scalars(tag)] for tag in tags["scalars"]},
            "histograms": {
                tag: [[event.step, list(event.histogram_value.bucket)] for event in raw.Histograms(tag)]
                for tag in tags["histograms"]
            },
            "plugins": {
                plugin: sorted(converted.PluginTagToContent(plugin)) for plugin in ("scalars", "histograms")
            },
        }
    )
)
