//! What a list of indices means for an array.

use super::nonzero::nonzero;
use crate::iter::{
    broadcast_shapes, broadcast_strides, sort_axes, strides_in_order, Arrange, Nest,
};
use crate::{Error, RawView, Result, MAX_DIMS};
use numoxide_dtype::DType;
use numoxide_kernels::select::first_outside;
use smallvec::SmallVec;

/// One parsed index.
#[derive(Clone, Copy)]
pub enum Index<'a> {
    /// An integer.
    Int(isize),
    /// A slice as Python unpacks it: ends not given are at the far limits of `isize`.
    Slice {
        /// First.
        start: isize,
        /// One past the last.
        stop: isize,
        /// Step, not zero.
        step: isize,
    },
    /// All axes that no other index names.
    Ellipsis,
    /// A new axis of length 1.
    NewAxis,
    /// A single truth value: a new axis of length 0 or 1, among the advanced indices.
    Bool(bool),
    /// Native, aligned `intp` indices of any shape.
    Array(&'a RawView<'a>),
    /// Bools for one or more axes.
    Mask(&'a RawView<'a>),
}

/// An index array and the axis it indexes.
pub(super) struct Fancy {
    pub(super) ptr: *const u8,
    shape: SmallVec<[usize; 6]>,
    strides: SmallVec<[isize; 6]>,
    /// Strides over the common shape of all index arrays.
    pub(super) outer: SmallVec<[isize; 6]>,
    /// Positions made from a mask.
    kept: Option<Vec<isize>>,
    axis: usize,
    pub(super) len: usize,
    pub(super) step: isize,
}

// SAFETY: plain numbers and read-only memory that the caller of the plan keeps alive.
unsafe impl Sync for Fancy {}

/// A list of indices applied to one array.
pub struct Plan<'a> {
    /// Dtype of the array.
    pub dtype: &'a DType,
    /// First item of the view that slices and integers leave.
    pub ptr: *mut u8,
    /// Its shape.
    pub shape: SmallVec<[usize; 6]>,
    /// Its byte strides.
    pub strides: SmallVec<[isize; 6]>,
    /// Common shape of the advanced indices.
    pub outer: SmallVec<[usize; 6]>,
    /// Axis of the result where the axes of `outer` go.
    pub at: usize,
    /// There is no advanced index: the result is the view.
    pub is_view: bool,
    /// One integer for each axis and nothing else: the result is an item.
    pub is_item: bool,
    pub(super) fancy: SmallVec<[Fancy; 2]>,
}

// SAFETY: as for `Fancy`.
unsafe impl Sync for Plan<'_> {}

/// Whether advanced indices stand side by side.
#[derive(PartialEq)]
enum Run {
    None,
    Open(usize),
    Closed(usize),
    Apart,
}

