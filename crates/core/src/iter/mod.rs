//! The planner: from operands' shapes and strides to the fewest, longest inner loops.
//!
//! Broadcast, drop length-1 axes, sort axes by stride, merge what is merged in memory; what is left
//! is a [`Nest`], whose last axis is the inner loop.

mod broadcast;
mod buffer;
mod walk;

pub use broadcast::{broadcast_shapes, broadcast_strides, broadcast_to};
pub use buffer::{BufferSpec, Buffers, OpUse};
pub use walk::{plan_axes, AxisPlan, FlatIndex, Walk};

use smallvec::SmallVec;

/// Strides of one axis or pointers, one an operand.
pub type PerOp<T> = SmallVec<[T; 4]>;

/// A loop nest over several operands; axis 0 is outermost, the last axis is the inner loop.
#[derive(Clone, Debug)]
pub struct Nest {
    /// Length of each axis; never empty (a scalar nest has one axis of length 1).
    pub shape: SmallVec<[usize; 6]>,
    /// Byte strides, axis-major: `strides[axis * nop + op]`.
    pub strides: SmallVec<[isize; 24]>,
    /// First item of each operand.
    pub ptrs: PerOp<*mut u8>,
    /// Number of operands.
    pub nop: usize,
}

// SAFETY: a nest is plain numbers; whoever walks it answers for the memory behind the pointers.
unsafe impl Send for Nest {}
// SAFETY: as above.
unsafe impl Sync for Nest {}

/// How a nest may rearrange its axes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrange {
    /// Sort by stride, turn axes that run backwards, merge.
    Free,
    /// Sort by stride and merge, but keep every axis' direction: reductions, whose bits depend on it.
    Sorted,
    /// Keep the order of axes and their direction; merge only.
    Ordered,
}

impl Nest {
    /// A nest over operands whose strides are already broadcast to `shape`.
    pub fn new(shape: &[usize], ops: &[(*mut u8, &[isize])], arrange: Arrange) -> Nest {
        let nop = ops.len();
        let perm = match arrange {
            Arrange::Free | Arrange::Sorted => sort_axes(shape, ops.iter().map(|o| o.1)),
            Arrange::Ordered => (0..shape.len()).collect(),
        };
        let mut nest = Nest {
            shape: SmallVec::new(),
            strides: SmallVec::new(),
            ptrs: ops.iter().map(|o| o.0).collect(),
            nop,
        };
        for &axis in &perm {
            if shape[axis] == 1 {
                continue;
            }
            nest.shape.push(shape[axis]);
            nest.strides.extend(ops.iter().map(|o| o.1[axis]));
            if arrange == Arrange::Free {
                nest.turn_last();
            }
            nest.merge_last();
        }
        if nest.shape.is_empty() {
            nest.shape.push(1);
            nest.strides.extend(std::iter::repeat_n(0, nop));
        }
        nest
    }

    /// A nest over axes in a given order and direction, merged if `merge`; also the bytes by which
    /// turned axes moved each operand's first item.
    pub fn along(
        shape: &[usize],
        ops: &[(*mut u8, &[isize])],
        plan: &AxisPlan,
        merge: bool,
    ) -> (Nest, PerOp<isize>) {
        let nop = ops.len();
        let mut nest = Nest {
            shape: SmallVec::new(),
            strides: SmallVec::new(),
            ptrs: ops.iter().map(|o| o.0).collect(),
            nop,
        };
        let mut offsets: PerOp<isize> = SmallVec::from_elem(0, nop);
        for &(axis, turned) in plan {
            let last = shape[axis] as isize - 1;
            if merge && last == 0 {
                continue;
            }
            nest.shape.push(shape[axis]);
            for (k, (_, strides)) in ops.iter().enumerate() {
                let s = strides[axis];
                offsets[k] += if turned { s * last.max(0) } else { 0 };
                nest.strides.push(if turned { -s } else { s });
            }
            if merge {
                nest.merge_last();
            }
        }
        if nest.shape.is_empty() {
            nest.shape.push(1);
            nest.strides.extend(std::iter::repeat_n(0, nop));
        }
        for (ptr, by) in nest.ptrs.iter_mut().zip(&offsets) {
            *ptr = ptr.wrapping_offset(*by);
        }
        (nest, offsets)
    }

    /// Merges all axes that merge, in the order they have.
    pub fn merge_all(&mut self) {
        let (shape, strides) = (self.shape.clone(), self.strides.clone());
        self.shape.clear();
        self.strides.clear();
        for (axis, &n) in shape.iter().enumerate() {
            if n != 1 {
                self.shape.push(n);
                self.strides
                    .extend_from_slice(&strides[axis * self.nop..(axis + 1) * self.nop]);
                self.merge_last();
            }
        }
        if self.shape.is_empty() {
            self.shape.push(1);
            self.strides.resize(self.nop, 0);
        }
    }

