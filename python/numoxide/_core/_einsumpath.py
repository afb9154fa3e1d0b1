"""The order in which an Einstein sum takes its operands."""

from itertools import combinations


def size_of(labels, sizes):
    """Multiply the lengths of some labels."""
    total = 1
    for label in labels:
        total *= sizes[label]
    return total


def flop_count(labels, inner, terms, sizes):
    """Estimate the work of one contraction."""
    factor = max(1, terms - 1)
    return size_of(labels, sizes) * (factor + 1 if inner else factor)


def contract(positions, inputs, output):
    """Take some operands together: (labels of the result, the operands left, labels removed, all labels)."""
    taken, left = set(), []
    needed = set(output)
    for index, labels in enumerate(inputs):
        if index in positions:
            taken |= labels
        else:
            left.append(labels)
            needed |= labels
    result = needed & taken
    left.append(result)
    return result, left, taken - result, taken


def optimal(inputs, output, sizes, limit):
    """Try every order and take the cheapest."""
    states = [(0, [], inputs)]
    for step in range(len(inputs) - 1):
        found = []
        for cost, path, left in states:
            for pair in combinations(range(len(inputs) - step), 2):
                result, rest, removed, taken = contract(pair, left, output)
                if size_of(result, sizes) > limit:
                    continue
                total = cost + flop_count(taken, removed, 2, sizes)
                found.append((total, [*path, pair], rest))
        if not found:
            path = min(states, key=lambda state: state[0])[1]
            return [*path, tuple(range(len(inputs) - step))]
        states = found
    return min(states, key=lambda state: state[0])[1]


def _candidate(pair, left, output, sizes, limit, spent, naive):
    """Weigh one pair: (sort key, pair, operands left), or None if it is not worth it."""
    result, rest, removed, taken = contract(pair, left, output)
    size = size_of(result, sizes)
    if size > limit:
        return None
    saved = sum(size_of(left[i], sizes) for i in pair) - size
    cost = flop_count(taken, removed, 2, sizes)
    if spent + cost > naive:
        return None
    return (-saved, cost), pair, rest


def greedy(inputs, output, sizes, limit):
    """Take the pair next that frees most memory, the cheapest of those."""
    if len(inputs) <= 2:
        return [tuple(range(len(inputs)))]
    result, _, removed, taken = contract(range(len(inputs)), inputs, output)
    naive = flop_count(taken, removed, len(inputs), sizes)
    path, spent, left = [], 0, inputs
    while len(left) > 1:
        pairs = list(combinations(range(len(left)), 2))
        joined = [p for p in pairs if not left[p[0]].isdisjoint(left[p[1]])]
        found = []
        for choice in (joined, pairs):
            found = [_candidate(p, left, output, sizes, limit, spent, naive) for p in choice]
            found = [item for item in found if item is not None]
            if found:
                break
        if not found:
            path.append(tuple(range(len(left))))
            break
        key, pair, left = min(found, key=lambda item: item[0])
        path.append(pair)
        spent += key[1]
    return path


def report(terms, output, sizes, path, names):
    """Describe a path: the text that `einsum_path` gives, and its contractions."""
    inputs = [set(term) for term in terms]
    everything = set().union(*inputs)
    inner = len("".join(terms)) - len(everything) > 0 or bool(everything - set(output))
    naive = flop_count(everything, bool(everything - set(output)) or inner, len(terms), sizes)
    left_terms, costs, scales, largest, rows = list(terms), [], [], [size_of(output, sizes)], []
    for number, positions in enumerate(path):
        positions = tuple(sorted(positions, reverse=True))
        result, inputs, removed, taken = contract(positions, inputs, set(output))
        costs.append(flop_count(taken, removed, len(positions), sizes))
        scales.append(len(taken))
        largest.append(size_of(result, sizes))
        picked = [left_terms.pop(position) for position in positions]
        last = number == len(path) - 1
        made = output if last else "".join(
            label for _, label in sorted((sizes[label], label) for label in result)
        )
        left_terms.append(made)
        rows.append((len(taken), ",".join(picked) + "->" + made, ",".join(left_terms) + "->" + output))
    total = sum(costs) + 1
    text = (
        f"  Complete contraction:  {names}\n"
        f"         Naive scaling:  {len(everything)}\n"
        f"     Optimized scaling:  {max(scales)}\n"
        f"      Naive FLOP count:  {naive:.3e}\n"
        f"  Optimized FLOP count:  {total:.3e}\n"
        f"   Theoretical speedup:  {naive / total:.3f}\n"
        f"  Largest intermediate:  {max(largest):.3e} elements\n"
        + "-" * 74 + f"\n{'scaling':<6} {'current':>24} {'remaining':>40}\n" + "-" * 74
    )  # fmt: skip
    for scale, current, remaining in rows:
        text += f"\n{scale:4d}    {current:>24} {remaining:>40}"
    return text
