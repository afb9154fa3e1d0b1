//! Arrays whose item type is known when compiling.

use crate::Array;
use numoxide_core::{DType, Error, Result};
use numoxide_dtype::Element;
use std::marker::PhantomData;
use std::ops::Deref;

/// An [`Array`] of items of type `T`; everything an `Array` can do, plus typed items.
#[derive(Clone, Debug)]
pub struct ArrayD<T> {
    array: Array,
    item: PhantomData<T>,
}

impl<T: Element + Default> ArrayD<T> {
    /// A 1-d copy of a slice.
    ///
    /// # Errors
    /// If memory is short.
    pub fn from_slice(items: &[T]) -> Result<ArrayD<T>> {
        Ok(ArrayD {
            array: Array::from_slice(items)?,
            item: PhantomData,
        })
    }

    /// The items in C order.
    ///
    /// # Errors
    /// If memory is short.
    pub fn items(&self) -> Result<Vec<T>> {
        self.array.to_vec()
    }

    /// The array without its static type.
    pub fn into_dyn(self) -> Array {
        self.array
    }
}

impl<T: Element> TryFrom<Array> for ArrayD<T> {
    type Error = Error;

    /// Fails with [`Error::Type`] if the array has another dtype.
    fn try_from(array: Array) -> Result<ArrayD<T>> {
        let want = DType::new(T::NUM);
        if *array.dtype() == want {
            Ok(ArrayD {
                array,
                item: PhantomData,
            })
        } else {
            Err(Error::Type(format!(
                "expected {want}, found {}",
                array.dtype()
            )))
        }
    }
}

impl<T> Deref for ArrayD<T> {
    type Target = Array;

    fn deref(&self) -> &Array {
        &self.array
    }
}
