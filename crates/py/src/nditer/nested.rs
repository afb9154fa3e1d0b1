//! `nested_iters`: iterators over different axes, each standing on the item of the one outside it.

use super::build::{build, Request};
use super::flags::{global, op};
use super::object::{common, list_items, of, wrap};
use crate::args::{CallArgs, Sig};
use crate::convert;
use crate::slots::{add_functions, Module};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

static SIG: Sig = Sig::new(
    "nested_iters",
    &[
        "op",
        "axes",
        "flags",
        "op_flags",
        "op_dtypes",
        "order",
        "casting",
        "buffersize",
    ],
    0,
);

/// Adds the function.
pub(super) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions(
        m,
        crate::methods! {
            Module;
            c"nested_iters", nested_iters, 0,
                c"nested_iters(op, axes, flags=None, op_flags=None, op_dtypes=None, order='K', \
                casting='safe', buffersize=0)\n--\n\n\
                Iterators over different axes, to be used in nested loops.";
        },
    )
}

/// The axes of each level.
fn read_axes(ob: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<isize>>> {
    let wrong = |text: &str| PyValueError::new_err(text.to_owned());
    let levels = list_items(ob).ok_or_else(|| wrong("axes must be a tuple of axis arrays"))?;
    if levels.len() < 2 {
        return Err(wrong(
            "axes must have at least 2 entries for nested iteration",
        ));
    }
    let mut used = Vec::new();
    let mut out = Vec::new();
    for level in &levels {
        let items =
            list_items(level).ok_or_else(|| wrong("Each item in axes must be an integer tuple"))?;
        let mut axes = Vec::new();
        for item in &items {
            let axis = convert::as_index(item.as_borrowed())?;
            if !(0..numoxide_core::MAX_DIMS as isize).contains(&axis) {
                return Err(wrong("An axis is out of bounds"));
            }
            if used.contains(&axis) {
                return Err(wrong("An axis is used more than once"));
            }
            used.push(axis);
            axes.push(axis);
        }
        out.push(axes);
    }
    Ok(out)
}

fn nested_iters<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some((name, _)) = args.keywords().find(|(n, _)| !SIG.params.contains(n)) {
        return Err(PyTypeError::new_err(format!(
            "'{name}' is an invalid keyword argument for this function"
        )));
    }
    let [op, axes, flags, op_flags, dtypes, order, casting, size] = args.parse(&SIG)?;
    let missing = |name: &str, at: usize| {
        PyTypeError::new_err(format!(
            "function missing required argument '{name}' (pos {at})"
        ))
    };
    if op.is_none() {
        return Err(missing("op", 1));
    }
    let axes = axes.ok_or_else(|| missing("axes", 2))?;
    let axes = read_axes(&axes.to_owned())?;
    let request = common(py, [op, flags, op_flags, dtypes, order, casting, size])?;
    let iters = levels(py, request, &axes)?;
    for pair in iters.windows(2) {
        of(&pair[0]).set_child(pair[1].clone());
    }
    of(&iters[0]).move_children()?;
    Ok(PyTuple::new(py, iters)?.into_any())
}

/// Builds one iterator a level. Casts go into the buffers of the innermost, or into copies that the
/// outermost makes and the others share.
fn levels<'py>(
    py: Python<'py>,
    request: Request<'py>,
    axes: &[Vec<isize>],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    const BUFFERS: u32 = global::BUFFERED | global::GROWINNER | global::DELAY_BUFALLOC;
    let nop = request.ops.len();
    let buffered = request.flags & global::BUFFERED != 0;
    let (mut ops, mut op_flags) = (request.ops, request.op_flags);
    let mut iters = Vec::new();
    for (k, level) in axes.iter().enumerate() {
        let (first, last) = (k == 0, k + 1 == axes.len());
        let mut flags = request.flags;
        if !last {
            flags &= !(BUFFERS | global::EXTERNAL_LOOP | global::RANGED);
        }
        if !first {
            flags &= !global::COPY_IF_OVERLAP;
            if !buffered {
                flags &= !global::COMMON_DTYPE;
            }
        }
        let cast_here = if buffered { last } else { first };
        let it = build(
            py,
            Request {
                ops,
                flags,
                op_flags: op_flags.clone(),
                dtypes: (0..nop)
                    .map(|i| request.dtypes[i].as_ref().filter(|_| cast_here))
                    .map(|d| d.map(|d| d.clone_ref(py)))
                    .collect(),
                order: request.order,
                casting: request.casting,
                op_axes: Some(vec![Some(level.clone()); nop]),
                itershape: None,
                buffersize: request.buffersize,
            },
        )?;
        ops = it
            .operands
            .iter()
            .map(|o| Some(o.bind(py).clone()))
            .collect();
        for bits in &mut op_flags {
            *bits &= !(op::COPY | op::UPDATEIFCOPY | op::ALLOCATE | op::VIRTUAL);
        }
        iters.push(wrap(py, it)?);
    }
    Ok(iters)
}
