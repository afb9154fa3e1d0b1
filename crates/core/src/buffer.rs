//! Owned array memory for owners other than Python.

use crate::pool::memory;
use crate::{Error, RawView, Result};
use numoxide_dtype::{DType, Element};

/// A block of the memory pool, freed when dropped; shared by `Arc`.
#[derive(Debug)]
pub struct Buffer {
    ptr: *mut u8,
    bytes: usize,
}

// SAFETY: plain bytes with one owner; who writes to shared memory has a `&mut` to the only owner.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// Uninitialised memory for an array.
    ///
    /// # Errors
    /// [`Error::Memory`] if there is none.
    pub fn new(bytes: usize, zeroed: bool) -> Result<Buffer> {
        let wanted = bytes.max(1);
        let ptr = if zeroed {
            memory::alloc_zeroed(wanted)
        } else {
            memory::alloc(wanted)
        };
        if ptr.is_null() {
            return Err(Error::Memory {
                bytes,
                shape: vec![bytes],
                dtype: None,
            });
        }
        Ok(Buffer { ptr, bytes })
    }

    /// A copy of a slice.
    ///
    /// # Errors
    /// As [`Buffer::new`].
    pub fn from_slice<T: Element>(items: &[T]) -> Result<Buffer> {
        let buffer = Buffer::new(size_of_val(items), false)?;
        // SAFETY: the block has the slice's size and pool alignment, and is ours alone.
        unsafe {
            let to = buffer.ptr.cast::<T>();
            to.copy_from_nonoverlapping(items.as_ptr(), items.len());
        }
        Ok(buffer)
    }

    /// First byte.
    pub fn ptr(&self) -> *mut u8 {
        self.ptr
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: allocated in `new`, and this is the last owner.
        unsafe { memory::free(self.ptr) };
    }
}

/// The items of a view in C order, cast to `T`.
///
/// # Errors
/// What the cast reports.
pub fn collect<T: Element + Default>(view: &RawView<'_>) -> Result<Vec<T>> {
    let dtype = DType::new(T::NUM);
    let layout = crate::Layout::contiguous(view.shape, dtype.size, false)?;
    let mut items = vec![T::default(); view.size()];
    let target = RawView {
        ptr: items.as_mut_ptr().cast(),
        dtype: &dtype,
        shape: &layout.shape,
        strides: &layout.strides,
    };
    crate::assign::assign(&target, view)?;
    Ok(items)
}
