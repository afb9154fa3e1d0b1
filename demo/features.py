"""Features of an hourly temperature series: changes, rolling mean and volatility, z-scores, the oddest hours.

Knows nothing of numoxide: `python features.py FILE.csv` runs it on NumPy, `python -m numoxide features.py FILE.csv` on us.
"""

import sys

import numpy as np

WINDOW = 24


def rolling_sum(values, window):
    total = np.cumsum(np.insert(values, 0, 0.0))
    return total[window:] - total[:-window]


def features(values, window):
    returns = np.zeros_like(values)
    returns[1:] = np.diff(values) / values[:-1]
    mean, volatility = np.full_like(values, np.nan), np.full_like(values, np.nan)
    mean[window - 1 :] = rolling_sum(values, window) / window
    variance = rolling_sum(values**2, window) / window - mean[window - 1 :] ** 2
    volatility[window - 1 :] = np.sqrt(np.maximum(variance, 0.0))
    score = np.divide(values - mean, volatility, out=np.zeros_like(values), where=volatility > 0.1)
    return {"change": returns, "mean": mean, "volatility": volatility, "score": score}


record = np.dtype([("hour", "U16"), ("temp", "f8")])
series = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype=record)
table = features(series["temp"], WINDOW)
print(f"{len(series):,} hours from {series['hour'][0]} to {series['hour'][-1]}, {series['temp'].mean():.2f} degrees F on average")
for name, column in table.items():
    column = column[WINDOW:]
    print(f"{name:>10}: mean {column.mean():9.5f}  std {column.std():8.5f}  least {column.min():9.5f}  greatest {column.max():9.5f}")
oddest = np.argsort(np.abs(table["score"]), kind="stable")[::-1][:5]
print("the oddest hours:")
for hour, temp, score in zip(series["hour"][oddest], series["temp"][oddest], table["score"][oddest]):
    print(f"  {hour}  {temp:5.1f} degrees, {score:+.2f} standard deviations from the day before")
months = np.array([hour[5:7] for hour in series["hour"]]).astype(int)
print("mean by month:", np.array2string(np.bincount(months, weights=series["temp"])[1:] / np.bincount(months)[1:], precision=1))
