//! The dynamic array: any dtype, any number of axes, shared memory.

use numoxide_core::buffer::{collect, Buffer};
use numoxide_core::iter::broadcast_strides;
use numoxide_core::{assign, DType, Error, Layout, RawView, Result};
use numoxide_dtype::Element;
use std::sync::Arc;

/// An n-dimensional array whose dtype is known at run time.
///
/// Cloning and slicing share memory; operations give fresh arrays. Writing goes through
/// [`Array::assign`], which copies the memory first if it is shared.
#[derive(Clone, Debug)]
pub struct Array {
    buffer: Arc<Buffer>,
    offset: isize,
    dtype: DType,
    layout: Layout,
}

impl Array {
    /// An array of undefined contents, C-contiguous.
    ///
    /// # Errors
    /// If the size overflows or memory is short.
    pub fn empty(shape: &[usize], dtype: &DType) -> Result<Array> {
        Array::allocate(shape, dtype, false)
    }

    /// An array of zeros.
    ///
    /// # Errors
    /// As [`Array::empty`].
    pub fn zeros(shape: &[usize], dtype: &DType) -> Result<Array> {
        Array::allocate(shape, dtype, true)
    }

    /// An array filled with one value.
    ///
    /// # Errors
    /// As [`Array::empty`].
    pub fn full<T: Element>(shape: &[usize], value: T) -> Result<Array> {
        let mut out = Array::empty(shape, &DType::new(T::NUM))?;
        out.assign(&Array::scalar(value)?)?;
        Ok(out)
    }

    /// A 0-d array.
    ///
    /// # Errors
    /// If memory is short.
    pub fn scalar<T: Element>(value: T) -> Result<Array> {
        Array::from_slice(&[value])?.reshape(&[])
    }

    /// A 1-d copy of a slice.
    ///
    /// # Errors
    /// If memory is short.
    pub fn from_slice<T: Element>(items: &[T]) -> Result<Array> {
        let dtype = DType::new(T::NUM);
        let layout = Layout::contiguous(&[items.len()], dtype.size, false)?;
        Ok(Array {
            buffer: Arc::new(Buffer::from_slice(items)?),
            offset: 0,
            dtype,
            layout,
        })
    }

    /// `n` evenly spaced numbers from `start` to `stop`, both included.
    ///
    /// # Errors
    /// If memory is short.
    pub fn linspace(start: f64, stop: f64, n: usize) -> Result<Array> {
        let step = if n > 1 {
            (stop - start) / (n - 1) as f64
        } else {
            0.0
        };
        let mut items: Vec<f64> = (0..n).map(|i| start + i as f64 * step).collect();
        if n > 1 {
            items[n - 1] = stop;
        }
        Array::from_slice(&items)
    }

    /// The whole numbers below `n` as int64.
    ///
    /// # Errors
    /// If memory is short.
    pub fn arange(n: usize) -> Result<Array> {
        let items: Vec<i64> = (0..n as i64).collect();
        Array::from_slice(&items)
    }

    fn allocate(shape: &[usize], dtype: &DType, zeroed: bool) -> Result<Array> {
        if dtype.has_objects() {
            return Err(Error::Type("object arrays belong to Python".into()));
        }
        let layout = Layout::contiguous(shape, dtype.size, false)?;
        let bytes = Layout::check_size(shape, dtype.size)?;
        let buffer = Arc::new(Buffer::new(bytes, zeroed)?);
        Ok(Array {
            buffer,
            offset: 0,
            dtype: dtype.clone(),
            layout,
        })
    }

    /// Length of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.layout.shape
    }

    /// Byte stride of each axis.
    pub fn strides(&self) -> &[isize] {
        &self.layout.strides
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.layout.ndim()
    }

    /// Number of items.
    pub fn size(&self) -> usize {
        self.layout.size()
    }

    /// The dtype.
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// The raw view that the engine's algorithms take.
    pub fn view(&self) -> RawView<'_> {
        RawView {
            ptr: self.buffer.ptr().wrapping_offset(self.offset),
            dtype: &self.dtype,
            shape: &self.layout.shape,
            strides: &self.layout.strides,
        }
    }

    /// The same memory under another layout; the caller has checked that it stays inside.
    pub(crate) fn with_layout(&self, offset: isize, layout: Layout) -> Array {
        Array {
            buffer: self.buffer.clone(),
            offset: self.offset + offset,
            dtype: self.dtype.clone(),
            layout,
        }
    }

    /// The same items in another shape; a view where strides allow, else a copy.
    ///
    /// # Errors
    /// [`Error::Value`] if the number of items differs.
    pub fn reshape(&self, shape: &[usize]) -> Result<Array> {
        let size: usize = shape.iter().product();
        if size != self.size() {
            return Err(Error::Value(format!(
                "cannot reshape array of size {} into shape {}",
                self.size(),
                numoxide_dtype::shape_text(shape)
            )));
        }
        let source = if self.view().is_c_contiguous() {
            self.clone()
        } else {
            self.copy()?
        };
        let layout = Layout::contiguous(shape, self.dtype.size, false)?;
        Ok(source.with_layout(0, layout))
    }

    /// The axes in reverse order; a view.
    pub fn t(&self) -> Array {
        let mut layout = self.layout.clone();
        layout.shape.reverse();
        layout.strides.reverse();
        self.with_layout(0, layout)
    }

    /// Stretched to `shape`; a view with stride 0 on stretched axes.
    ///
    /// # Errors
    /// [`Error::Broadcast`] if the shapes do not fit.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Array> {
        let strides = broadcast_strides(self.shape(), self.strides(), shape)
            .ok_or_else(|| Error::Broadcast(vec![self.shape().to_vec(), shape.to_vec()]))?;
        let layout = Layout {
            shape: shape.iter().copied().collect(),
            strides,
        };
        Ok(self.with_layout(0, layout))
    }

    /// A contiguous copy.
    ///
    /// # Errors
    /// If memory is short.
    pub fn copy(&self) -> Result<Array> {
        let out = Array::empty(self.shape(), &self.dtype)?;
        assign::assign(&out.view(), &self.view())?;
        Ok(out)
    }

    /// The items cast to another dtype, always a copy.
    ///
    /// # Errors
    /// What the cast reports.
    pub fn astype(&self, dtype: &DType) -> Result<Array> {
        let out = Array::empty(self.shape(), dtype)?;
        assign::assign(&out.view(), &self.view())?;
        Ok(out)
    }

    /// Sets all items to those of `source`, stretched and cast; memory that is shared is copied first.
    ///
    /// # Errors
    /// If the shapes do not fit.
    pub fn assign(&mut self, source: &Array) -> Result<()> {
        if Arc::get_mut(&mut self.buffer).is_none() {
            *self = self.copy()?;
        }
        assign::assign(&self.view(), &source.view()).map(|_| ())
    }

    /// The items in C order, cast to `T`.
    ///
    /// # Errors
    /// What the cast reports.
    pub fn to_vec<T: Element + Default>(&self) -> Result<Vec<T>> {
        collect(&self.view())
    }

    /// The one item of an array of size 1.
    ///
    /// # Errors
    /// [`Error::Value`] if there is not exactly one.
    pub fn item<T: Element + Default>(&self) -> Result<T> {
        match self.to_vec::<T>()?.as_slice() {
            [one] => Ok(*one),
            _ => Err(Error::Value(
                "can only convert an array of size 1 to a Python scalar".into(),
            )),
        }
    }
}