impl<'a> Plan<'a> {
    /// Applies `indices` to `arr`.
    ///
    /// # Errors
    /// [`Error::Index`] in NumPy's words: too many indices, an integer out of bounds, a mask of another
    /// shape, index arrays that do not broadcast. Index arrays are checked by [`Plan::check_bounds`].
    pub fn new(arr: &RawView<'a>, indices: &[Index<'_>]) -> Result<Plan<'a>> {
        let rest = free_axes(arr, indices)?;
        let is_advanced =
            |i: &Index<'_>| matches!(i, Index::Bool(_) | Index::Array(_) | Index::Mask(_));
        let advanced = indices.iter().any(is_advanced);
        let mut plan = Plan {
            dtype: arr.dtype,
            ptr: arr.ptr,
            shape: SmallVec::new(),
            strides: SmallVec::new(),
            outer: SmallVec::new(),
            at: 0,
            is_view: !advanced,
            is_item: indices.len() == arr.ndim()
                && indices.iter().all(|i| matches!(i, Index::Int(_))),
            fancy: SmallVec::new(),
        };
        let mut walk = Walk {
            axis: 0,
            run: Run::None,
            shapes: SmallVec::new(),
            seen_ellipsis: false,
        };
        for index in indices {
            plan.apply(arr, index, rest, &mut walk)?;
        }
        if !walk.seen_ellipsis {
            plan.keep_axes(arr, walk.axis, rest);
        }
        plan.at = match walk.run {
            Run::Open(at) | Run::Closed(at) => at,
            _ => 0,
        };
        if walk.shapes.len() >= MAX_DIMS {
            return Err(Error::Index(format!(
                "when no subspace is given, the number of index arrays cannot be above {}, but {} \
                 index arrays found",
                MAX_DIMS - 1,
                walk.shapes.len()
            )));
        }
        if advanced {
            plan.broadcast(&walk.shapes)?;
        }
        let ndim = plan.ndim();
        if ndim > MAX_DIMS {
            return Err(Error::Index(format!(
                "number of dimensions must be within [0, {MAX_DIMS}], \
                 indexing result would have {ndim}"
            )));
        }
        Ok(plan)
    }

    fn apply(
        &mut self,
        arr: &RawView<'a>,
        index: &Index<'_>,
        rest: usize,
        walk: &mut Walk,
    ) -> Result<()> {
        let axis = walk.axis;
        match *index {
            Index::Int(i) => {
                let at = checked(i, axis, arr.shape[axis])?;
                self.ptr = self.ptr.wrapping_offset(at * arr.strides[axis]);
                walk.axis += 1;
                if !self.is_view {
                    walk.advanced(self.shape.len());
                }
            }
            Index::Slice { start, stop, step } => {
                let (first, len) = clip_slice(start, stop, step, arr.shape[axis]);
                if len > 0 {
                    self.ptr = self.ptr.wrapping_offset(first * arr.strides[axis]);
                }
                self.shape.push(len);
                // An empty slice keeps the axis' own stride.
                self.strides
                    .push(arr.strides[axis].wrapping_mul(if len > 0 { step } else { 1 }));
                walk.axis += 1;
                walk.basic();
            }
            Index::Ellipsis => {
                self.keep_axes(arr, axis, rest);
                walk.axis += rest;
                walk.seen_ellipsis = true;
                walk.basic();
            }
            Index::NewAxis => {
                self.shape.push(1);
                self.strides.push(0);
                walk.basic();
            }
            Index::Bool(on) => {
                walk.shapes.push(SmallVec::from_slice(&[usize::from(on)]));
                walk.advanced(self.shape.len());
            }
            Index::Array(idx) => {
                walk.shapes.push(SmallVec::from_slice(idx.shape));
                self.fancy.push(Fancy::over(idx, axis, arr));
                walk.axis += 1;
                walk.advanced(self.shape.len());
            }
            Index::Mask(mask) => {
                self.add_mask(arr, mask, walk)?;
                walk.advanced(self.shape.len());
            }
        }
        Ok(())
    }

    /// Keeps `n` axes from `axis` as they are.
    fn keep_axes(&mut self, arr: &RawView<'a>, axis: usize, n: usize) {
        self.shape.extend_from_slice(&arr.shape[axis..axis + n]);
        self.strides.extend_from_slice(&arr.strides[axis..axis + n]);
    }

    fn add_mask(&mut self, arr: &RawView<'a>, mask: &RawView<'_>, walk: &mut Walk) -> Result<()> {
        for (i, &n) in mask.shape.iter().enumerate() {
            let (axis, size) = (walk.axis + i, arr.shape[walk.axis + i]);
            if size != n {
                return Err(Error::Index(format!(
                    "boolean index did not match indexed array along axis {axis}; size of axis is \
                     {size} but size of corresponding boolean axis is {n}"
                )));
            }
        }
        let found = nonzero(mask)?;
        for positions in found {
            let axis = walk.axis;
            walk.shapes.push(SmallVec::from_slice(&[positions.len()]));
            self.fancy.push(Fancy {
                ptr: positions.as_ptr().cast(),
                shape: SmallVec::from_slice(&[positions.len()]),
                strides: SmallVec::from_slice(&[size_of::<isize>() as isize]),
                outer: SmallVec::new(),
                kept: Some(positions),
                axis,
                len: arr.shape[axis],
                step: arr.strides[axis],
            });
            walk.axis += 1;
        }
        Ok(())
    }

    /// Finds the common shape of the advanced indices.
    fn broadcast(&mut self, shapes: &[SmallVec<[usize; 6]>]) -> Result<()> {
        let list: SmallVec<[&[usize]; 4]> = shapes.iter().map(SmallVec::as_slice).collect();
        self.outer = broadcast_shapes(&list).map_err(|e| {
            let text = e.to_string();
            Error::Index(text.replacen("operands", "shape mismatch: indexing arrays", 1))
        })?;
        for f in &mut self.fancy {
            if let Some(strides) = broadcast_strides(&f.shape, &f.strides, &self.outer) {
                f.outer = strides;
            }
        }
        Ok(())
    }

    /// Fails on the first index outside its axis; call before anything is written.
    pub fn check_bounds(&self) -> Result<()> {
        if self.outer.contains(&0) {
            return Ok(());
        }
        self.fancy
            .iter()
            .filter(|f| f.kept.is_none())
            .try_for_each(Fancy::check)
    }

    /// Shape of the result.
    pub fn result_shape(&self) -> SmallVec<[usize; 6]> {
        let (before, after) = self.shape.split_at(self.at);
        [before, &self.outer[..], after].concat().into()
    }

    /// Shape of the items in the order in which they are moved: advanced axes first.
    pub fn moved_shape(&self) -> SmallVec<[usize; 6]> {
        [&self.outer[..], &self.shape[..]].concat().into()
    }

    /// Number of axes of the result.
    pub fn ndim(&self) -> usize {
        self.outer.len() + self.shape.len()
    }

    /// For each axis of the result, the axis of the moved order.
    pub fn result_axes(&self) -> SmallVec<[usize; 6]> {
        let n = self.outer.len();
        let before = n..n + self.at;
        before.chain(0..n).chain(n + self.at..self.ndim()).collect()
    }

    /// Strides, in the moved order, that NumPy gives the new array.
    pub fn moved_strides(&self, itemsize: usize) -> SmallVec<[isize; 6]> {
        let shape = self.moved_shape();
        if shape.contains(&0) {
            return SmallVec::from_elem(0, shape.len());
        }
        let n = self.outer.len();
        let inner: usize = self.shape.iter().product();
        let mut perm: SmallVec<[usize; 6]>;
        if inner == 1 {
            perm = sort_axes(&self.outer, self.fancy.iter().map(|f| &f.outer[..]));
            perm.extend(n..shape.len());
        } else {
            perm = (0..shape.len()).collect();
            perm[n..].sort_by_key(|&a| std::cmp::Reverse(self.strides[a - n].unsigned_abs()));
        }
        strides_in_order(&shape, itemsize, &perm)
    }
}

