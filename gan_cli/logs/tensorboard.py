"""The TensorBoard event file of one process: scalars, images, text and hyperparameters of a run.

It is written with TensorBoard's own protocol buffers and record format alone. The summary writers
of TensorFlow and PyTorch import their libraries, encode images again and start a thread.
"""

import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf.struct_pb2 import Struct
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.custom_scalar.layout_pb2 import (
    Category,
    Chart,
    Layout,
    MultilineChartContent,
)
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData, SessionStartInfo
from tensorboard.plugins.text.plugin_data_pb2 import TextPluginData
from tensorboard.summary.writer.record_writer import RecordWriter

from gan_cli import estimates, reading, storage

PREFIX = "events.out.tfevents"
CHARTS_TAG = "custom_scalars__config__"
HPARAMS_TAG = "_hparams_/session_start_info"


class EventFile:
    """A new event file in a run directory; `flush` hands what was written to the system."""

    def __init__(self, directory: Path, purge_step: int | None = None) -> None:
        """Opens the file.

        Args:
            directory: the run directory, which is made if it is missing.
            purge_step: the first new step of a resumed run. TensorBoard no longer shows what
                earlier files in the directory hold at this step or later.
        """
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / f"{PREFIX}.{_timestamp(directory)}.gan"
        self._records = RecordWriter(self.path.open("xb"))
        self._described_tags: set[str] = set()
        self._write(0, file_version="brain.Event:2")
        if purge_step is not None:
            # TensorBoard ignores the first START that it reads, and cannot be asked which it is.
            for _ in range(2):
                self._write(purge_step, session_log=SessionLog(status=SessionLog.START))

    def scalars(
        self, step: int, values: Mapping[str, float], wall_time: float | None = None
    ) -> None:
        """Writes the values of some tags at a step; `wall_time` is in seconds since 1970."""
        points = [
            Summary.Value(tag=tag, simple_value=value, metadata=self._described(tag))
            for tag, value in values.items()
        ]
        self._write(step, wall_time, summary=Summary(value=points))

    def image(self, step: int, tag: str, png: bytes) -> None:
        """Writes the bytes of a PNG file unchanged."""
        width, height = _size(png)
        image = Summary.Image(width=width, height=height, encoded_image_string=png)
        self._write(step, summary=Summary(value=[Summary.Value(tag=tag, image=image)]))

    def text(self, tag: str, markdown: str, step: int = 0) -> None:
        """Writes a page of the Text tab."""
        content = TextPluginData(version=0).SerializeToString()
        self._plugin_data("text", tag, content, _text(markdown.encode()), step)

    def hparams(self, values: Mapping[str, str | int | float | bool]) -> None:
        """Writes the run's row of the HParams table; all scalars of the run are its metrics.

        No experiment record is written: TensorBoard would take the columns of the whole table
        from the record of one arbitrary run. Without any, it shows the columns of all runs.
        """
        table = Struct()
        table.update(values)
        start = SessionStartInfo(start_time_secs=time.time(), hparams=table.fields)
        data = HParamsPluginData(version=0, session_start_info=start)
        nothing = TensorProto(dtype="DT_FLOAT", tensor_shape=TensorShapeProto())
        self._plugin_data("hparams", HPARAMS_TAG, data.SerializeToString(), nothing)

    def charts(self, categories: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Writes which scalars the Custom Scalars tab draws together.

        Args:
            categories: the charts of each category; a chart is its title and its scalars' tags.
        """
        layout = Layout(
            category=[
                Category(
                    title=name,
                    chart=[
                        Chart(title=title, multiline=MultilineChartContent(tag=tags))
                        for title, tags in charts.items()
                    ],
                )
                for name, charts in categories.items()
            ]
        )
        self._plugin_data("custom_scalars", CHARTS_TAG, b"", _text(layout.SerializeToString()))

    def flush(self) -> None:
        """Hands everything written so far to the operating system, so that a kill spares it."""
        with storage.naming(self.path):
            self._records.flush()

    def close(self) -> None:
        """Flushes and closes the file; a second call does nothing."""
        with storage.naming(self.path):
            self._records.close()

    def _described(self, tag: str) -> SummaryMetadata | None:
        """What is said of a scalar whose name could mislead, beside its first point."""
        told = None if tag in self._described_tags else estimates.description(tag)
        if told is None:
            return None
        self._described_tags.add(tag)
        return SummaryMetadata(summary_description=told)

    def _plugin_data(
        self, plugin: str, tag: str, content: bytes, tensor: Any, step: int = 0
    ) -> None:
        data = SummaryMetadata.PluginData(plugin_name=plugin, content=content)
        value = Summary.Value(tag=tag, metadata=SummaryMetadata(plugin_data=data), tensor=tensor)
        self._write(step, summary=Summary(value=[value]))

    def _write(self, step: int, wall_time: float | None = None, **what: Any) -> None:
        now = time.time() if wall_time is None else wall_time
        record = Event(wall_time=now, step=step, **what).SerializeToString()
        with storage.naming(self.path):
            self._records.write(record)


def _text(content: bytes) -> TensorProto:
    return TensorProto(dtype="DT_STRING", string_val=[content], tensor_shape=TensorShapeProto())


def _timestamp(directory: Path) -> str:
    """The time in seconds, or one more than the latest file's: TensorBoard reads files by name."""
    stamps = [reading.number(path.name.split(".")[3]) for path in directory.glob(f"{PREFIX}.*")]
    latest = max((stamp for stamp in stamps if stamp is not None), default=0)
    return f"{max(int(time.time()), latest + 1):010d}"


def _size(png: bytes) -> tuple[int, int]:
    """The width and height in pixels, from the header of a PNG."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("the bytes of an image must be a PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height
