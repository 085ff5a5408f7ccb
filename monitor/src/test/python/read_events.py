"""Reads TensorBoard event files and prints one JSON object per event: {"run", "step", "scalars"}.

Usage: read_events.py DIR [--tensorboard]. With --tensorboard the tensorboard package reads them (exit 77 where it is not
installed), else this file does, from the description of the format alone.
"""

import json
import os
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    with open(path, "rb") as file:
        while head := file.read(12):
            length, crc = struct.unpack("<QI", head)
            assert crc == masked(head[:8]), "length's crc"
            data = file.read(length)
            (crc,) = struct.unpack("<I", file.read(4))
            assert crc == masked(data), "data's crc"
            yield data


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value, at = data[at : at + 8], at + 8
        elif wire == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        elif wire == 5:
            value, at = data[at : at + 4], at + 4
        else:
            raise ValueError(wire)
        yield key >> 3, value


def own(folder):
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(n for n in names if "tfevents" in n):
            for number, record in enumerate(records(os.path.join(root, name))):
                event = dict(fields(record))
                if number == 0:
                    assert event[3] == b"brain.Event:2", event
                    continue
                scalars = {}
                for field, value in fields(event[5]):
                    assert field == 1
                    entry = dict(fields(value))
                    scalars[entry[1].decode()] = struct.unpack("<f", entry[2])[0]
                yield {"run": os.path.relpath(root, folder), "step": event[2], "scalars": scalars}


def tensorboard(folder):
    try:
        from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
    except ImportError:
        sys.exit(77)
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(n for n in names if "tfevents" in n):
            for event in LegacyEventFileLoader(os.path.join(root, name)).Load():
                if event.HasField("summary"):
                    scalars = {v.tag: v.simple_value for v in event.summary.value}
                    yield {"run": os.path.relpath(root, folder), "step": event.step, "scalars": scalars}


if __name__ == "__main__":
    reader = tensorboard if "--tensorboard" in sys.argv else own
    for event in reader(sys.argv[1]):
        print(json.dumps(event))
