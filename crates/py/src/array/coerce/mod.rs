//! From any object to an array.

mod fast;

use super::ArrayRef;
use crate::args::Arg;
use crate::convert::CopyMode;
use crate::layout::Descr;
use numoxide_core::Order;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// What `array` and its kin ask for.
pub(crate) struct Request {
    /// Dtype, if given (borrowed).
    pub(crate) descr: Option<*mut Descr>,
    /// When to copy.
    pub(crate) copy: CopyMode,
    /// Memory order.
    pub(crate) order: Order,
    /// Subclasses pass through.
    pub(crate) subok: bool,
    /// Fewest axes of the result.
    pub(crate) ndmin: usize,
    /// Most axes looked for.
    pub(crate) ndmax: usize,
}

impl Request {
    /// `asarray(obj)`.
    pub(crate) fn asarray() -> Request {
        Request {
            descr: None,
            copy: CopyMode::IfNeeded,
            order: Order::Keep,
            subok: false,
            ndmin: 0,
            ndmax: numoxide_core::MAX_DIMS,
        }
    }
}

/// `asarray(ob)`: the object itself if it is an exact array, else a new one.
pub(crate) fn asarray<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob).filter(|a| a.is_exact()) {
        return Ok(a.as_bound());
    }
    from_object(ob, &Request::asarray())
}

/// `asanyarray(ob)`: arrays and their subclasses as they are.
pub(crate) fn as_any<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob) {
        return Ok(a.as_bound());
    }
    let request = Request {
        subok: true,
        ..Request::asarray()
    };
    from_object(ob, &request)
}

/// The array for an object.
pub(crate) fn from_object<'py>(ob: Arg<'_, 'py>, req: &Request) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    if req.ndmin <= 1 {
        if let Some(out) = fast::array(py, ob.as_ptr(), req.descr, req.order == Order::F)? {
            return Ok(out);
        }
    }
    Err(PyTypeError::new_err("not yet"))
}
