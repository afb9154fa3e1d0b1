//! A nest that is stepped instead of run: `nditer` and the iterator functions of the C interface.
//!
//! A [`Walk`] keeps coordinates, pointers and the place in the order of iteration; it can be sent to
//! any place, lose axes, or leave its inner loop to the caller. A tracked flat index is one operand
//! more, whose "pointer" counts items.

use super::{sort_axes, Nest, PerOp};
use crate::layout::Order;
use numoxide_dtype::{Error, Result};
use smallvec::SmallVec;
use std::ops::Range;

/// The order of iteration: axes from outermost to innermost, and which of them run backwards.
pub type AxisPlan = SmallVec<[(usize, bool); 6]>;

/// Chooses the order of iteration; `fortran` says whether all operands lie in Fortran order only.
pub fn plan_axes<'a>(
    shape: &[usize],
    strides: impl Iterator<Item = &'a [isize]> + Clone,
    order: Order,
    fortran: bool,
    may_turn: bool,
) -> AxisPlan {
    let forward = |axes: &mut dyn Iterator<Item = usize>| axes.map(|a| (a, false)).collect();
    match order {
        Order::C => forward(&mut (0..shape.len())),
        Order::F => forward(&mut (0..shape.len()).rev()),
        Order::Any if fortran => forward(&mut (0..shape.len()).rev()),
        Order::Any => forward(&mut (0..shape.len())),
        Order::Keep => sort_axes(shape, strides.clone())
            .into_iter()
            .map(|axis| (axis, may_turn && runs_backwards(axis, strides.clone())))
            .collect(),
    }
}

/// Every operand runs backwards along the axis or stands still, and one does run.
fn runs_backwards<'a>(axis: usize, strides: impl Iterator<Item = &'a [isize]> + Clone) -> bool {
    strides.clone().all(|s| s[axis] <= 0) && strides.clone().any(|s| s[axis] < 0)
}

/// Which flat index is tracked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlatIndex {
    /// Counting in C order.
    C,
    /// Counting in Fortran order.
    F,
}

/// A stepped nest.
#[derive(Clone, Debug)]
pub struct Walk {
    nest: Nest,
    /// Original axis of each axis, and whether it runs backwards; while a multi-index is tracked.
    axes: Option<AxisPlan>,
    /// Axes as users count them: none for 0-d operands, where the nest still has one.
    ndim: usize,
    has_index: bool,
    /// The inner axis is left to the caller.
    external: bool,
    /// Bytes from each operand's first item to the first one visited.
    offsets: PerOp<isize>,
    coords: SmallVec<[usize; 6]>,
    ptrs: PerOp<*mut u8>,
    at: usize,
    range: Range<usize>,
}

// SAFETY: a walk is plain numbers; whoever uses the pointers answers for the memory behind them.
unsafe impl Send for Walk {}
// SAFETY: as above.
unsafe impl Sync for Walk {}

impl Walk {
    /// A walk over operands whose strides are already broadcast to `shape`.
    ///
    /// # Errors
    /// The number of steps does not fit.
    pub fn new(
        shape: &[usize],
        ops: &[(*mut u8, &[isize])],
        plan: &AxisPlan,
        multi: bool,
        index: Option<FlatIndex>,
    ) -> Result<Walk> {
        let size = shape
            .iter()
            .try_fold(1isize, |n, &m| n.checked_mul(m as isize))
            .ok_or_else(|| Error::Value("iterator is too large".into()))?;
        let counting = index.map(|kind| index_strides(shape, kind));
        let mut all: Vec<(*mut u8, &[isize])> = ops.to_vec();
        if let Some(strides) = &counting {
            all.push((std::ptr::null_mut(), strides));
        }
        let (nest, offsets) = Nest::along(shape, &all, plan, !multi);
        let ndim = if shape.is_empty() {
            0
        } else {
            nest.shape.len()
        };
        let mut walk = Walk {
            coords: SmallVec::from_elem(0, nest.shape.len()),
            ptrs: nest.ptrs.clone(),
            nest,
            axes: multi.then(|| plan.clone()),
            ndim,
            has_index: index.is_some(),
            external: false,
            offsets,
            at: 0,
            range: 0..size as usize,
        };
        walk.reset();
        Ok(walk)
    }

