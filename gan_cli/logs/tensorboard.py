"""The TensorBoard event file of one process: scalars, images, text and hyperparameters of a run.

Only tensorboardX's protocol buffers and record format are used: its SummaryWriter encodes images
anew, writes from a second thread and opens a sub-directory for hyperparameters.
"""

import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tensorboardX.proto.event_pb2 import Event, SessionLog
from tensorboardX.proto.layout_pb2 import Category, Chart, Layout, MultilineChartContent
from tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData, SessionStartInfo
from tensorboardX.proto.plugin_text_pb2 import TextPluginData
from tensorboardX.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboardX.proto.tensor_pb2 import TensorProto
from tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboardX.record_writer import RecordWriter

PREFIX = "events.out.tfevents"
CHARTS_TAG = "custom_scalars__config__"
HPARAMS_TAG = "_hparams_/session_start_info"


class EventFile:
    """One new event file in a run directory; what is written reaches the disk on `flush`."""

    def __init__(self, directory: Path, purge_step: int | None = None) -> None:
        """Opens the file.

        Args:
            directory: the run directory, made if missing.
            purge_step: of a resumed run, its first new step. What earlier files of the directory
                hold at this step or later is no longer shown.
        """
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / f"{PREFIX}.{_timestamp(directory)}.gan"
        self._records = RecordWriter(str(self.path))
        self._write(0, file_version="brain.Event:2")
        if purge_step is not None:
            # The first START of a run never purges, and nothing says whether one came before.
            for _ in range(2):
                self._write(purge_step, session_log=SessionLog(status=SessionLog.START))

    def scalars(
        self, step: int, values: Mapping[str, float], wall_time: float | None = None
    ) -> None:
        """Writes the values at a step, by tag; `wall_time` is in seconds since 1970."""
        points = [
            Summary.Value(tag=tag, simple_value=float(value)) for tag, value in values.items()
        ]
        self._write(step, wall_time, summary=Summary(value=points))

    def image(self, step: int, tag: str, png: bytes) -> None:
        """Writes an encoded PNG as it is."""
        width, height = _size(png)
        image = Summary.Image(width=width, height=height, encoded_image_string=png)
        self._write(step, summary=Summary(value=[Summary.Value(tag=tag, image=image)]))

    def text(self, tag: str, markdown: str, step: int = 0) -> None:
        """Writes a page of the Text tab."""
        tensor = TensorProto(
            dtype="DT_STRING", string_val=[markdown.encode()], tensor_shape=TensorShapeProto()
        )
        content = TextPluginData(version=0).SerializeToString()
        self._tensor(step, tag, tensor, plugin="text", content=content)

    def hparams(self, values: Mapping[str, str | int | float | bool]) -> None:
        """Writes the run's row of the HParams table; its metrics are all scalars of the run.

        No experiment record is written: TensorBoard would take its columns from that of one
        arbitrary run, whereas without it a table of many runs has the columns of all of them.
        """
        start = SessionStartInfo(start_time_secs=time.time())
        for name, value in values.items():
            if isinstance(value, bool):
                start.hparams[name].bool_value = value
            elif isinstance(value, str):
                start.hparams[name].string_value = value
            else:
                start.hparams[name].number_value = value
        content = HParamsPluginData(version=0, session_start_info=start).SerializeToString()
        nothing = TensorProto(dtype="DT_FLOAT", tensor_shape=TensorShapeProto())
        self._tensor(0, HPARAMS_TAG, nothing, plugin="hparams", content=content)

    def charts(self, categories: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Writes which scalars the Custom Scalars tab draws in one chart.

        Args:
            categories: by name, and within each the tags of a chart by the chart's title.
        """
        layout = Layout(
            category=[
                Category(
                    title=name,
                    chart=[
                        Chart(title=title, multiline=MultilineChartContent(tag=list(tags)))
                        for title, tags in charts.items()
                    ],
                )
                for name, charts in categories.items()
            ]
        )
        tensor = TensorProto(
            dtype="DT_STRING",
            string_val=[layout.SerializeToString()],
            tensor_shape=TensorShapeProto(),
        )
        self._tensor(0, CHARTS_TAG, tensor, plugin="custom_scalars", content=b"")

    def flush(self) -> None:
        """Brings everything written so far to the disk."""
        self._records.flush()

    def close(self) -> None:
        """Flushes and closes the file; a second call does nothing."""
        if self._records is not None:
            self._records.flush()
            self._records.close()
            self._records = None

    def _tensor(self, step: int, tag: str, tensor: Any, *, plugin: str, content: bytes) -> None:
        data = SummaryMetadata.PluginData(plugin_name=plugin, content=content)
        value = Summary.Value(tag=tag, metadata=SummaryMetadata(plugin_data=data), tensor=tensor)
        self._write(step, summary=Summary(value=[value]))

    def _write(self, step: int, wall_time: float | None = None, **what: Any) -> None:
        now = time.time() if wall_time is None else wall_time
        self._records.write(Event(wall_time=now, step=step, **what).SerializeToString())


def _timestamp(directory: Path) -> str:
    """The time in seconds, but later than every earlier file: TensorBoard reads them by name."""
    names = [path.name.split(".") for path in directory.glob(f"{PREFIX}.*")]
    earlier = [int(name[3]) for name in names if name[3].isdigit()]
    return f"{max(int(time.time()), 1 + max(earlier, default=0)):010d}"


def _size(png: bytes) -> tuple[int, int]:
    """The width and height in pixels that the header of a PNG names."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("the bytes of an image must be a PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height
