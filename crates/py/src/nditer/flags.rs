//! Flags of iterators, numbered as in the C interface, and their names.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

/// Flags of the whole iterator.
pub(crate) mod global {
    pub(crate) const C_INDEX: u32 = 0x1;
    pub(crate) const F_INDEX: u32 = 0x2;
    pub(crate) const MULTI_INDEX: u32 = 0x4;
    pub(crate) const EXTERNAL_LOOP: u32 = 0x8;
    pub(crate) const COMMON_DTYPE: u32 = 0x10;
    pub(crate) const REFS_OK: u32 = 0x20;
    pub(crate) const ZEROSIZE_OK: u32 = 0x40;
    pub(crate) const REDUCE_OK: u32 = 0x80;
    pub(crate) const RANGED: u32 = 0x100;
    pub(crate) const BUFFERED: u32 = 0x200;
    pub(crate) const GROWINNER: u32 = 0x400;
    pub(crate) const DELAY_BUFALLOC: u32 = 0x800;
    pub(crate) const DONT_NEGATE_STRIDES: u32 = 0x1000;
    pub(crate) const COPY_IF_OVERLAP: u32 = 0x2000;
}

/// Flags of one operand.
pub(crate) mod op {
    pub(crate) const READWRITE: u32 = 0x1_0000;
    pub(crate) const READONLY: u32 = 0x2_0000;
    pub(crate) const WRITEONLY: u32 = 0x4_0000;
    pub(crate) const NBO: u32 = 0x8_0000;
    pub(crate) const ALIGNED: u32 = 0x10_0000;
    pub(crate) const CONTIG: u32 = 0x20_0000;
    pub(crate) const COPY: u32 = 0x40_0000;
    pub(crate) const UPDATEIFCOPY: u32 = 0x80_0000;
    pub(crate) const ALLOCATE: u32 = 0x100_0000;
    pub(crate) const NO_SUBTYPE: u32 = 0x200_0000;
    pub(crate) const VIRTUAL: u32 = 0x400_0000;
    pub(crate) const NO_BROADCAST: u32 = 0x800_0000;
    pub(crate) const WRITEMASKED: u32 = 0x1000_0000;
    pub(crate) const ARRAYMASK: u32 = 0x2000_0000;
    pub(crate) const ELEMENTWISE: u32 = 0x4000_0000;
}

static GLOBAL: &[(&str, u32)] = &[
    ("buffered", global::BUFFERED),
    ("c_index", global::C_INDEX),
    ("common_dtype", global::COMMON_DTYPE),
    ("copy_if_overlap", global::COPY_IF_OVERLAP),
    ("delay_bufalloc", global::DELAY_BUFALLOC),
    ("external_loop", global::EXTERNAL_LOOP),
    ("f_index", global::F_INDEX),
    ("grow_inner", global::GROWINNER),
    ("growinner", global::GROWINNER),
    ("multi_index", global::MULTI_INDEX),
    ("ranged", global::RANGED),
    ("reduce_ok", global::REDUCE_OK),
    ("refs_ok", global::REFS_OK),
    ("zerosize_ok", global::ZEROSIZE_OK),
];

static PER_OP: &[(&str, u32)] = &[
    ("aligned", op::ALIGNED),
    ("allocate", op::ALLOCATE),
    ("arraymask", op::ARRAYMASK),
    ("contig", op::CONTIG),
    ("copy", op::COPY),
    ("nbo", op::NBO),
    ("no_broadcast", op::NO_BROADCAST),
    ("no_subtype", op::NO_SUBTYPE),
    ("overlap_assume_elementwise", op::ELEMENTWISE),
    ("readonly", op::READONLY),
    ("readwrite", op::READWRITE),
    ("updateifcopy", op::UPDATEIFCOPY),
    ("virtual", op::VIRTUAL),
    ("writeonly", op::WRITEONLY),
    ("writemasked", op::WRITEMASKED),
];

/// Whether an operand's items are read.
pub(crate) fn reads(flags: u32) -> bool {
    flags & (op::READWRITE | op::READONLY) != 0
}

/// Whether an operand's items are written.
pub(crate) fn writes(flags: u32) -> bool {
    flags & (op::READWRITE | op::WRITEONLY) != 0
}

/// The items of a list or tuple; strings do not count as one.
fn sequence<'py>(ob: &Bound<'py, PyAny>) -> Option<Vec<Bound<'py, PyAny>>> {
    if let Ok(list) = ob.cast::<PyList>() {
        return Some(list.iter().collect());
    }
    ob.cast::<PyTuple>().ok().map(|t| t.iter().collect())
}

fn lookup(name: &Bound<'_, PyAny>, table: &[(&str, u32)], what: &str) -> PyResult<u32> {
    let text = if let Ok(s) = name.cast::<PyString>() {
        s.to_string()
    } else if let Ok(b) = name.cast::<PyBytes>() {
        String::from_utf8_lossy(b.as_bytes()).into_owned()
    } else {
        let kind = name.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "expected bytes, {kind} found"
        )));
    };
    match table.iter().find(|(n, _)| *n == text) {
        Some((_, bit)) => Ok(*bit),
        None => Err(PyValueError::new_err(format!(
            "Unexpected {what} flag \"{text}\""
        ))),
    }
}

/// `flags=`.
pub(super) fn parse_global(ob: Option<&Bound<'_, PyAny>>) -> PyResult<u32> {
    let Some(ob) = ob.filter(|o| !o.is_none()) else {
        return Ok(0);
    };
    let Some(names) = sequence(ob) else {
        let text = "Iterator global flags must be a list or tuple of strings";
        return Err(PyValueError::new_err(text));
    };
    names.iter().try_fold(0, |bits, name| {
        Ok(bits | lookup(name, GLOBAL, "iterator global")?)
    })
}