/// Where reading the indices has come to.
struct Walk {
    axis: usize,
    run: Run,
    shapes: SmallVec<[SmallVec<[usize; 6]>; 4]>,
    seen_ellipsis: bool,
}

impl Walk {
    fn advanced(&mut self, at: usize) {
        match self.run {
            Run::None => self.run = Run::Open(at),
            Run::Closed(_) => self.run = Run::Apart,
            _ => {}
        }
    }

    fn basic(&mut self) {
        if let Run::Open(at) = self.run {
            self.run = Run::Closed(at);
        }
    }
}

/// How many axes no index names; the rules for counts.
fn free_axes(arr: &RawView<'_>, indices: &[Index<'_>]) -> Result<usize> {
    let (mut used, mut ellipses) = (0, 0);
    for index in indices {
        match index {
            Index::Int(_) | Index::Slice { .. } | Index::Array(_) => used += 1,
            Index::Mask(mask) => used += mask.ndim(),
            Index::Ellipsis => ellipses += 1,
            Index::NewAxis | Index::Bool(_) => {}
        }
    }
    if ellipses > 1 {
        return Err(Error::Index(
            "an index can only have a single ellipsis ('...')".into(),
        ));
    }
    let ndim = arr.ndim();
    ndim.checked_sub(used).ok_or_else(|| too_many(ndim, used))
}

#[cold]
fn too_many(ndim: usize, used: usize) -> Error {
    Error::Index(format!(
        "too many indices for array: array is {ndim}-dimensional, but {used} were indexed"
    ))
}

/// An index counted from the start.
#[inline]
fn checked(i: isize, axis: usize, len: usize) -> Result<isize> {
    let n = len as isize;
    if i < -n || i >= n {
        return Err(outside(i, axis, len));
    }
    Ok(if i < 0 { i + n } else { i })
}

#[cold]
fn outside(i: isize, axis: usize, len: usize) -> Error {
    Error::Index(format!(
        "index {i} is out of bounds for axis {axis} with size {len}"
    ))
}

/// First item and number of items of a slice over `len` items, as Python counts them.
#[inline]
pub fn clip_slice(start: isize, stop: isize, step: isize, len: usize) -> (isize, usize) {
    let n = len as isize;
    let (low, high) = if step < 0 { (-1, n - 1) } else { (0, n) };
    let clip = |x: isize| if x < 0 { (x + n).max(low) } else { x.min(high) };
    let (first, end) = (clip(start), clip(stop));
    let count = if step < 0 {
        if end < first {
            (first - end - 1) as usize / step.unsigned_abs() + 1
        } else {
            0
        }
    } else if first < end {
        (end - first - 1) as usize / step as usize + 1
    } else {
        0
    };
    (first, count)
}

impl Fancy {
    fn over(idx: &RawView<'_>, axis: usize, arr: &RawView<'_>) -> Fancy {
        Fancy {
            ptr: idx.ptr,
            shape: SmallVec::from_slice(idx.shape),
            strides: SmallVec::from_slice(idx.strides),
            outer: SmallVec::new(),
            kept: None,
            axis,
            len: arr.shape[axis],
            step: arr.strides[axis],
        }
    }

    fn check(&self) -> Result<()> {
        let ops = [(self.ptr.cast_mut(), &self.strides[..])];
        let nest = Nest::new(&self.shape, &ops, Arrange::Ordered);
        nest.try_for_each(|p, n, s| {
            // SAFETY: the nest walks the index array, which the caller keeps alive.
            unsafe {
                match first_outside(p[0], s[0], n, self.len) {
                    None => Ok(()),
                    Some(k) => {
                        let bad = p[0].offset(k as isize * s[0]).cast::<isize>().read();
                        Err(outside(bad, self.axis, self.len))
                    }
                }
            }
        })
    }
}