    /// Byte strides of one axis.
    pub fn axis_strides(&self, axis: usize) -> &[isize] {
        &self.strides[axis * self.nop..(axis + 1) * self.nop]
    }

    /// Byte strides of the inner axis.
    pub fn inner_strides(&self) -> &[isize] {
        self.axis_strides(self.shape.len() - 1)
    }

    /// Length of the inner axis.
    pub fn inner_len(&self) -> usize {
        self.shape[self.shape.len() - 1]
    }

    /// Number of items of the whole nest.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// Turns the newest axis round if every operand runs backwards along it (or stands still).
    fn turn_last(&mut self) {
        let axis = self.shape.len() - 1;
        let row = axis * self.nop..(axis + 1) * self.nop;
        let strides = &mut self.strides[row];
        if strides.iter().any(|&s| s > 0)
            || strides.iter().all(|&s| s == 0)
            || self.shape[axis] == 0
        {
            return;
        }
        for (ptr, s) in self.ptrs.iter_mut().zip(strides) {
            *ptr = ptr.wrapping_offset(*s * (self.shape[axis] as isize - 1));
            *s = -*s;
        }
    }

    /// Merges the newest axis into the one before it where all operands allow.
    fn merge_last(&mut self) {
        let n = self.shape.len();
        if n < 2 {
            return;
        }
        let len = self.shape[n - 1] as isize;
        let (outer, inner) = ((n - 2) * self.nop, (n - 1) * self.nop);
        let fits = (0..self.nop).all(|i| self.strides[outer + i] == self.strides[inner + i] * len);
        if fits {
            self.shape[n - 2] *= self.shape[n - 1];
            for i in 0..self.nop {
                self.strides[outer + i] = self.strides[inner + i];
            }
            self.shape.pop();
            self.strides.truncate(inner);
        }
    }

    /// This nest without its two innermost axes, for loops that take those themselves.
    pub fn without_inner(&self) -> Nest {
        let outer = self.shape.len().saturating_sub(2);
        let mut nest = Nest {
            shape: SmallVec::from_slice(&self.shape[..outer]),
            strides: SmallVec::from_slice(&self.strides[..outer * self.nop]),
            ptrs: self.ptrs.clone(),
            nop: self.nop,
        };
        if nest.shape.is_empty() {
            nest.shape.push(1);
            nest.strides.extend(std::iter::repeat_n(0, self.nop));
        }
        nest
    }

    /// Makes the longest axis the inner one if the inner axis is too short to carry a call's cost.
    ///
    /// Only for work that may be done in any order of items.
    pub fn lengthen_inner(&mut self) {
        let last = self.shape.len() - 1;
        if self.shape[last] >= 16 {
            return;
        }
        let Some(longest) = (0..last).max_by_key(|&a| self.shape[a]) else {
            return;
        };
        if self.shape[longest] >= 8 * self.shape[last] {
            self.swap_axes(longest, last);
        }
    }

    /// The axis to cut for `parts` threads: the outermost that is long enough, else the longest.
    pub fn split_axis(&self, parts: usize) -> usize {
        let long = (0..self.shape.len()).find(|&a| self.shape[a] >= 4 * parts);
        long.or_else(|| (0..self.shape.len()).max_by_key(|&a| self.shape[a]))
            .unwrap_or(0)
    }

    fn swap_axes(&mut self, a: usize, b: usize) {
        self.shape.swap(a, b);
        for i in 0..self.nop {
            self.strides.swap(a * self.nop + i, b * self.nop + i);
        }
    }

    /// The part of this nest that covers `start..end` of axis `axis`.
    pub fn slice(&self, axis: usize, start: usize, end: usize) -> Nest {
        let mut part = self.clone();
        part.shape[axis] = end - start;
        for (i, ptr) in part.ptrs.iter_mut().enumerate() {
            *ptr = ptr.wrapping_offset(self.strides[axis * self.nop + i] * start as isize);
        }
        part
    }