    /// Number of operands.
    pub fn nop(&self) -> usize {
        self.nest.nop - usize::from(self.has_index)
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.ndim
    }

    /// Lengths from the outermost axis to the innermost.
    pub fn lengths(&self) -> &[usize] {
        &self.nest.shape[..self.ndim]
    }

    /// Lengths of the nest's own axes, of which there is always one.
    pub fn nest_lengths(&self) -> &[usize] {
        &self.nest.shape
    }

    /// Byte stride of an operand along one of the nest's axes.
    pub fn stride(&self, axis: usize, op: usize) -> isize {
        self.nest.strides[axis * self.nest.nop + op]
    }

    /// Byte strides of the inner axis.
    pub fn inner_strides(&self) -> &[isize] {
        self.nest.inner_strides()
    }

    /// Length of the inner axis.
    pub fn inner_len(&self) -> usize {
        self.nest.inner_len()
    }

    /// Pointers to the items visited now.
    pub fn ptrs(&self) -> &[*mut u8] {
        &self.ptrs[..self.nop()]
    }

    /// Pointers to the items visited first.
    pub fn first_ptrs(&self) -> &[*mut u8] {
        &self.nest.ptrs[..self.nop()]
    }

    /// Bytes from each operand's first item to the one visited first.
    pub fn offsets(&self) -> &[isize] {
        &self.offsets[..self.nop()]
    }

    /// Number of items of the whole walk.
    pub fn size(&self) -> usize {
        self.nest.size()
    }

    /// The place in the order of iteration.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The places that are visited.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Whether all places have been visited.
    pub fn finished(&self) -> bool {
        self.at >= self.range.end
    }

    /// Whether a flat index is tracked.
    pub fn has_index(&self) -> bool {
        self.has_index
    }

    /// Whether a multi-index is tracked.
    pub fn has_multi_index(&self) -> bool {
        self.axes.is_some()
    }

    /// Original axis and direction of each axis, outermost first, while a multi-index is tracked.
    pub fn axes(&self) -> Option<&AxisPlan> {
        self.axes.as_ref()
    }

    /// Coordinates along the nest's axes.
    pub fn coords(&self) -> &[usize] {
        &self.coords
    }

    /// Whether the inner axis is left to the caller.
    pub fn external(&self) -> bool {
        self.external
    }

    /// Leaves the inner axis to the caller, merging axes first.
    pub fn set_external(&mut self) {
        self.external = true;
        self.merge();
        self.reset();
    }

    /// Goes back to the first place.
    pub fn reset(&mut self) {
        self.goto(self.range.start);
    }

    /// Limits the walk to some places and goes to the first of them.
    pub fn set_range(&mut self, range: Range<usize>) {
        self.range = range;
        self.reset();
    }

    /// Goes to a place.
    pub fn goto(&mut self, at: usize) {
        self.at = at;
        self.ptrs.copy_from_slice(&self.nest.ptrs);
        let mut rest = at;
        for axis in (0..self.nest.shape.len()).rev() {
            let len = self.nest.shape[axis].max(1);
            // What exceeds the outermost axis is a place past the end: it has no coordinates.
            let here = rest % len;
            rest /= len;
            self.coords[axis] = here;
            let strides = &self.nest.strides[axis * self.nest.nop..];
            for (p, &s) in self.ptrs.iter_mut().zip(strides) {
                *p = p.wrapping_offset(s * here as isize);
            }
        }
    }

    /// Steps on; false when there is nothing more to visit.
    pub fn step(&mut self) -> bool {
        let by = if self.external { self.inner_len() } else { 1 };
        let outer = self.nest.shape.len() - usize::from(self.external);
        self.at += by.max(1);
        if self.at >= self.range.end {
            self.at = self.range.end;
            return false;
        }
        self.nest.step(outer, &mut self.coords, &mut self.ptrs)
    }

