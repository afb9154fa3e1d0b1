# Particles in a box: broadcasting distances, in-place updates, masks, reductions over axes, out= and where=.
import numpy as np

np.random.seed(11)
n = 60
position = np.random.rand(n, 3)
velocity = np.random.randn(n, 3) * 0.05
mass = np.random.uniform(1, 2, size=n)
for step in range(20):
    position += velocity
    outside = (position < 0) | (position > 1)
    velocity[outside] *= -1
    np.clip(position, 0, 1, out=position)
print(position[:3], velocity[:2], sep="\n")
gap = position[:, np.newaxis, :] - position[None]
distance = np.sqrt((gap**2).sum(axis=-1))
np.fill_diagonal(distance, np.inf)
nearest = distance.argmin(axis=1)
print(nearest[:12], distance.min().round(8), (nearest[nearest] == np.arange(n)).sum())
energy = 0.5 * mass * (velocity**2).sum(axis=1)
print(energy.sum(), np.average(position, axis=0, weights=mass))
force = np.zeros_like(position)
close = distance < 0.3
pull = np.divide(1.0, distance, out=np.zeros_like(distance), where=close)
force = (gap * pull[..., None]).sum(axis=1)
print(np.abs(force).max(axis=0), np.count_nonzero(close, axis=1)[:10])
cell = (position * 4).astype(int).clip(0, 3)
key = np.ravel_multi_index(tuple(cell.T), (4, 4, 4))
order = np.lexsort((mass, key))
print(order[:10], np.searchsorted(key[order], [0, 16, 32, 48]))
print(np.random.permutation(8), np.random.randint(0, 10, 5), np.random.normal(size=2), np.random.choice(5, 3))
