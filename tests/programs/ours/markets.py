# Returns, rolling statistics, drawdown, correlations and portfolio weights on simulated prices.
import numpy as np

rng = np.random.default_rng(7)
days, assets = 1000, 6
steps = rng.standard_normal((days, assets)) * np.linspace(0.005, 0.02, assets) + 0.0002
prices = 100 * np.exp(np.cumsum(steps, axis=0))
returns = prices[1:] / prices[:-1] - 1
print(prices[-1].round(4), returns.mean(0), returns.std(axis=0, ddof=1), sep="\n")


def rolling(values, window):
    total = np.cumsum(np.insert(values, 0, 0.0, axis=0), axis=0)
    return (total[window:] - total[:-window]) / window


average = rolling(prices, 20)
print(average.shape, average[::200, 0])
peak = np.maximum.accumulate(prices, axis=0)
print("worst drawdown", (prices / peak - 1).min(axis=0).round(6))
centred = returns - returns.mean(axis=0, keepdims=True)
cov = centred.T @ centred / (len(returns) - 1)
deviation = np.sqrt(np.diag(cov))
correlation = cov / np.outer(deviation, deviation)
print(np.round(correlation, 8))
weights = 1 / deviation
weights /= weights.sum()
print(weights, float((returns @ weights).std()).__round__(10))
signal = np.where(prices[19:] > average, 1, -1)
print(signal.sum(axis=0), np.count_nonzero(np.diff(signal, axis=0), axis=0))
rank = np.argsort(np.argsort(returns[-5:], axis=1), axis=1)
print(rank)
best = np.argpartition(returns[:, 0], -3)[-3:]
print(np.sort(returns[best, 0])[::-1])
with np.printoptions(precision=3, suppress=True):
    print(returns[:4])
