//! Reductions.

use crate::ops::find;
use crate::Array;
use numoxide_core::iter::sort_axes;
use numoxide_core::{DType, Error, Layout, RawView, Result, TypeNum};
use numoxide_ufunc::exec;
use numoxide_ufunc::resolve::{reduction_kind, resolve, Arg};

/// Where a reduction starts.
enum Start {
    Zero,
    One,
    First,
}

impl Array {
    /// Sum of all items, a 0-d array; integers are summed as int64.
    ///
    /// # Errors
    /// If the dtype has no sum.
    pub fn sum(&self) -> Result<Array> {
        self.reduce("add", None, Start::Zero)
    }

    /// Sums along one axis.
    ///
    /// # Errors
    /// [`Error::Axis`] for an axis outside the array.
    pub fn sum_axis(&self, axis: usize) -> Result<Array> {
        self.reduce("add", Some(axis), Start::Zero)
    }

    /// Product of all items.
    ///
    /// # Errors
    /// If the dtype has no product.
    pub fn prod(&self) -> Result<Array> {
        self.reduce("multiply", None, Start::One)
    }

    /// Largest item.
    ///
    /// # Errors
    /// [`Error::Value`] if the array is empty.
    pub fn max(&self) -> Result<Array> {
        self.reduce("maximum", None, Start::First)
    }

    /// Smallest item.
    ///
    /// # Errors
    /// [`Error::Value`] if the array is empty.
    pub fn min(&self) -> Result<Array> {
        self.reduce("minimum", None, Start::First)
    }

    /// Arithmetic mean of all items as float64 (or the array's own float dtype).
    ///
    /// # Errors
    /// If the dtype has no sum.
    pub fn mean(&self) -> Result<Array> {
        let total = if self.dtype().num.is_integer() || self.dtype().num == TypeNum::Bool {
            self.astype(&DType::new(TypeNum::Double))?.sum()?
        } else {
            self.sum()?
        };
        Ok(&total / self.size() as f64)
    }

    fn reduce(&self, name: &str, axis: Option<usize>, start: Start) -> Result<Array> {
        let op = find(name)?;
        if let Some(axis) = axis.filter(|&a| a >= self.ndim()) {
            return Err(Error::Axis {
                axis: axis as isize,
                ndim: self.ndim(),
                prefix: None,
            });
        }
        let acc = widened(name, self.dtype());
        let pin = [acc.clone(), None, acc];
        let fixed = if pin[0].is_some() { &pin[..] } else { &[] };
        let args = [Arg::DType(self.dtype()), Arg::DType(self.dtype())];
        let found = resolve(op, &args, fixed)?;
        let over = |i: usize| axis.is_none_or(|a| a == i);
        let kept: Vec<usize> = (0..self.ndim()).filter(|&i| !over(i)).collect();
        let shape: Vec<usize> = kept.iter().map(|&i| self.shape()[i]).collect();
        let mut out = Array::empty(&shape, &found.dtypes[2])?;
        let mut input = self.clone();
        match start {
            Start::Zero => out.assign(&Array::scalar(0i64)?)?,
            Start::One => out.assign(&Array::scalar(1i64)?)?,
            Start::First if self.size() == 0 => {
                return Err(Error::Value(format!(
                    "zero-size array to reduction operation {name} which has no identity"
                )))
            }
            // Extrema may meet their first item twice.
            Start::First => {
                let first: Vec<crate::Slice> = (0..self.ndim())
                    .map(|i| {
                        if over(i) {
                            crate::Slice::Index(0)
                        } else {
                            (..).into()
                        }
                    })
                    .collect();
                out.assign(&self.slice(&first)?)?;
            }
        }
        let mut own = out.strides().iter().copied();
        let strides: Vec<isize> = (0..self.ndim())
            .map(|i| if over(i) { 0 } else { own.next().unwrap_or(0) })
            .collect();
        let view = RawView {
            shape: self.shape(),
            strides: &strides,
            ..out.view()
        };
        let kind = reduction_kind(op, &found.dtypes[2]);
        let lp = found.reduce.as_ref().unwrap_or(&found.lp);
        if input.dtype() != &found.dtypes[1] && input.dtype().swapped {
            input = input.astype(&found.dtypes[1])?;
        }
        exec::reduce(lp, &found.dtypes, &view, &input.view(), None, kind)?;
        Ok(out)
    }

    /// The layout whose axes lie in memory from the longest stride to the shortest.
    pub fn memory_order(&self) -> Layout {
        let perm = sort_axes(self.shape(), std::iter::once(self.strides()));
        Layout {
            shape: perm.iter().map(|&a| self.shape()[a]).collect(),
            strides: perm.iter().map(|&a| self.strides()[a]).collect(),
        }
    }
}

/// Sums and products of small integers are taken in 64 bits.
fn widened(name: &str, dtype: &DType) -> Option<DType> {
    let sums = matches!(name, "add" | "multiply");
    match dtype.num {
        _ if !sums => None,
        n if n.is_signed() || n == TypeNum::Bool => Some(DType::new(TypeNum::Long)),
        n if n.is_unsigned() => Some(DType::new(TypeNum::ULong)),
        _ => None,
    }
}