fn bad_op_flags() -> PyErr {
    PyValueError::new_err("op_flags must be a tuple or array of per-op flag-tuples")
}

fn parse_op(names: &[Bound<'_, PyAny>]) -> PyResult<u32> {
    names.iter().try_fold(0, |bits, name| {
        if !name.is_instance_of::<PyString>() && !name.is_instance_of::<PyBytes>() {
            return Err(bad_op_flags());
        }
        Ok(bits | lookup(name, PER_OP, "per-op iterator")?)
    })
}

/// `op_flags=`: one list an operand, or one list for all; by default operands are read, and absent
/// ones allocated.
pub(super) fn parse_ops(
    ob: Option<&Bound<'_, PyAny>>,
    ops: &[Option<Bound<'_, PyAny>>],
) -> PyResult<Vec<u32>> {
    let Some(ob) = ob.filter(|o| !o.is_none()) else {
        let default = |op: &Option<_>| match op {
            Some(_) => op::READONLY,
            None => op::WRITEONLY | op::ALLOCATE,
        };
        return Ok(ops.iter().map(default).collect());
    };
    let given = sequence(ob).ok_or_else(bad_op_flags)?;
    let named =
        |o: &Bound<'_, PyAny>| o.is_instance_of::<PyString>() || o.is_instance_of::<PyBytes>();
    if !given.is_empty() && given.iter().all(named) {
        return Ok(vec![parse_op(&given)?; ops.len()]);
    }
    if given.len() != ops.len() {
        return Err(bad_op_flags());
    }
    given
        .iter()
        .map(|one| parse_op(&sequence(one).ok_or_else(bad_op_flags)?))
        .collect()
}

/// The combinations that make no sense.
pub(super) fn check(flags: u32, ops: &[u32], present: &[bool]) -> PyResult<()> {
    let fail = |text: &str| Err(PyValueError::new_err(text.to_owned()));
    let has = |bits: u32| flags & bits != 0;
    if has(global::C_INDEX) && has(global::F_INDEX) {
        return fail("Iterator flags C_INDEX and F_INDEX cannot both be specified");
    }
    if has(global::EXTERNAL_LOOP) {
        if has(global::C_INDEX | global::F_INDEX | global::MULTI_INDEX) {
            return fail(
                "Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being \
                 tracked",
            );
        }
        if has(global::RANGED) && !has(global::BUFFERED) {
            return fail(
                "Iterator flag RANGED cannot be used with the flag EXTERNAL_LOOP unless BUFFERED \
                 is also enabled",
            );
        }
    }
    for (&bits, &present) in ops.iter().zip(present) {
        check_op(flags, bits, present)?;
    }
    let count = |bit: u32| ops.iter().filter(|f| *f & bit != 0).count();
    match (count(op::ARRAYMASK), count(op::WRITEMASKED)) {
        (2.., _) => fail("Only one iterator operand may receive an ARRAYMASK flag"),
        (0, 1..) => fail(
            "An iterator operand was flagged as WRITEMASKED, but no ARRAYMASK operand was given to \
             supply the mask",
        ),
        (1, 0) => fail(
            "An iterator operand was flagged as the ARRAYMASK, but no WRITEMASKED operands were \
             given to use the mask",
        ),
        _ => Ok(()),
    }
}

fn check_op(flags: u32, bits: u32, present: bool) -> PyResult<()> {
    let fail = |text: &str| Err(PyValueError::new_err(text.to_owned()));
    let ways = [op::READWRITE, op::READONLY, op::WRITEONLY];
    match ways.iter().filter(|w| bits & **w != 0).count() {
        0 => {
            return fail(
                "None of the iterator flags READWRITE, READONLY, or WRITEONLY were specified for \
                 an operand",
            )
        }
        1 => {}
        _ => {
            return fail(
                "Only one of the iterator flags READWRITE, READONLY, and WRITEONLY may be \
                 specified for an operand",
            )
        }
    }
    if bits & op::COPY != 0 && writes(bits) {
        return fail(
            "If an iterator operand is writeable, must use the flag UPDATEIFCOPY instead of COPY",
        );
    }
    if bits & op::WRITEMASKED != 0 {
        if !writes(bits) {
            return fail(
                "The iterator flag WRITEMASKED may only be used with READWRITE or WRITEONLY",
            );
        }
        if bits & op::ARRAYMASK != 0 {
            return fail("The iterator flag WRITEMASKED may not be used together with ARRAYMASK");
        }
    }
    if present && bits & op::VIRTUAL != 0 {
        return fail("Iterator operand flag VIRTUAL was specified, but the operand was not NULL");
    }
    if present {
        return Ok(());
    }
    if bits & (op::ALLOCATE | op::VIRTUAL) == 0 {
        return fail(
            "Iterator operand was NULL, but neither the ALLOCATE nor the VIRTUAL flag was specified",
        );
    }
    check_allocated(flags, bits)
}

fn check_allocated(flags: u32, bits: u32) -> PyResult<()> {
    if bits & op::ALLOCATE == 0 {
        return Ok(());
    }
    let text = if !writes(bits) {
        "Automatic allocation was requested for an iterator operand, but it wasn't flagged for \
         writing"
    } else if reads(bits) && flags & global::BUFFERED != 0 && flags & global::DELAY_BUFALLOC == 0 {
        "Automatic allocation was requested for an iterator operand, and it was flagged as \
         readable, but buffering  without delayed allocation was enabled"
    } else {
        return Ok(());
    };
    Err(PyValueError::new_err(text))
}
