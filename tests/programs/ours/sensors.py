# Structured sensor records: fields, masks, sorting by field, grouping, files.
import os
import tempfile

import numpy as np

rng = np.random.default_rng(2024)
record = np.dtype([("time", "i8"), ("id", "u2"), ("temp", "f4"), ("pos", "f8", (2,)), ("tag", "S4")])
n = 5000
data = np.zeros(n, dtype=record)
data["time"] = 1_700_000_000 + np.arange(n) * 10
data["id"] = rng.integers(0, 12, n)
data["temp"] = rng.normal(20, 5, n)
data["pos"] = rng.uniform(-1, 1, (n, 2))
data["tag"] = np.array([b"ok", b"bad", b"late"])[rng.integers(0, 3, n)]
print(data.dtype, data.dtype.itemsize, data.dtype.names, data.dtype.fields["pos"])
print(data[:3])
print(repr(data[["id", "temp"]][:2]))

hot = data[(data["temp"] > 30) & (data["tag"] != b"bad")]
print(len(hot), hot["temp"].max(), hot["id"][:5])
by_id = np.sort(data, order=["id", "temp"])
print(by_id["id"][[0, 1, -1]], by_id["temp"][:2])
ids, start, inverse, counts = np.unique(data["id"], return_index=True, return_inverse=True, return_counts=True)
print(ids, start, counts)
mean = np.bincount(inverse, weights=data["temp"]) / counts
print(np.array2string(mean, precision=4))
centre = data["pos"].mean(axis=0)
print(np.allclose(centre, 0, atol=0.1), np.hypot(*data["pos"][0]).round(6))

with tempfile.TemporaryDirectory() as folder:
    raw, saved = os.path.join(folder, "raw.bin"), os.path.join(folder, "data.npy")
    data.tofile(raw)
    back = np.fromfile(raw, dtype=record)
    np.save(saved, data)
    print((back == data).all(), (np.load(saved) == data).all(), os.path.getsize(raw))
view = data[:2].view("u1").reshape(2, -1)
print(view.shape, view[0, :8].view("<i8"))
try:
    data["nothing"]
except ValueError as error:
    print("ValueError", error)
