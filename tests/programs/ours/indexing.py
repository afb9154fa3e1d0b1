# Every kind of index, reading and writing, with views and copies told apart.
import numpy as np

a = np.arange(60).reshape(3, 4, 5)
print(a[1], a[..., -1], a[:, None, 2].shape, a[2, ::-2, 1:4], sep="\n")
print(a[[0, 2], [1, 3]], a[:, [0, 3], [1, 2]], a[[0, 2], :, [1, 2]].shape, sep="\n")
print(a[a % 7 == 0], a[np.array([True, False, True])].sum(), a[:, np.array([1, 0, 0, 1], bool), 2], sep="\n")
rows, columns = np.ix_([0, 2], [1, 3])
print(a[rows, columns, 0])
b = a.copy()
b[0, :, 1:3] = -1
b[[1, 1, 2], [0, 0, 3]] = np.arange(5)
b[b > 50] = 0
b[2, 3, ...] += 100
print(b)
np.add.at(c := np.zeros(5, int), [0, 1, 1, 4, 4, 4], 1)
print(c, np.shares_memory(a[1:], a), a[1:].base is a.base, a[[1]].base is None)
print(a.take([1, 5, -1]), a.take([0, 2], axis=1).shape, np.take(a, 70, mode="wrap"), np.compress([0, 1], a, axis=0).shape)
print(np.nonzero(a[0] % 3 == 0), np.argwhere(a[0] % 4 == 0).T, np.flatnonzero(a[1] > 35))
d = np.arange(10)
d[2:7] = d[4:9]
print(d, d[::-1][:3], d[-3:], d[100:], d[5:2].shape)
d[1:] += d[:-1]
print(d, np.cumsum(d), d.reshape(5, -1).T.ravel(), d.reshape(2, 5).flatten("F"))
print(a.transpose(2, 0, 1).shape, np.moveaxis(a, 0, -1).strides, np.swapaxes(a, 0, 2)[1, 2], a.squeeze().shape)
print(np.insert(d, [1, 3], -5), np.delete(d, [0, 2]), np.append(d, [1, 2])[-3:])
print(np.split(d, 5)[1], np.array_split(d, 3)[0], np.vstack([d, d]).shape, np.hstack([d, d]).shape, np.stack([d, d], 1).shape)
print(np.broadcast_to(d[:3], (2, 3)).strides, [x.shape for x in np.broadcast_arrays(np.zeros((3, 1)), np.zeros(4))])
print(np.select([d < 0, d > 20], [0, -d], default=1), np.choose([0, 1, 0], [[1, 2, 3], [4, 5, 6]]))
print(np.searchsorted([1, 3, 5], [0, 3, 6], side="right"), np.digitize([0.5, 2], [0, 1, 2]))
for index in (3, (0, 9), (slice(None), 0, 0, 0), [4], np.zeros(5, bool), "f", 1.5):
    try:
        print(a[index].shape)
    except IndexError as error:
        print("IndexError", error)
