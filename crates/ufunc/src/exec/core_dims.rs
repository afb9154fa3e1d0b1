//! Generalised ufuncs: core dimensions by signature, loops over the outer ones.

use super::{operand_cast, same_storage};
use numoxide_core::assign::{assign, run_parts, Temp};
use numoxide_core::iter::{broadcast_shapes, broadcast_to, Arrange, Nest, PerOp};
use numoxide_core::pool::threads;
use numoxide_core::{DType, Error, RawView, Result};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use smallvec::SmallVec;

type Shape = SmallVec<[usize; 6]>;

/// A core dimension of a signature.
#[derive(Clone, Debug, PartialEq)]
pub struct CoreDim {
    /// Its name.
    pub name: String,
    /// May be absent (`n?`).
    pub optional: bool,
    /// A fixed size.
    pub fixed: Option<usize>,
}

/// A parsed signature: `(n?,k),(k,m?)->(n?,m?)`.
#[derive(Clone, Debug)]
pub struct CoreSig {
    /// The distinct dimensions.
    pub dims: Vec<CoreDim>,
    /// Dimension numbers of each operand, inputs then outputs.
    pub ops: Vec<Vec<usize>>,
    /// Number of inputs.
    pub nin: usize,
    text: String,
}

impl CoreSig {
    /// Parses a signature; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<CoreSig> {
        let clean: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (ins, outs) = clean.split_once("->")?;
        let mut sig = CoreSig {
            dims: Vec::new(),
            ops: Vec::new(),
            nin: 0,
            text: text.into(),
        };
        sig.side(ins)?;
        sig.nin = sig.ops.len();
        sig.side(outs)?;
        Some(sig)
    }

    fn side(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        loop {
            rest = rest.strip_prefix('(')?;
            let (inside, after) = rest.split_once(')')?;
            let names = inside.split(',').filter(|_| !inside.is_empty());
            let op = names.map(|n| self.dim(n)).collect::<Option<_>>()?;
            self.ops.push(op);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => return after.is_empty().then_some(()),
            }
        }
    }

    /// The number of the dimension of that name; `None` if it is no name.
    fn dim(&mut self, name: &str) -> Option<usize> {
        let (base, optional) = match name.strip_suffix('?') {
            Some(base) => (base, true),
            None => (name, false),
        };
        let fixed: Option<usize> = base.parse().ok();
        let word = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let named = !base.starts_with(|c: char| c.is_ascii_digit()) && base.chars().all(word);
        if base.is_empty() || (fixed.is_none() && !named) {
            return None;
        }
        let same = |d: &CoreDim| match fixed {
            Some(n) => d.fixed == Some(n),
            None => d.name == base,
        };
        if let Some(i) = self.dims.iter().position(same) {
            return Some(i);
        }
        self.dims.push(CoreDim {
            name: base.into(),
            optional,
            fixed,
        });
        Some(self.dims.len() - 1)
    }
}

/// Sizes found for a call.
#[derive(Debug)]
pub struct CoreShape {
    /// Size of each core dimension; 1 where absent.
    pub sizes: Vec<usize>,
    /// Absent optional dimensions.
    pub missing: Vec<bool>,
    /// Broadcast outer shape.
    pub outer: Shape,
}

impl CoreShape {
    /// Finds the sizes from the shapes of inputs (core axes last) and of outputs given.
    ///
    /// # Errors
    /// NumPy's words for too few dimensions and for sizes that differ.
    pub fn find(sig: &CoreSig, op: &str, shapes: &[Option<&[usize]>]) -> Result<CoreShape> {
        let mut missing = vec![false; sig.dims.len()];
        for (i, dims) in sig.ops.iter().enumerate() {
            let Some(shape) = shapes.get(i).copied().flatten() else {
                continue;
            };
            if shape.len() < dims.len() {
                for &d in dims.iter().filter(|&&d| sig.dims[d].optional) {
                    missing[d] = true;
                }
                let least = dims.iter().filter(|&&d| !sig.dims[d].optional).count();
                if shape.len() < least {
                    return Err(too_few(sig, op, i, shape.len(), least));
                }
            }
        }
        let mut found: Vec<Option<usize>> = sig.dims.iter().map(|d| d.fixed).collect();
        let mut outer: Vec<&[usize]> = Vec::new();
        for (i, dims) in sig.ops.iter().enumerate() {
            let Some(shape) = shapes.get(i).copied().flatten() else {
                continue;
            };
            let present: Vec<usize> = dims.iter().copied().filter(|&d| !missing[d]).collect();
            let Some(cut) = shape.len().checked_sub(present.len()) else {
                return Err(too_few(sig, op, i, shape.len(), present.len()));
            };
            for (k, &d) in present.iter().enumerate() {
                let size = shape[cut + k];
                match found[d] {
                    Some(known) if known != size => {
                        return Err(mismatch(sig, op, i, k, size, known))
                    }
                    _ => found[d] = Some(size),
                }
            }
            if i < sig.nin {
                outer.push(&shape[..cut]);
            }
        }
        let outer = broadcast_shapes(&outer)?;
        let sizes = found.iter().map(|s| s.unwrap_or(1)).collect();
        Ok(CoreShape {
            sizes,
            missing,
            outer,
        })
    }