    /// The flat index tracked.
    pub fn index(&self) -> Option<usize> {
        self.has_index
            .then(|| self.ptrs[self.nest.nop - 1] as usize)
    }

    /// Goes to the item with this flat index; false if there is none.
    pub fn goto_index(&mut self, index: usize) -> bool {
        if index >= self.size() {
            return false;
        }
        let counter = self.nest.nop - 1;
        let turned = self.nest.ptrs[counter] as isize;
        // Each axis' share of the index, taken off from the widest step down.
        let mut steps: Vec<(isize, usize)> = (0..self.nest.shape.len())
            .map(|axis| (self.stride(axis, counter), axis))
            .collect();
        steps.sort_by_key(|&(s, _)| std::cmp::Reverse(s.unsigned_abs()));
        let mut rest = index as isize;
        let mut low = turned;
        for &(s, axis) in &steps {
            if s < 0 {
                low += s * (self.nest.shape[axis] as isize - 1);
            }
        }
        rest -= low;
        let mut place = vec![0; self.nest.shape.len()];
        for (s, axis) in steps {
            let (len, width) = (self.nest.shape[axis], s.unsigned_abs() as isize);
            let k = if width == 0 || len == 1 {
                0
            } else {
                rest / width
            };
            rest -= k * width;
            place[axis] = if s < 0 {
                len - 1 - k as usize
            } else {
                k as usize
            };
        }
        self.goto_coords(&place)
    }

    fn goto_coords(&mut self, place: &[usize]) -> bool {
        let at = place
            .iter()
            .zip(&self.nest.shape)
            .fold(0, |at, (&c, &n)| at * n + c);
        let inside = self.range.contains(&at);
        if inside {
            self.goto(at);
        }
        inside
    }

    /// The multi-index, by original axis.
    pub fn multi_index(&self) -> Option<SmallVec<[usize; 6]>> {
        let axes = self.axes.as_ref()?;
        let mut out = SmallVec::from_elem(0, self.ndim);
        for (i, &(axis, turned)) in axes.iter().enumerate() {
            let c = self.coords[i];
            out[axis] = if turned {
                self.nest.shape[i] - 1 - c
            } else {
                c
            };
        }
        Some(out)
    }

    /// Goes to a multi-index; false if it lies outside.
    pub fn goto_multi_index(&mut self, index: &[isize]) -> bool {
        let Some(axes) = &self.axes else {
            return false;
        };
        let mut place: SmallVec<[usize; 6]> = SmallVec::from_elem(0, self.nest.shape.len());
        for (i, &(axis, turned)) in axes.iter().enumerate() {
            let (c, n) = (index[axis], self.nest.shape[i]);
            if c < 0 || c as usize >= n {
                return false;
            }
            place[i] = if turned {
                n - 1 - c as usize
            } else {
                c as usize
            };
        }
        self.goto_coords(&place)
    }

    /// Shape by original axis; without a multi-index, that of the merged axes.
    pub fn shape(&self) -> SmallVec<[usize; 6]> {
        let mut out: SmallVec<[usize; 6]> = SmallVec::from_slice(self.lengths());
        if let Some(axes) = &self.axes {
            for (i, &(axis, _)) in axes.iter().enumerate() {
                out[axis] = self.nest.shape[i];
            }
        }
        out
    }

