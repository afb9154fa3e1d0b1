//! May two views touch the same byte?
//!
//! Bounds first; then, where the extents do overlap, an exact answer for small problems by solving
//! the bounded linear Diophantine equation `sum a_i x_i = b, 0 <= x_i <= u_i` with a depth-first
//! search over terms of rising size (gcd and bound cuts), up to a number of dead ends.

use crate::RawView;

/// Byte range `[low, high)` that a view's items lie in; `None` if it has none.
pub fn extent(
    ptr: *mut u8,
    itemsize: usize,
    shape: &[usize],
    strides: &[isize],
) -> Option<(usize, usize)> {
    let (mut low, mut high) = (ptr as isize, ptr as isize + itemsize as isize);
    for (&n, &s) in shape.iter().zip(strides) {
        if n == 0 {
            return None;
        }
        let reach = (n as isize - 1) * s;
        if reach < 0 {
            low += reach;
        } else {
            high += reach;
        }
    }
    (itemsize > 0).then_some((low as usize, high as usize))
}

/// Whether the bounding ranges of two views meet.
pub fn bounds_overlap(a: &RawView<'_>, b: &RawView<'_>) -> bool {
    let (Some(x), Some(y)) = (
        extent(a.ptr, a.dtype.size, a.shape, a.strides),
        extent(b.ptr, b.dtype.size, b.shape, b.strides),
    ) else {
        return false;
    };
    x.0 < y.1 && y.0 < x.1
}

/// Outcome of an overlap question with bounded effort.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overlap {
    /// No common byte.
    No,
    /// At least one common byte.
    Yes,
    /// The effort was spent without an answer.
    TooHard,
}

/// Do the views share a byte? `max_work` bounds the search (0: bounds only; `None`: no bound).
pub fn solve(a: &RawView<'_>, b: &RawView<'_>, max_work: Option<u64>) -> Overlap {
    let (Some(x), Some(y)) = (
        extent(a.ptr, a.dtype.size, a.shape, a.strides),
        extent(b.ptr, b.dtype.size, b.shape, b.strides),
    ) else {
        return Overlap::No;
    };
    if x.1 <= y.0 || y.1 <= x.0 {
        return Overlap::No;
    }
    if max_work == Some(0) {
        return Overlap::TooHard;
    }
    // Address in a: low_a + sum |s| i + byte; in b: high-based so that all terms add up to a constant.
    let mut terms: Vec<(i128, i128)> = Vec::new();
    push_terms(&mut terms, a);
    push_terms(&mut terms, b);
    // low_a + A == high_b - 1 - B  <=>  A + B == high_b - 1 - low_a.
    let target = y.1 as i128 - 1 - x.0 as i128;
    diophantine(terms, target, max_work)
}

/// Does a view reach some byte by two different items?
pub fn has_internal_overlap(view: &RawView<'_>) -> bool {
    if view.shape.contains(&0) || view.size() <= 1 {
        return false;
    }
    let mut axes: Vec<(usize, usize)> = view
        .shape
        .iter()
        .zip(view.strides)
        .filter(|(&n, _)| n > 1)
        .map(|(&n, &s)| (s.unsigned_abs(), n))
        .collect();
    axes.sort_unstable();
    let mut span = view.dtype.size;
    for (stride, n) in axes {
        if stride < span {
            return true;
        }
        span += stride * (n - 1);
    }
    false
}

fn push_terms(terms: &mut Vec<(i128, i128)>, v: &RawView<'_>) {
    for (&n, &s) in v.shape.iter().zip(v.strides) {
        if n > 1 && s != 0 {
            terms.push((s.unsigned_abs() as i128, n as i128 - 1));
        }
    }
    if v.dtype.size > 1 {
        terms.push((1, v.dtype.size as i128 - 1));
    }
}

/// Solves `sum a x = target` within bounds, merging equal coefficients first. Dead ends are what
/// `max_work` counts.
pub fn diophantine(mut terms: Vec<(i128, i128)>, target: i128, max_work: Option<u64>) -> Overlap {
    terms.sort_unstable_by_key(|&(coefficient, _)| std::cmp::Reverse(coefficient));
    let mut merged: Vec<(i128, i128)> = Vec::new();
    for (a, u) in terms {
        match merged.last_mut() {
            Some(last) if last.0 == a => last.1 += u,
            _ => merged.push((a, u)),
        }
    }
    let total: i128 = merged.iter().map(|(a, u)| a * u).sum();
    if target < 0 || target > total {
        return Overlap::No;
    }
    // Counted from the other ends of all ranges it is the same question; the smaller one is easier.
    let target = target.min(total - target);
    merged
        .iter_mut()
        .for_each(|(a, u)| *u = (*u).min(target / *a));
    merged.retain(|&(_, u)| u > 0);
    // Gcds and sums of the terms up to each cut branches that these cannot meet.
    let (mut gcds, mut sums) = (vec![0i128], vec![0i128]);
    for (i, (a, u)) in merged.iter().enumerate() {
        gcds.push(gcd(*a, gcds[i]));
        sums.push(sums[i] + a * u);
    }
    let mut search = Search {
        terms: &merged,
        gcds: &gcds,
        sums: &sums,
        left: max_work.unwrap_or(u64::MAX),
    };
    search.below(merged.len(), target)
}

