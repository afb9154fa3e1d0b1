//! Blocks of cast items between memory and a loop.

use super::call;
use numoxide_core::iter::PerOp;
use numoxide_core::pool::memory;
use numoxide_core::{DType, Error, Result};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};

/// Items of a block: NumPy's default buffer size, on which the bits of buffered sums depend.
pub(crate) const BLOCK: usize = 8192;
/// Items of a block where the split does not show in results: fits the first-level caches.
const SMALL_BLOCK: usize = 1024;
/// Bytes one operand's block may take.
const BLOCK_BYTES: usize = 1 << 20;

/// Scratch for one thread of a call whose operands need casts.
pub(crate) struct Blocks<'a> {
    lp: &'a BoundLoop,
    dtypes: &'a [DType],
    casts: &'a [Option<BoundLoop>],
    nin: usize,
    scratch: PerOp<*mut u8>,
    len: usize,
    /// Status bits so far, kept apart from those that a loop raises without meaning.
    bits: u8,
}

impl<'a> Blocks<'a> {
    /// Allocates scratch for every operand that has a cast.
    pub(crate) fn new(
        lp: &'a BoundLoop,
        dtypes: &'a [DType],
        casts: &'a [Option<BoundLoop>],
        nin: usize,
    ) -> Result<Blocks<'a>> {
        let widest = dtypes.iter().map(|d| d.size).max().unwrap_or(1).max(1);
        let len = SMALL_BLOCK.min(BLOCK_BYTES / widest).max(1);
        let mut blocks = Blocks {
            lp,
            dtypes,
            casts,
            nin,
            scratch: PerOp::new(),
            len,
            bits: 0,
        };
        for (cast, dtype) in casts.iter().zip(dtypes) {
            blocks.scratch.push(match cast {
                Some(_) => scratch(dtype, len)?,
                None => std::ptr::null_mut(),
            });
        }
        Ok(blocks)
    }

    /// Runs the loop over `n` items, a block at a time.
    pub(crate) fn run(
        &mut self,
        ctx: &LoopCtx,
        ptrs: &[*mut u8],
        n: usize,
        strides: &[isize],
    ) -> Result<()> {
        let mut done = 0;
        while done < n {
            let len = self.len.min(n - done);
            self.block(ctx, &super::at(ptrs, strides, done), len, strides)?;
            done += len;
        }
        Ok(())
    }

    /// Runs a loop or cast; one that builds its own status bits leaves no others.
    fn quietly(
        &mut self,
        lp: &BoundLoop,
        ctx: &LoopCtx,
        ptrs: &[*mut u8],
        n: usize,
        strides: &[isize],
    ) -> Result<()> {
        if lp.flags.fp == FpClass::Hardware {
            return call(lp, ctx, ptrs, n, strides);
        }
        self.bits |= fpstatus::read_all();
        if lp.flags.forgets {
            self.bits = 0;
        }
        let done = call(lp, ctx, ptrs, n, strides);
        fpstatus::clear_all();
        done
    }

    /// Status bits of the casts so far.
    pub(crate) fn bits(&self) -> u8 {
        self.bits
    }

    fn block(
        &mut self,
        ctx: &LoopCtx,
        ptrs: &[*mut u8],
        len: usize,
        strides: &[isize],
    ) -> Result<()> {
        let mut loop_ptrs: PerOp<*mut u8> = PerOp::from_slice(ptrs);
        let mut loop_strides: PerOp<isize> = PerOp::from_slice(strides);
        let casts = self.casts;
        for (i, cast) in casts.iter().enumerate() {
            let Some(cast) = cast else { continue };
            let size = self.dtypes[i].size as isize;
            loop_ptrs[i] = self.scratch[i];
            loop_strides[i] = size;
            if i < self.nin {
                // One item that stands still is cast once and repeated by stride 0.
                let count = if strides[i] == 0 { 1 } else { len };
                if strides[i] == 0 {
                    loop_strides[i] = 0;
                }
                self.quietly(
                    cast,
                    ctx,
                    &[ptrs[i], self.scratch[i]],
                    count,
                    &[strides[i], size],
                )?;
            }
        }
        self.quietly(self.lp, ctx, &loop_ptrs, len, &loop_strides)?;
        for i in self.nin..self.dtypes.len() {
            if let Some(cast) = &casts[i] {
                let size = self.dtypes[i].size as isize;
                self.quietly(
                    cast,
                    ctx,
                    &[self.scratch[i], ptrs[i]],
                    len,
                    &[size, strides[i]],
                )?;
            }
        }
        Ok(())
    }
}

/// Zeroed memory for `len` items: object slots must start empty.
pub(crate) fn scratch(dtype: &DType, len: usize) -> Result<*mut u8> {
    let bytes = dtype.size * len;
    let ptr = if numoxide_core::cast::hooks::needs_clear(dtype) {
        memory::alloc_zeroed(bytes.max(16))
    } else {
        memory::alloc(bytes.max(16))
    };
    if ptr.is_null() {
        return Err(Error::Memory {
            bytes,
            shape: vec![len],
            dtype: Some(dtype.clone()),
        });
    }
    Ok(ptr)
}

/// Drops references that a scratch block holds, then frees it.
///
/// # Safety
/// - `ptr` is NULL or came from [`scratch`] with this dtype and length, and is not used again.
pub(crate) unsafe fn release(ptr: *mut u8, dtype: &DType, len: usize) {
    if ptr.is_null() {
        return;
    }
    // SAFETY: by contract.
    unsafe {
        if let Ok(Some(clear)) = numoxide_core::cast::hooks::clear_refs(dtype) {
            let dtypes = [dtype.clone()];
            let ctx = LoopCtx::new(&dtypes);
            // Clearing empty or owned slots cannot fail.
            let _ = clear.call(&ctx, &[ptr], &[len as isize], &[dtype.size as isize]);
        }
        memory::free(ptr);
    }
}

impl Drop for Blocks<'_> {
    fn drop(&mut self) {
        for (&ptr, dtype) in self.scratch.iter().zip(self.dtypes) {
            // SAFETY: made by `scratch` in `new` with this length, or NULL.
            unsafe { release(ptr, dtype, self.len) };
        }
    }
}
