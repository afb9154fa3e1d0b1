//! Rows of bits for `packbits` and `unpackbits`, whose axes and checks are Python.

use crate::args::{CallArgs, Sig};
use crate::array::{self, ArrayRef};
use crate::descr;
use crate::slots::Module;
use numoxide_core::TypeNum;
use numoxide_kernels::select::bits;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// A C-contiguous 2-d array of one-byte items.
fn rows<'a, 'py>(ob: crate::args::Arg<'a, 'py>) -> PyResult<ArrayRef<'a, 'py>> {
    ArrayRef::from_any(ob)
        .filter(|a| a.ndim() == 2 && a.is_c() && a.itemsize() == 1)
        .ok_or_else(|| PyValueError::new_err("a contiguous array of rows of bytes is required"))
}

fn pack<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("_packrows", &["rows", "little"], 2);
    let [Some(from), Some(little)] = args.parse(&SIG)? else {
        return Err(PyTypeError::new_err("two arguments are required"));
    };
    let (from, little) = (rows(from)?, little.is_truthy()?);
    let (count, n) = (from.shape()[0], from.shape()[1]);
    let out = array::empty(
        py,
        &[count, n.div_ceil(8)],
        descr::singleton(TypeNum::UByte),
        false,
    )?;
    let to = ArrayRef::of(&out).data();
    for i in 0..count {
        // SAFETY: row i of both contiguous arrays.
        unsafe { bits::pack(from.data().add(i * n), n, to.add(i * n.div_ceil(8)), little) };
    }
    Ok(out)
}

fn unpack<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("_unpackrows", &["rows", "count", "little"], 3);
    let [Some(from), Some(n), Some(little)] = args.parse(&SIG)? else {
        return Err(PyTypeError::new_err("three arguments are required"));
    };
    let (from, n, little) = (rows(from)?, n.extract::<usize>()?, little.is_truthy()?);
    let (count, bytes) = (from.shape()[0], from.shape()[1]);
    let out = array::empty(py, &[count, n], descr::singleton(TypeNum::UByte), false)?;
    let to = ArrayRef::of(&out).data();
    for i in 0..count {
        // SAFETY: row i of both contiguous arrays.
        unsafe { bits::unpack(from.data().add(i * bytes), bytes, to.add(i * n), n, little) };
    }
    Ok(out)
}

/// Module functions.
pub(super) fn functions() -> Vec<ffi::PyMethodDef> {
    crate::methods![Module;
        c"_packrows", pack, 0, c"Bits of each row packed into bytes.";
        c"_unpackrows", unpack, 0, c"Bytes of each row unpacked into bits.";
    ]
}