    /// Drops an original axis, staying at its index 0.
    pub fn remove_axis(&mut self, axis: usize) {
        let Some(axes) = &mut self.axes else {
            return;
        };
        let Some(i) = axes.iter().position(|&(a, _)| a == axis) else {
            return;
        };
        let (_, turned) = axes.remove(i);
        for (a, _) in axes.iter_mut() {
            *a -= usize::from(*a > axis);
        }
        let nop = self.nest.nop;
        let len = self.nest.shape.remove(i) as isize;
        let strides: PerOp<isize> = self.nest.strides.drain(i * nop..(i + 1) * nop).collect();
        if turned {
            for (k, s) in strides.iter().enumerate() {
                let back = s * (len - 1);
                self.nest.ptrs[k] = self.nest.ptrs[k].wrapping_offset(back);
                self.offsets[k] += back;
            }
        }
        self.ndim -= 1;
        if self.nest.shape.is_empty() {
            self.nest.shape.push(1);
            self.nest.strides.resize(nop, 0);
        }
        self.coords = SmallVec::from_elem(0, self.nest.shape.len());
        self.set_range(0..self.nest.size());
    }

    /// Stops tracking the multi-index and merges what merges.
    pub fn remove_multi_index(&mut self) {
        self.axes = None;
        self.merge();
        self.goto(self.at);
    }

    fn merge(&mut self) {
        if self.ndim == 0 {
            return;
        }
        self.nest.merge_all();
        self.ndim = self.nest.shape.len();
        self.coords = SmallVec::from_elem(0, self.ndim);
    }

    /// Moves the operands to other memory of the same layout and goes back to the first place.
    pub fn rebase(&mut self, first_items: &[*mut u8]) {
        for (k, &p) in first_items.iter().enumerate() {
            self.nest.ptrs[k] = p.wrapping_offset(self.offsets[k]);
        }
        self.reset();
    }
}

fn index_strides(shape: &[usize], kind: FlatIndex) -> SmallVec<[isize; 6]> {
    let mut perm: SmallVec<[usize; 6]> = (0..shape.len()).collect();
    if kind == FlatIndex::F {
        perm.reverse();
    }
    super::strides_in_order(shape, 1, &perm)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(shape: &[usize], strides: &[isize], multi: bool, index: Option<FlatIndex>) -> Walk {
        let plan = plan_axes(shape, std::iter::once(strides), Order::Keep, false, true);
        Walk::new(
            shape,
            &[(std::ptr::null_mut(), strides)],
            &plan,
            multi,
            index,
        )
        .unwrap()
    }

    fn all<T>(w: &mut Walk, f: impl Fn(&Walk) -> T) -> Vec<T> {
        let mut out = vec![f(w)];
        while w.step() {
            out.push(f(w));
        }
        out
    }

    #[test]
    fn turned_axes_keep_their_indices() {
        let mut w = walk(&[2, 3], &[24, -8], true, Some(FlatIndex::C));
        let seen = all(&mut w, |w| {
            (w.multi_index().unwrap().to_vec(), w.index().unwrap())
        });
        assert_eq!(seen[0], (vec![0, 2], 2));
        assert_eq!(seen[5], (vec![1, 0], 3));
        assert!(w.goto_index(2));
        assert_eq!(w.at(), 0);
        assert!(w.goto_multi_index(&[1, 2]));
        assert_eq!(w.at(), 3);
        assert!(!w.goto_multi_index(&[1, 3]));
    }

    #[test]
    fn an_index_that_fits_lets_axes_merge() {
        assert_eq!(walk(&[2, 3], &[24, 8], false, Some(FlatIndex::C)).ndim(), 1);
        assert_eq!(walk(&[2, 3], &[24, 8], false, Some(FlatIndex::F)).ndim(), 2);
    }

    #[test]
    fn removing_a_turned_axis_stays_at_its_start() {
        let mut w = walk(&[2, 3], &[-24, 8], true, None);
        w.remove_axis(0);
        assert_eq!(w.shape().as_slice(), &[3]);
        assert_eq!(w.ptrs()[0] as isize, 0);
    }

    #[test]
    fn an_external_loop_leaves_the_inner_axis() {
        let mut w = walk(&[4, 3], &[64, 8], false, None);
        w.set_external();
        assert_eq!(all(&mut w, |w| w.ptrs()[0] as usize), [0, 64, 128, 192]);
    }
}