    /// Core dimensions that operand `i` really has.
    pub fn present<'s>(&'s self, sig: &'s CoreSig, i: usize) -> impl Iterator<Item = usize> + 's {
        sig.ops[i].iter().copied().filter(|&d| !self.missing[d])
    }

    /// Full shape of operand `i` with the whole outer shape.
    pub fn shape_of(&self, sig: &CoreSig, i: usize) -> Shape {
        let mut shape = self.outer.clone();
        shape.extend(self.present(sig, i).map(|d| self.sizes[d]));
        shape
    }
}

fn too_few(sig: &CoreSig, op: &str, i: usize, has: usize, wants: usize) -> Error {
    let (side, at) = if i < sig.nin {
        ("Input", i)
    } else {
        ("Output", i - sig.nin)
    };
    Error::Value(format!(
        "{op}: {side} operand {at} does not have enough dimensions (has {has}, gufunc core with \
         signature {} requires {wants})",
        sig.text
    ))
}

fn mismatch(sig: &CoreSig, op: &str, i: usize, k: usize, size: usize, known: usize) -> Error {
    let (side, at) = if i < sig.nin {
        ("Input", i)
    } else {
        ("Output", i - sig.nin)
    };
    Error::Value(format!(
        "{op}: {side} operand {at} has a mismatch in its core dimension {k}, with gufunc signature \
         {} (size {size} is different from {known})",
        sig.text
    ))
}

/// One generalised call; views have their core axes last.
pub struct CoreCall<'a> {
    /// The loop.
    pub lp: &'a BoundLoop,
    /// Its dtypes.
    pub dtypes: &'a [DType],
    /// Inputs, then outputs.
    pub ops: &'a [RawView<'a>],
    /// The signature.
    pub sig: &'a CoreSig,
    /// The sizes found.
    pub shape: &'a CoreShape,
}

/// Runs the call; floating-point status bits.
///
/// Operands in another dtype, unaligned or overlapping an output are copied whole first.
pub fn run(call: &CoreCall<'_>) -> Result<u8> {
    let mut temps: Vec<Option<Temp>> = Vec::new();
    for (i, (view, dtype)) in call.ops.iter().zip(call.dtypes).enumerate() {
        temps.push(stand_in(call, i, view, dtype)?);
    }
    let views: PerOp<RawView<'_>> = call
        .ops
        .iter()
        .zip(&temps)
        .map(|(v, t)| t.as_ref().map_or(*v, |t| t.view()))
        .collect();
    let bits = run_loops(call, &views)?;
    for (i, temp) in temps.iter().enumerate().skip(call.sig.nin) {
        if let Some(temp) = temp {
            assign(&call.ops[i], &temp.view())?;
        }
    }
    Ok(bits)
}

/// A copy of an operand that the loop cannot use as it is.
fn stand_in(
    call: &CoreCall<'_>,
    i: usize,
    view: &RawView<'_>,
    dtype: &DType,
) -> Result<Option<Temp>> {
    let input = i < call.sig.nin;
    let others = if input {
        &call.ops[call.sig.nin..]
    } else {
        &[][..]
    };
    let overlaps = others.iter().any(|o| {
        numoxide_core::overlap::solve(view, o, Some(100)) != numoxide_core::overlap::Overlap::No
    });
    let fits = same_storage(view.dtype, dtype) && view.is_aligned();
    let overlaps = overlaps || !input && numoxide_core::overlap::has_internal_overlap(view);
    if fits && !overlaps {
        return Ok(None);
    }
    operand_cast(view, dtype, input)?;
    let temp = Temp::empty(dtype, view.shape)?;
    if input {
        assign(&temp.view(), view)?;
    }
    Ok(Some(temp))
}

fn run_loops(call: &CoreCall<'_>, views: &[RawView<'_>]) -> Result<u8> {
    let (sig, shape) = (call.sig, call.shape);
    let nouter = shape.outer.len();
    let mut outer: PerOp<SmallVec<[isize; 6]>> = PerOp::new();
    let mut core: SmallVec<[isize; 12]> = SmallVec::new();
    for (i, v) in views.iter().enumerate() {
        let cut = v.ndim() - shape.present(sig, i).count();
        outer.push(broadcast_to(
            &v.shape[..cut],
            &v.strides[..cut],
            &shape.outer,
        )?);
        let mut own = v.strides[cut..].iter();
        core.extend(sig.ops[i].iter().map(|&d| {
            if shape.missing[d] {
                0
            } else {
                own.next().copied().unwrap_or(0)
            }
        }));
    }
    let ops: PerOp<_> = views
        .iter()
        .zip(&outer)
        .map(|(v, s)| (v.ptr, s.as_slice()))
        .collect();
    let nest = Nest::new(&shape.outer, &ops, Arrange::Ordered);
    debug_assert!(nouter > 0 || nest.size() == 1);
    let work: usize = shape.sizes.iter().product::<usize>().max(1);
    let cost = nest.size().saturating_mul(work);
    let parts = if call.lp.flags.needs_gil {
        1
    } else {
        // Products of matrices do many of these steps in the time of an addition.
        threads::parts_for(match call.lp.flags.cost {
            0 => cost / 16,
            _ => cost / 2,
        })
    };
    let job = Job {
        lp: call.lp,
        dtypes: call.dtypes,
        sig,
        core,
        sizes: shape.sizes.iter().map(|&n| n as isize).collect(),
    };
    if parts > 1 && nest.size() < 2 * parts {
        return job.split_core(&nest, parts);
    }
    run_parts(&nest, parts, &|nest| job.run(nest, &job.sizes))
}