struct Search<'a> {
    terms: &'a [(i128, i128)],
    gcds: &'a [i128],
    sums: &'a [i128],
    left: u64,
}

impl Search<'_> {
    /// Can the first `n` terms, of falling coefficients, make up `rest`?
    fn below(&mut self, n: usize, rest: i128) -> Overlap {
        let Some(last) = n.checked_sub(1) else {
            return if rest == 0 { Overlap::Yes } else { Overlap::No };
        };
        if self.left == 0 {
            return Overlap::TooHard;
        }
        if rest >= 0 && rest <= self.sums[n] && rest % self.gcds[n] == 0 {
            let (a, u) = self.terms[last];
            let low = (rest - self.sums[last] + a - 1).div_euclid(a).max(0);
            // Only every `step`-th value leaves something that the other terms can make up for.
            let (first, step) = residues(a, self.gcds[last], rest);
            let mut x = (rest / a).min(u);
            x -= (x - first).rem_euclid(step);
            while x >= low {
                match self.below(last, rest - a * x) {
                    Overlap::No => x -= step,
                    found => return found,
                }
            }
        }
        self.left = self.left.saturating_sub(1);
        Overlap::No
    }
}

/// The least `x` with `a x = rest` modulo `others` and the distance to the next one; the greatest
/// common divisor of `a` and `others` divides `rest`.
fn residues(a: i128, others: i128, rest: i128) -> (i128, i128) {
    if others == 0 {
        // The last term has to match exactly: a step beyond any bound.
        return (rest / a, i128::from(i64::MAX));
    }
    let common = gcd(a, others);
    let step = others / common;
    // The inverse of a / common modulo step, by Euclid's algorithm.
    let (mut r, mut s) = ((step, (a / common).rem_euclid(step)), (0, 1));
    while r.1 != 0 {
        let q = r.0 / r.1;
        r = (r.1, r.0 - q * r.1);
        s = (s.1, s.0 - q * s.1);
    }
    let first = ((rest / common).rem_euclid(step) * s.0.rem_euclid(step)).rem_euclid(step);
    (first, step)
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numoxide_dtype::{DType, TypeNum};

    fn view<'a>(
        base: usize,
        d: &'a DType,
        shape: &'a [usize],
        strides: &'a [isize],
    ) -> RawView<'a> {
        RawView {
            ptr: base as *mut u8,
            dtype: d,
            shape,
            strides,
        }
    }

    #[test]
    fn interleaved_views_are_apart() {
        let d = DType::new(TypeNum::Double);
        let a = view(4096, &d, &[10], &[16]);
        let b = view(4104, &d, &[10], &[16]);
        assert_eq!(solve(&a, &b, Some(100)), Overlap::No);
        let c = view(4112, &d, &[10], &[16]);
        assert_eq!(solve(&a, &c, Some(100)), Overlap::Yes);
    }

    #[test]
    fn agrees_with_trying_all() {
        let mut state = 7u64;
        let mut next = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..2000 {
            let terms: Vec<(i128, i128)> = (0..3)
                .map(|_| (1 + i128::from(next(12)), i128::from(next(4))))
                .collect();
            let target = i128::from(next(40));
            let [(a, u), (b, v), (c, w)] = terms[..] else {
                unreachable!()
            };
            let found =
                (0..=u).any(|x| (0..=v).any(|y| (0..=w).any(|z| a * x + b * y + c * z == target)));
            let want = if found { Overlap::Yes } else { Overlap::No };
            assert_eq!(diophantine(terms, target, None), want);
        }
    }

    #[test]
    fn reversed_view_overlaps() {
        let d = DType::new(TypeNum::Double);
        let a = view(4096, &d, &[10], &[8]);
        let b = view(4096 + 72, &d, &[10], &[-8]);
        assert_eq!(solve(&a, &b, None), Overlap::Yes);
    }
}
