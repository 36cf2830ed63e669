"""Writes event-file.json: an event file of TensorBoard's format, by libraries of other people's.

    python3 test/goldens/make_event_file.py

Needs Debian's python3-protobuf (messages) and python3-crc32c (checksums). The messages are those of TensorFlow's
event.proto and summary.proto, with the fields that scalars use; the framing is TFRecord's.
"""

import json
import pathlib
import struct

import crc32c
from google.protobuf import __version__, descriptor_pb2, descriptor_pool, message_factory

Field = descriptor_pb2.FieldDescriptorProto


def define():
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorboard", syntax="proto3")

    def message(parent, name, fields, oneof=None):
        made = parent.add(name=name)
        if oneof:
            made.oneof_decl.add(name=oneof)
        for number, (field, kind, type_name, in_oneof, repeated) in fields.items():
            added = made.field.add(name=field, number=number, type=kind)
            added.label = Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
            if type_name:
                added.type_name = ".tensorboard." + type_name
            if in_oneof:
                added.oneof_index = 0
        return made

    message(file.message_type, "Event", {
        1: ("wall_time", Field.TYPE_DOUBLE, None, False, False),
        2: ("step", Field.TYPE_INT64, None, False, False),
        3: ("file_version", Field.TYPE_STRING, None, True, False),
        5: ("summary", Field.TYPE_MESSAGE, "Summary", True, False),
        7: ("session_log", Field.TYPE_MESSAGE, "SessionLog", True, False),
    }, "what")
    summary = message(file.message_type, "Summary", {
        1: ("value", Field.TYPE_MESSAGE, "Summary.Value", False, True),
    })
    message(summary.nested_type, "Value", {
        1: ("tag", Field.TYPE_STRING, None, False, False),
        2: ("simple_value", Field.TYPE_FLOAT, None, True, False),
    }, "value")
    message(file.message_type, "SessionLog", {
        1: ("status", Field.TYPE_INT32, None, False, False),
    })
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return factory.GetPrototype(pool.FindMessageTypeByName("tensorboard.Event"))


def record(event):
    def masked(data):
        crc = crc32c.crc32c(data)
        return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)

    data = event.SerializeToString(deterministic=True)
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def scalars(time, step, values):
    event = Event(wall_time=time, step=step)
    for tag, value in values.items():
        event.summary.value.add(tag=tag, simple_value=value)
    return {"kind": "scalars", "wallTime": time, "step": step, "values": values}, event


Event = define()
time = 1512345678.5
restart = Event(wall_time=time + 2, step=1876)
restart.session_log.status = 1
events = [
    ({"kind": "fileVersion", "wallTime": time, "step": 0, "version": "brain.Event:2"},
     Event(wall_time=time, file_version="brain.Event:2")),
    scalars(time + 0.25, 100, {"step/loss": 2.302585, "step/accuracy": 0.125}),
    scalars(time + 1, 1875, {"loss": 0.0, "accuracy": 1.0, "learning_rate": 1e-7, "val_loss": -1.5}),
    ({"kind": "restart", "wallTime": time + 2, "step": 1876}, restart),
    # Steps of more than 32 bits, a tag of other letters and of more than 127 bytes.
    scalars(time + 3, 2**40 + 3, {"Größe/" + "x" * 150: 1e9}),
]
golden = {
    "madeWith": f"protobuf {__version__}, crc32c of Debian 12",
    "events": [{"event": event, "record": record(message).hex()} for event, message in events],
}
path = pathlib.Path(__file__).with_name("event-file.json")
path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
