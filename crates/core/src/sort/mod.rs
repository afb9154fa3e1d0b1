//! Sorting along an axis, positions that sort, selection, and sorting by several keys.
//!
//! Lines along the axis are brought to contiguous, aligned, native form where they are not so already,
//! and sorted on their own; many lines are shared out over the threads.

mod compare;
mod extreme;
mod lines;

pub use compare::{set_less_hook, LessHook};
pub use extreme::{arg_extreme, can_rank};

use crate::assign::{assign, Temp};
use crate::cast::hooks;
use crate::{DType, RawView, Result, TypeNum};
use compare::Compare;
use lines::{Line, Lines};
use numoxide_kernels::sort::{argsort_by_key, find, SortOps};
use std::cmp::Ordering;

/// How the items of a dtype are ordered.
pub struct Sorter {
    dtype: DType,
    ops: Option<&'static SortOps>,
    compare: Compare,
}

/// How two items of a dtype are ordered.
///
/// # Errors
/// What a comparison of objects raises.
///
/// # Safety
/// - Both address items of the dtype; the interpreter lock is held where comparing needs it.
pub unsafe fn compare_items(dtype: &DType, a: *const u8, b: *const u8) -> Result<Ordering> {
    let compare = Compare::new(dtype, &[]);
    if compare.less(a, b)? {
        return Ok(Ordering::Less);
    }
    Ok(match compare.less(b, a)? {
        true => Ordering::Greater,
        false => Ordering::Equal,
    })
}

/// What is wanted of a line.
#[derive(Clone, Copy)]
enum Task<'a> {
    All,
    /// Ascending, distinct positions below the length.
    Some(&'a [usize]),
}

impl Sorter {
    /// The order of a dtype's items; of structured ones by `fields` first, if names are given, then by
    /// the other fields.
    pub fn new(dtype: &DType, fields: &[usize]) -> Sorter {
        // Lines of numbers and text are made native; records are compared as they lie.
        let compare = match dtype.num {
            TypeNum::Void => Compare::new(dtype, fields),
            _ => Compare::new(&dtype.native(), fields),
        };
        Sorter {
            dtype: dtype.clone(),
            ops: find(dtype.num),
            compare,
        }
    }

    /// Whether comparisons run Python code.
    pub fn needs_gil(&self) -> bool {
        self.compare.needs_gil()
    }

    /// Sorts each line along `axis` in place, stably.
    pub fn sort(&self, view: &RawView<'_>, axis: usize) -> Result<()> {
        self.in_place(view, axis, Task::All)
    }

    /// Puts the items of the ascending positions `kth` of each line in their sorted places.
    pub fn partition(&self, view: &RawView<'_>, axis: usize, kth: &[usize]) -> Result<()> {
        self.in_place(view, axis, Task::Some(kth))
    }

    /// Writes the positions that sort each line along `axis`, stably, to the int64 view `out`.
    pub fn argsort(&self, view: &RawView<'_>, axis: usize, out: &RawView<'_>) -> Result<()> {
        self.positions(view, axis, out, Task::All)
    }

    /// Writes positions that do what [`Sorter::partition`] does.
    pub fn argpartition(
        &self,
        view: &RawView<'_>,
        axis: usize,
        out: &RawView<'_>,
        kth: &[usize],
    ) -> Result<()> {
        self.positions(view, axis, out, Task::Some(kth))
    }

    fn in_place(&self, view: &RawView<'_>, axis: usize, task: Task<'_>) -> Result<()> {
        if view.size() == 0 || view.shape[axis] < 2 {
            return Ok(());
        }
        if hooks::needs_clear(&self.dtype) {
            // Comparisons may run code that changes the array: a copy keeps what is compared alive.
            let temp = Temp::copy_of(view)?;
            self.in_lines(&temp.view(), axis, task)?;
            return assign(view, &temp.view()).map(|_| ());
        }
        self.in_lines(view, axis, task)
    }

    fn in_lines(&self, view: &RawView<'_>, axis: usize, task: Task<'_>) -> Result<()> {
        let lines = Lines::new(view, axis, &[], self.needs_gil());
        lines.for_each(&|ptrs, scratch| {
            let line = Line {
                ptr: ptrs[0],
                len: lines.len,
                stride: lines.strides[0],
            };
            let direct = line.is_plain(&self.dtype);
            let items = if direct {
                line.ptr
            } else {
                scratch.load(&line, &self.dtype)?
            };
            self.sort_line(items, lines.len, task)?;
            if !direct {
                scratch.store(&line, &self.dtype)?;
            }
            Ok(())
        })
    }

    fn sort_line(&self, items: *mut u8, n: usize, task: Task<'_>) -> Result<()> {
        let Some(ops) = self.ops else {
            let mut order = lines::room(n)?;
            self.order_line(items, n, &mut order)?;
            return lines::permute(items, n, self.dtype.size, &order);
        };
        // SAFETY: the line is contiguous, aligned and native, of `n` items of the row's type.
        unsafe {
            match task {
                Task::All => (ops.sort)(items, n),
                Task::Some(kth) => (ops.select)(items, n, kth),
            }
        }
    }

