//! `numpy.ufunc`: the Python objects over the op table, their calls and methods.

mod at;
mod call;
mod core_dims;
mod correlate;
mod direct;
mod doc;
pub(crate) mod errors;
mod fold;
pub(crate) mod foreign;
mod keywords;
mod loops;
mod lowlevel;
mod matrix;
pub(crate) mod numbers;
mod object;
mod object_products;
mod operand;
mod overrides;
mod products;
mod pyfunc;
mod ranges;
mod reduce;
mod reduce_shapes;
mod reduce_types;
pub(crate) mod slots;
pub(crate) mod stats;
mod structured;
mod unicode;
mod wrap;

pub(crate) use object::UFUNC;

use numoxide_ufunc::table::{ops, Op};
use pyo3::prelude::*;

/// Readies the type and adds a ufunc object for each row of the op table.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    crate::errstate::init(m)?;
    object::init_type(py)?;
    loops::register();
    unicode::register();
    pyfunc::register(m)?;
    // SAFETY: the static type, ready.
    m.add("ufunc", unsafe {
        Bound::from_borrowed_ptr(py, UFUNC.as_object())
    })?;
    let mut objects = Vec::with_capacity(ops().len());
    for op in ops() {
        let ufunc = object::new(py, op)?;
        if !op.name.starts_with('_') && op.name != "clip" {
            object::name_publicly(py, &ufunc, op)?;
        }
        for name in std::iter::once(&op.name).chain(op.aliases) {
            m.add(*name, &ufunc)?;
        }
        objects.push(ufunc.unbind());
    }
    numbers::set_objects(py, objects);
    let inf = f64::INFINITY;
    for (name, value) in [
        ("PINF", inf),
        ("NINF", -inf),
        ("NAN", f64::NAN),
        ("PZERO", 0.0),
        ("NZERO", -0.0),
    ] {
        m.add(name, value)?;
    }
    m.add("pi", std::f64::consts::PI)?;
    m.add("e", std::f64::consts::E)?;
    m.add("euler_gamma", 0.577_215_664_901_532_9)?;
    submodule(m, "_umath_linalg", numoxide_linalg::ops())?.add("_ilp64", true)?;
    submodule(m, "_pocketfft_umath", numoxide_fft::ops())?;
    products::init(m)
}

/// A submodule with generalised ufuncs.
fn submodule<'py>(
    m: &Bound<'py, PyModule>,
    name: &str,
    ops: &'static [Op],
) -> PyResult<Bound<'py, PyModule>> {
    let sub = PyModule::new(m.py(), name)?;
    for op in ops {
        sub.add(op.name, object::new(m.py(), op)?)?;
    }
    m.add(name, &sub)?;
    Ok(sub)
}