    /// Calls `body(pointers, length, strides)` for every inner loop; stops at the first error.
    #[inline]
    pub fn try_for_each<E>(
        &self,
        mut body: impl FnMut(&[*mut u8], usize, &[isize]) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.shape.contains(&0) {
            return Ok(());
        }
        let outer = self.shape.len() - 1;
        let (len, inner) = (self.shape[outer], self.inner_strides());
        if outer == 0 {
            return body(&self.ptrs, len, inner);
        }
        let mut ptrs = self.ptrs.clone();
        let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, outer);
        loop {
            body(&ptrs, len, inner)?;
            if !self.step(outer, &mut index, &mut ptrs) {
                return Ok(());
            }
        }
    }

    /// Moves to the next inner loop; false when all are done.
    #[inline]
    fn step(&self, outer: usize, index: &mut [usize], ptrs: &mut [*mut u8]) -> bool {
        for axis in (0..outer).rev() {
            let strides = &self.strides[axis * self.nop..(axis + 1) * self.nop];
            index[axis] += 1;
            if index[axis] < self.shape[axis] {
                for (p, &s) in ptrs.iter_mut().zip(strides) {
                    *p = p.wrapping_offset(s);
                }
                return true;
            }
            let back = self.shape[axis] as isize - 1;
            for (p, &s) in ptrs.iter_mut().zip(strides) {
                *p = p.wrapping_offset(-s * back);
            }
            index[axis] = 0;
        }
        false
    }
}

/// Axes from outermost to innermost by falling stride (NumPy's order `K`): an axis goes inside
/// another only if no operand objects and at least one asks for it. Axes of length 1 have no say.
pub fn sort_axes<'a>(
    shape: &[usize],
    strides: impl Iterator<Item = &'a [isize]> + Clone,
) -> SmallVec<[usize; 6]> {
    // From the innermost axis outwards: where no operand decides, axes keep their order by this walk.
    let mut perm: SmallVec<[usize; 6]> = (0..shape.len()).rev().collect();
    for i in 1..perm.len() {
        let mut at = i;
        for j in (0..i).rev() {
            let ones = shape[perm[i]] == 1 || shape[perm[j]] == 1;
            match compare_axes(perm[i], perm[j], strides.clone()) {
                _ if ones => {}
                AxisOrder::Swap => at = j,
                AxisOrder::Keep => break,
                AxisOrder::Ambiguous => {}
            }
        }
        if at != i {
            perm[at..=i].rotate_right(1);
        }
    }
    perm.reverse();
    perm
}

enum AxisOrder {
    Swap,
    Keep,
    Ambiguous,
}

/// Should `new` stand outside `outer`? Operands that do not move along one of the two have no say.
fn compare_axes<'a>(
    outer: usize,
    new: usize,
    strides: impl Iterator<Item = &'a [isize]>,
) -> AxisOrder {
    let mut verdict = AxisOrder::Ambiguous;
    for s in strides {
        let (a, b) = (s[outer].unsigned_abs(), s[new].unsigned_abs());
        if a == 0 || b == 0 {
            continue;
        }
        if a >= b {
            return AxisOrder::Keep;
        }
        verdict = AxisOrder::Swap;
    }
    verdict
}

/// Strides of a fresh array of `shape` whose axes lie in the order `perm` (outermost first).
pub fn strides_in_order(shape: &[usize], itemsize: usize, perm: &[usize]) -> SmallVec<[isize; 6]> {
    let mut strides = SmallVec::from_elem(0, shape.len());
    let mut step = itemsize as isize;
    for &axis in perm.iter().rev() {
        strides[axis] = step;
        step = step.wrapping_mul(shape[axis].max(1) as isize);
    }
    strides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contiguous_merges_to_one_axis() {
        let s = [24isize, 8];
        let nest = Nest::new(
            &[4, 3],
            &[(std::ptr::null_mut(), &s), (std::ptr::null_mut(), &s)],
            Arrange::Free,
        );
        assert_eq!(nest.shape.as_slice(), &[12]);
        assert_eq!(nest.inner_strides(), &[8, 8]);
    }

    #[test]
    fn fortran_operands_merge_too() {
        let s = [8isize, 32];
        let nest = Nest::new(&[4, 3], &[(std::ptr::null_mut(), &s)], Arrange::Free);
        assert_eq!(nest.shape.as_slice(), &[12]);
    }

    #[test]
    fn broadcast_keeps_two_axes() {
        let (a, b) = ([24isize, 8], [0isize, 8]);
        let nest = Nest::new(
            &[4, 3],
            &[(std::ptr::null_mut(), &a), (std::ptr::null_mut(), &b)],
            Arrange::Free,
        );
        assert_eq!(nest.shape.as_slice(), &[4, 3]);
    }

    #[test]
    fn walks_every_item_once() {
        let a = [1isize, 10, 100];
        let nest = Nest::new(&[2, 3, 4], &[(std::ptr::null_mut(), &a)], Arrange::Ordered);
        let mut seen = Vec::new();
        nest.try_for_each::<()>(|p, n, s| {
            (0..n as isize).for_each(|i| seen.push(p[0] as isize + i * s[0]));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen.len(), 24);
        assert_eq!(seen[..5], [0, 100, 200, 300, 10]);
    }
}