    /// Fills `order` with the positions that sort a line.
    fn order_line(&self, items: *const u8, n: usize, order: &mut Vec<i64>) -> Result<()> {
        let size = self.dtype.size;
        let at = |i: i64| items.wrapping_add(i as usize * size);
        order.clear();
        let Some(prefix) = self.compare.prefix() else {
            order.extend(0..n as i64);
            return lines::merge_sort(order, &mut |i, j| self.compare.less(at(i), at(j)));
        };
        let mut keys = lines::room(n)?;
        // SAFETY: the items of the line.
        keys.extend((0..n as i64).map(|i| unsafe { prefix.key(at(i)) }));
        order.resize(n, 0);
        argsort_by_key(&keys, order, &mut |run| {
            if prefix.is_all {
                return Ok(());
            }
            lines::merge_sort(run, &mut |i, j| self.compare.less(at(i), at(j)))
        })
    }

    fn positions(
        &self,
        view: &RawView<'_>,
        axis: usize,
        out: &RawView<'_>,
        task: Task<'_>,
    ) -> Result<()> {
        if view.size() == 0 {
            return Ok(());
        }
        let temp;
        let view = if hooks::needs_clear(&self.dtype) {
            temp = Temp::copy_of(view)?;
            &temp.view()
        } else {
            view
        };
        let lines = Lines::new(view, axis, &[out], self.needs_gil());
        let long = DType::new(TypeNum::Long);
        lines.for_each(&|ptrs, scratch| {
            let n = lines.len;
            let line = Line {
                ptr: ptrs[0],
                len: n,
                stride: lines.strides[0],
            };
            let to = Line {
                ptr: ptrs[1],
                len: n,
                stride: lines.strides[1],
            };
            let direct = line.is_plain(&self.dtype);
            let items = if direct {
                line.ptr
            } else {
                scratch.load(&line, &self.dtype)?
            };
            if to.is_plain(&long) {
                return self.positions_of(items, n, to.ptr.cast(), task);
            }
            let mut order = lines::room(n)?;
            order.resize(n, 0);
            self.positions_of(items, n, order.as_mut_ptr(), task)?;
            to.put(&order);
            Ok(())
        })
    }

    fn positions_of(&self, items: *mut u8, n: usize, out: *mut i64, task: Task<'_>) -> Result<()> {
        let Some(ops) = self.ops else {
            let mut order = lines::room(n)?;
            self.order_line(items, n, &mut order)?;
            // SAFETY: room for `n` positions.
            unsafe { out.copy_from_nonoverlapping(order.as_ptr(), n) };
            return Ok(());
        };
        // SAFETY: `n` contiguous, aligned, native items; room for `n` positions.
        unsafe {
            match task {
                Task::All => (ops.argsort)(items, n, out),
                Task::Some(kth) => (ops.arg_select)(items, n, out, kth),
            }
        }
    }
}

/// Writes the positions that sort by the last key, then the one before it, and so on.
///
/// All keys have the shape of `out`, which is int64.
pub fn lexsort(keys: &[RawView<'_>], axis: usize, out: &RawView<'_>) -> Result<()> {
    let n = out.shape[axis];
    let sorters: Vec<Sorter> = keys.iter().map(|k| Sorter::new(k.dtype, &[])).collect();
    let gil = sorters.iter().any(Sorter::needs_gil);
    let at = keys.len();
    let rest: Vec<&RawView<'_>> = keys[1..].iter().chain([out]).collect();
    let lines = Lines::new(&keys[0], axis, &rest, gil);
    lines.for_each(&|ptrs, scratch| {
        let mut order: Vec<i64> = lines::room(n)?;
        let (mut ranks, mut next) = (lines::room::<i64>(n)?, lines::room::<i64>(n)?);
        for (k, sorter) in sorters.iter().enumerate() {
            let line = Line {
                ptr: ptrs[k],
                len: n,
                stride: lines.strides[k],
            };
            if k == 0 {
                let items = scratch.load(&line, &sorter.dtype)?;
                order.resize(n, 0);
                sorter.positions_of(items, n, order.as_mut_ptr(), Task::All)?;
                continue;
            }
            // The key's items in the order so far, sorted stably.
            let items = scratch.load_ordered(&line, &sorter.dtype, &order)?;
            ranks.resize(n, 0);
            sorter.positions_of(items, n, ranks.as_mut_ptr(), Task::All)?;
            next.clear();
            next.extend(ranks.iter().map(|&r| order[r as usize]));
            std::mem::swap(&mut order, &mut next);
        }
        Line {
            ptr: ptrs[at],
            len: n,
            stride: lines.strides[at],
        }
        .put(&order);
        Ok(())
    })
}
