//! The loops over the operands of a direct call: one run where all lie alike, else a small nest.

use super::given::Given;
use super::OPERANDS;

/// Most axes of a direct call.
pub(super) const AXES: usize = 4;
/// Short inner runs from which the planner's choice of the inner axis pays.
const MANY: isize = 64;

/// A broadcast shape.
#[derive(Clone, Copy)]
pub(super) struct Lengths {
    /// Lengths; those behind `nd` mean nothing.
    all: [usize; AXES],
    nd: usize,
}

impl Lengths {
    /// The lengths.
    #[inline(always)]
    pub(super) fn get(&self) -> &[usize] {
        &self.all[..self.nd.min(AXES)]
    }

    /// Number of items.
    #[inline]
    pub(super) fn size(&self) -> usize {
        self.get().iter().fold(1, |n, &m| n.saturating_mul(m))
    }
}

/// The common shape of operands; `None` where they do not fit, have an empty axis or too many axes.
#[inline]
pub(super) fn broadcast(inputs: &[Given]) -> Option<Lengths> {
    let nd = inputs.iter().map(Given::ndim).max().unwrap_or(0);
    if nd > AXES {
        return None;
    }
    let mut out = Lengths { all: [1; AXES], nd };
    for g in inputs {
        let shape = g.shape();
        let first = nd - shape.len();
        for (to, &n) in out.all[first..].iter_mut().zip(shape) {
            match (*to, n) {
                (_, 0) => return None,
                (1, n) => *to = n,
                (_, 1) => {}
                (m, n) if m == n => {}
                _ => return None,
            }
        }
    }
    Some(out)
}

/// The axes left to walk, innermost last, over a few operands.
pub(super) struct Nest {
    shape: [isize; AXES],
    strides: [[isize; OPERANDS]; AXES],
    nd: usize,
    nop: usize,
}

impl Nest {
    /// One run of `n` items.
    #[inline(always)]
    pub(super) fn flat(n: usize, strides: [isize; OPERANDS], nop: usize) -> Nest {
        let mut nest = Nest {
            shape: [1; AXES],
            strides: [[0; OPERANDS]; AXES],
            nd: 1,
            nop,
        };
        nest.shape[0] = n as isize;
        nest.strides[0] = strides;
        nest
    }

    /// Operands (lengths and byte strides of each) stretched to `full`; merged where they run on.
    pub(super) fn new(full: &Lengths, operands: &[(&[usize], &[isize])]) -> Nest {
        let mut nest = Nest {
            shape: [1; AXES],
            strides: [[0; OPERANDS]; AXES],
            nd: 0,
            nop: operands.len(),
        };
        for (axis, &n) in full.get().iter().enumerate() {
            if n == 1 {
                continue;
            }
            let mut row = [0; OPERANDS];
            for (to, (shape, strides)) in row.iter_mut().zip(operands) {
                let behind = full.get().len() - axis;
                if let Some(at) = shape.len().checked_sub(behind) {
                    *to = if shape[at] == 1 { 0 } else { strides[at] };
                }
            }
            nest.push(n as isize, row);
        }
        nest.nd = nest.nd.max(1);
        nest
    }

    /// Adds an inner axis.
    fn push(&mut self, n: isize, row: [isize; OPERANDS]) {
        if let Some(last) = self.nd.checked_sub(1) {
            if (0..OPERANDS).all(|i| self.strides[last][i] == row[i].wrapping_mul(n)) {
                self.shape[last] *= n;
                self.strides[last] = row;
                return;
            }
        }
        self.shape[self.nd] = n;
        self.strides[self.nd] = row;
        self.nd += 1;
    }

    /// Whether the planner, which may turn the axes round, does better.
    pub(super) fn is_choppy(&self) -> bool {
        let outer: isize = self.shape[..self.nd - 1].iter().product();
        outer > MANY && self.shape[self.nd - 1] < 16
    }

    /// Calls `body(pointers, length, strides)` for each inner run until it gives false.
    #[inline]
    pub(super) fn each(
        &self,
        mut ptrs: [*mut u8; OPERANDS],
        mut body: impl FnMut(&[*mut u8; OPERANDS], isize, &[isize; OPERANDS]) -> bool,
    ) -> bool {
        let outer = self.nd - 1;
        let (len, inner) = (self.shape[outer], &self.strides[outer]);
        let mut index = [0isize; AXES];
        loop {
            if !body(&ptrs, len, inner) {
                return false;
            }
            let mut axis = outer;
            loop {
                let Some(next) = axis.checked_sub(1) else {
                    return true;
                };
                axis = next;
                let row = &self.strides[axis];
                index[axis] += 1;
                if index[axis] < self.shape[axis] {
                    (0..self.nop).for_each(|i| ptrs[i] = ptrs[i].wrapping_offset(row[i]));
                    break;
                }
                let back = self.shape[axis] - 1;
                (0..self.nop).for_each(|i| ptrs[i] = ptrs[i].wrapping_offset(-row[i] * back));
                index[axis] = 0;
            }
        }
    }
}

/// Whether all arrays among the inputs have one shape and C order: one run serves, whatever the axes.
#[inline(always)]
pub(super) fn lie_alike(inputs: &[Given]) -> bool {
    match inputs {
        [a] => a.is_c(),
        [a, b] => {
            let alike = a.ndim() == 0 || b.ndim() == 0 || same(a.shape(), b.shape());
            alike && a.is_c() && b.is_c()
        }
        [a, ..] => inputs
            .iter()
            .all(|g| g.is_c() && (g.ndim() == 0 || same(g.shape(), a.shape()))),
        [] => false,
    }
}

/// Equality of short lists without a call.
#[inline(always)]
pub(super) fn same(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x == y)
}
