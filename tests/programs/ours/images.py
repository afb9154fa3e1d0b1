# Pixel work: slicing, flips, tiles, thresholds, histograms, convolution by shifted views, integer wrap-around.
import numpy as np

y, x = np.ogrid[0:48, 0:64]
image = ((x * 4) ^ (y * 5)).astype(np.uint8)
print(image.shape, image.dtype, image.strides, image.sum(), image.mean())
print(image[:4, :8])
print(image[::-1, ::2].strides, image.T.flags.f_contiguous, image[5:9, ::-8])
bright = image + np.uint8(100)
print(bright.max(), np.clip(image.astype(np.int16) + 100, 0, 255).astype(np.uint8).mean())
mask = image > 127
print(mask.sum(), np.where(mask.any(axis=1))[0][:5], np.argmax(mask, axis=1)[:10])
levels = np.bincount(image.ravel() // 32, minlength=8)
print(levels, levels.cumsum())
padded = np.zeros((50, 66))
padded[1:-1, 1:-1] = image
blur = sum(padded[i : i + 48, j : j + 64] for i in range(3) for j in range(3)) / 9
print(blur[::16, ::16])
edges = np.abs(np.diff(image.astype(float), axis=1))
print(edges.max(), edges.argmax(), np.unravel_index(edges.argmax(), edges.shape))
tiles = image.reshape(6, 8, 8, 8).swapaxes(1, 2)
print(tiles.shape, tiles.mean(axis=(2, 3)).round(2)[:2])
colour = np.stack([image, image[::-1], np.roll(image, 3, axis=1)], axis=-1)
grey = colour @ np.array([0.299, 0.587, 0.114])
print(colour.shape, grey[0, :4], np.tile(image[:2, :2], (2, 3)), np.repeat(image[0, :3], [1, 2, 3]))
packed = (colour.astype(np.uint32) << np.array([16, 8, 0], dtype=np.uint32)).sum(axis=-1, dtype=np.uint32)
print(hex(packed[3, 5]), (packed >> 16 & 0xFF)[3, 5] == image[3, 5])
values, counts = np.unique(image, return_counts=True)
print(values[counts == counts.max()], np.median(image))