struct Job<'a> {
    lp: &'a BoundLoop,
    dtypes: &'a [DType],
    sig: &'a CoreSig,
    core: SmallVec<[isize; 12]>,
    sizes: SmallVec<[isize; 6]>,
}

impl Job<'_> {
    fn run(&self, nest: &Nest, sizes: &[isize]) -> Result<u8> {
        let ctx = LoopCtx::new(self.dtypes);
        let hardware = self.lp.flags.fp == FpClass::Hardware;
        if hardware {
            fpstatus::clear_all();
        }
        nest.try_for_each(|p, n, s| {
            let dims: SmallVec<[isize; 8]> = std::iter::once(n as isize)
                .chain(sizes.iter().copied())
                .collect();
            let strides: SmallVec<[isize; 16]> = s.iter().chain(&self.core).copied().collect();
            // SAFETY: outer items of live views, core dimensions checked against their shapes.
            match unsafe { self.lp.call(&ctx, p, &dims, &strides) } {
                0 => Ok(()),
                _ => Err(ctx.take_error()),
            }
        })?;
        Ok(ctx.fp() | if hardware { fpstatus::read_all() } else { 0 })
    }

    /// A core dimension of the outputs that is not summed over may be cut: no sum notices. Few cuts,
    /// since each part packs the whole other operand.
    fn split_core(&self, nest: &Nest, parts: usize) -> Result<u8> {
        let sig = self.sig;
        let free = (0..self.sizes.len()).filter(|&d| {
            sig.ops[sig.nin..].iter().all(|op| op.contains(&d))
                && sig.ops[..sig.nin]
                    .iter()
                    .filter(|op| op.contains(&d))
                    .count()
                    == 1
        });
        let Some(dim) = free.max_by_key(|&d| self.sizes[d]) else {
            return self.run(nest, &self.sizes);
        };
        let len = self.sizes[dim] as usize;
        let cuts = if len >= 1000 { 2 * parts } else { parts };
        let mut chunk = len.div_ceil(cuts).next_multiple_of(8);
        if len % chunk == 1 {
            // A single row or column would take another path, with other roundings.
            chunk += 8;
        }
        let count = len.div_ceil(chunk).max(1);
        let bits = std::sync::atomic::AtomicU8::new(0);
        let failed = std::sync::Mutex::new(None);
        threads::run(count, &|i| {
            let (start, end) = (i * chunk, ((i + 1) * chunk).min(len));
            let mut part = nest.clone();
            self.shift(&mut part, dim, start as isize);
            let mut sizes = self.sizes.clone();
            sizes[dim] = (end - start) as isize;
            match self.run(&part, &sizes) {
                Ok(b) => {
                    bits.fetch_or(b, std::sync::atomic::Ordering::Relaxed);
                }
                Err(e) => {
                    *failed
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(e);
                }
            }
        });
        match failed
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
        {
            Some(e) => Err(e),
            None => Ok(bits.into_inner()),
        }
    }

    /// Moves every operand `by` items along a core dimension.
    fn shift(&self, nest: &mut Nest, dim: usize, by: isize) {
        let mut at = 0;
        for (i, dims) in self.sig.ops.iter().enumerate() {
            for &d in dims {
                if d == dim {
                    nest.ptrs[i] = nest.ptrs[i].wrapping_offset(self.core[at] * by);
                }
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_parse() {
        let sig = CoreSig::parse("(n?,k),(k,m?)->(n?,m?)").unwrap();
        assert_eq!(sig.nin, 2);
        assert_eq!(sig.ops, [vec![0, 1], vec![1, 2], vec![0, 2]]);
        assert!(sig.dims[0].optional && !sig.dims[1].optional);
        assert!(CoreSig::parse("(n)->").is_none());
    }

    #[test]
    fn vectors_drop_optional_dimensions() {
        let sig = CoreSig::parse("(n?,k),(k,m?)->(n?,m?)").unwrap();
        let found = CoreShape::find(&sig, "matmul", &[Some(&[3]), Some(&[2, 3, 4])]).unwrap();
        assert_eq!(found.shape_of(&sig, 2).as_slice(), &[2, 4]);
    }
}
