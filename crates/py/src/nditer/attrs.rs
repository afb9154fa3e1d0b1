//! The attributes of the Python type.

use super::object::{value, ItRef, Out};
use super::state::still_delayed;
use crate::args::Arg;
use crate::convert;
use crate::getset;
use pyo3::exceptions::{PyAttributeError, PySystemError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

fn int<'py>(py: Python<'py>, n: usize) -> Out<'py> {
    Ok(n.into_pyobject(py)?.into_any())
}

fn truth<'py>(py: Python<'py>, b: bool) -> Out<'py> {
    Ok(b.into_pyobject(py)?.to_owned().into_any())
}

fn shape<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.current()?;
    Ok(PyTuple::new(py, it.walk.shape())?.into_any())
}

fn multi_index<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.current()?;
    if it.walk.has_multi_index() && it.delayed {
        return Err(still_delayed());
    }
    it.sync();
    match it.walk.multi_index() {
        Some(index) => Ok(PyTuple::new(py, index)?.into_any()),
        None => Err(PyValueError::new_err(
            "Iterator is not tracking a multi-index",
        )),
    }
}

fn undeletable<'a, 'py>(value: Option<Arg<'a, 'py>>, name: &str) -> PyResult<Arg<'a, 'py>> {
    value.ok_or_else(|| PyAttributeError::new_err(format!("Cannot delete nditer {name}")))
}

fn set_multi_index(_: Python<'_>, slf: ItRef<'_, '_>, value: Option<Arg<'_, '_>>) -> PyResult<()> {
    let value = undeletable(value, "multi_index")?;
    let it = slf.valid()?;
    if !it.walk.has_multi_index() {
        return Err(PyValueError::new_err(
            "Iterator is not tracking a multi-index",
        ));
    }
    // SAFETY: a live object.
    if unsafe { ffi::PySequence_Check(value.as_ptr()) } == 0 {
        return Err(PyValueError::new_err(
            "multi_index must be set with a sequence",
        ));
    }
    let n = value.len()?;
    if n != it.walk.ndim() {
        return Err(PyValueError::new_err("Wrong number of indices"));
    }
    let part = |k: usize| convert::as_index(value.get_item(k)?.as_borrowed());
    let index: Vec<isize> = (0..n).map(part).collect::<PyResult<_>>()?;
    it.goto_multi_index(&index)?;
    slf.set(false, false);
    slf.move_children()
}

fn index<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.current()?;
    it.sync();
    match it.walk.index() {
        Some(i) => int(py, i),
        None => Err(PyValueError::new_err("Iterator does not have an index")),
    }
}

fn set_index(_: Python<'_>, slf: ItRef<'_, '_>, value: Option<Arg<'_, '_>>) -> PyResult<()> {
    let value = undeletable(value, "index")?;
    let it = slf.valid()?;
    if !it.walk.has_index() {
        return Err(PyValueError::new_err("Iterator does not have an index"));
    }
    it.goto_index(convert::as_index(value)?)?;
    slf.set(false, false);
    slf.move_children()
}

fn iterindex<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    int(py, slf.current()?.iterindex())
}

fn set_iterindex(py: Python<'_>, slf: ItRef<'_, '_>, value: Option<Arg<'_, '_>>) -> PyResult<()> {
    let value = undeletable(value, "iterindex")?;
    let it = slf.valid()?;
    slf.or_end(it.goto(py, convert::as_index(value)?))?;
    slf.set(false, false);
    slf.move_children()
}

fn iterrange<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let range = slf.valid()?.walk.range();
    Ok(PyTuple::new(py, [range.start, range.end])?.into_any())
}

fn set_iterrange(py: Python<'_>, slf: ItRef<'_, '_>, value: Option<Arg<'_, '_>>) -> PyResult<()> {
    let value = undeletable(value, "iterrange")?;
    let it = slf.valid()?;
    let Ok(pair) = value.cast::<PyTuple>() else {
        let text = "new style getargs format but argument is not a tuple";
        return Err(PySystemError::new_err(text));
    };
    if pair.len() != 2 {
        let n = pair.len();
        let text = format!("function takes exactly 2 arguments ({n} given)");
        return Err(PyTypeError::new_err(text));
    }
    let part = |k: usize| convert::as_index(pair.get_item(k)?.as_borrowed());
    slf.or_end(it.set_range(py, part(0)?, part(1)?))?;
    slf.set(false, it.walk.finished());
    slf.move_children()
}

fn operands<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.valid()?;
    Ok(PyTuple::new(py, it.operands.iter().map(|o| o.bind(py)))?.into_any())
}

fn itviews<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.valid()?;
    if it.buffers.is_some() {
        let text = "cannot provide an iterator view when buffering is enabled";
        return Err(PyValueError::new_err(text));
    }
    let views: Vec<_> = (0..it.nop())
        .map(|i| it.whole_view(py, i))
        .collect::<PyResult<_>>()?;
    Ok(PyTuple::new(py, views)?.into_any())
}

fn dtypes<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.valid()?;
    Ok(PyTuple::new(py, it.dtypes.iter().map(|d| d.bind(py)))?.into_any())
}

/// The table of attributes.
pub(super) fn attribute_table() -> Vec<ffi::PyGetSetDef> {
    getset! {
        ItRef;
        c"value", value;
        c"shape", shape;
        c"multi_index", multi_index, set_multi_index;
        c"index", index, set_index;
        c"iterindex", iterindex, set_iterindex;
        c"iterrange", iterrange, set_iterrange;
        c"operands", operands;
        c"itviews", itviews;
        c"has_delayed_bufalloc", |py, s: ItRef<'_, '_>| truth(py, s.valid()?.delayed);
        c"iterationneedsapi", |py, s: ItRef<'_, '_>| truth(py, s.valid()?.needs_api);
        c"has_multi_index", |py, s: ItRef<'_, '_>| truth(py, s.valid()?.walk.has_multi_index());
        c"has_index", |py, s: ItRef<'_, '_>| truth(py, s.valid()?.walk.has_index());
        c"dtypes", dtypes;
        c"ndim", |py, s: ItRef<'_, '_>| int(py, s.valid()?.walk.ndim());
        c"nop", |py, s: ItRef<'_, '_>| int(py, s.valid()?.nop());
        c"itersize", |py, s: ItRef<'_, '_>| int(py, s.valid()?.walk.size());
        c"finished", |py, s: ItRef<'_, '_>| truth(py, s.finished());
    }
}
