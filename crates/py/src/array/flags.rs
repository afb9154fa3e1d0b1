//! `ndarray.flags`: the flags object, and the rules for changing flags.

use super::ArrayRef;
use crate::layout::flags as bits;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::pyclass::CompareOp;
use std::ffi::c_int;

/// The flags of an array, as an object.
#[pyclass(name = "flagsobj", module = "numpy._core.multiarray", frozen)]
pub(crate) struct Flags {
    array: Option<Py<PyAny>>,
    bits: c_int,
}

/// A named flag: keys of `flags[...]`, then the test.
struct Row {
    keys: &'static [&'static str],
    /// The answer says that items may be written.
    asks_write: bool,
    test: fn(c_int) -> bool,
}

fn all(which: c_int) -> impl Fn(c_int) -> bool {
    move |f| f & which == which
}

fn fnc(f: c_int) -> bool {
    f & bits::F_CONTIGUOUS != 0 && f & bits::C_CONTIGUOUS == 0
}

fn forc(f: c_int) -> bool {
    f & (bits::F_CONTIGUOUS | bits::C_CONTIGUOUS) != 0
}

/// NumPy asks for any of the three, whatever the name promises.
fn farray(f: c_int) -> bool {
    f & bits::FARRAY != 0 && f & bits::C_CONTIGUOUS == 0
}

static ROWS: [Row; 11] = [
    Row {
        keys: &["C", "CONTIGUOUS", "C_CONTIGUOUS"],
        asks_write: false,
        test: |f| all(bits::C_CONTIGUOUS)(f),
    },
    Row {
        keys: &["F", "FORTRAN", "F_CONTIGUOUS"],
        asks_write: false,
        test: |f| all(bits::F_CONTIGUOUS)(f),
    },
    Row {
        keys: &["O", "OWNDATA"],
        asks_write: false,
        test: |f| all(bits::OWNDATA)(f),
    },
    Row {
        keys: &["W", "WRITEABLE"],
        asks_write: true,
        test: |f| all(bits::WRITEABLE)(f),
    },
    Row {
        keys: &["A", "ALIGNED"],
        asks_write: false,
        test: |f| all(bits::ALIGNED)(f),
    },
    Row {
        keys: &["X", "WRITEBACKIFCOPY"],
        asks_write: false,
        test: |f| all(bits::WRITEBACKIFCOPY)(f),
    },
    Row {
        keys: &["B", "BEHAVED"],
        asks_write: true,
        test: |f| all(bits::BEHAVED)(f),
    },
    Row {
        keys: &["CA", "CARRAY"],
        asks_write: true,
        test: |f| all(bits::CARRAY)(f),
    },
    Row {
        keys: &["FA", "FARRAY"],
        asks_write: false,
        test: farray,
    },
    Row {
        keys: &["FNC"],
        asks_write: false,
        test: fnc,
    },
    Row {
        keys: &["FORC"],
        asks_write: false,
        test: forc,
    },
];

fn unknown() -> PyErr {
    PyKeyError::new_err("Unknown flag")
}

fn key_text(key: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = key.extract::<String>() {
        return Ok(text);
    }
    let bytes = key.extract::<Vec<u8>>().map_err(|_| unknown())?;
    String::from_utf8(bytes).map_err(|_| unknown())
}

/// What `setflags` and the attributes change.
#[derive(Clone, Copy, Default)]
pub(crate) struct Change {
    pub(crate) write: Option<bool>,
    pub(crate) align: Option<bool>,
    pub(crate) uic: Option<bool>,
}

/// Applies a change, all or nothing as far as NumPy does.
pub(crate) fn change(array: ArrayRef<'_, '_>, change: Change) -> PyResult<()> {
    let old = array.flags();
    match change.align {
        Some(false) => array.set_flag(bits::ALIGNED, false),
        Some(true) if is_aligned(array) => array.set_flag(bits::ALIGNED, true),
        Some(true) => {
            return Err(PyValueError::new_err(
                "cannot set aligned flag of mis-aligned array to True",
            ))
        }
        None => {}
    }
    match change.uic {
        Some(true) => {
            // SAFETY: a valid array.
            unsafe { (*array.raw()).flags = old };
            return Err(PyValueError::new_err(
                "cannot set WRITEBACKIFCOPY flag to True",
            ));
        }
        Some(false) => discard_writeback(array),
        None => {}
    }
    match change.write {
        Some(true) if !may_be_writeable(array) => {
            // SAFETY: a valid array.
            unsafe { (*array.raw()).flags = old };
            Err(PyValueError::new_err(match array.base() {
                Some(_) => "cannot set WRITEABLE flag to True of this array",
                None => {
                    "Cannot make a non-writeable array writeable for arrays with a base that do \
                     not own their data."
                }
            }))
        }
        Some(true) => {
            array.set_flag(bits::WRITEABLE, true);
            array.set_flag(bits::WARN_ON_WRITE, false);
            Ok(())
        }
        Some(false) => {
            array.set_flag(bits::WRITEABLE | bits::WARN_ON_WRITE, false);
            Ok(())
        }
        None => Ok(()),
    }
}

fn is_aligned(array: ArrayRef<'_, '_>) -> bool {
    let old = array.flags();
    // SAFETY: a valid array; only the alignment bit is touched.
    unsafe { super::object::update_flags(array.raw(), bits::ALIGNED) };
    let good = array.has(bits::ALIGNED);
    // SAFETY: a valid array.
    unsafe { (*array.raw()).flags = old };
    good
}

/// Lets go of the base of a write-back array without copying.
fn discard_writeback(array: ArrayRef<'_, '_>) {
    if array.flags() & bits::WRITEBACKIFCOPY == 0 {
        return;
    }
    array.set_flag(bits::WRITEBACKIFCOPY, false);
    if let Some(base) = array.base() {
        ArrayRef::of(&base).set_flag(bits::WRITEABLE, true);
    }
    // SAFETY: the reference moves out of the array and is dropped.
    unsafe {
        let old = std::mem::replace(&mut (*array.raw()).base, std::ptr::null_mut());
        ffi::Py_XDECREF(old);
    }
}

/// Whether the memory behind an array may be written: its own, a writeable base's, or a writeable buffer's.
pub(crate) fn may_be_writeable(array: ArrayRef<'_, '_>) -> bool {
    if array.has(bits::OWNDATA) {
        return true;
    }
    let Some(mut base) = array.base() else {
        // Wrapped by C code: whoever made it knows, and nobody can tell later.
        return array.has(bits::WRITEABLE);
    };
    while let Some(up) = ArrayRef::from_bound(&base) {
        if up.has(bits::WRITEABLE) || up.has(bits::OWNDATA) {
            return up.has(bits::WRITEABLE);
        }
        let next = match up.base() {
            Some(next) => next,
            None => return up.has(bits::WRITEABLE),
        };
        base = next;
    }
    // SAFETY: a valid object; the buffer is released at once.
    unsafe {
        let mut view = std::mem::MaybeUninit::<ffi::Py_buffer>::zeroed();
        let flags = ffi::PyBUF_WRITABLE | ffi::PyBUF_SIMPLE;
        if ffi::PyObject_GetBuffer(base.as_ptr(), view.as_mut_ptr(), flags) < 0 {
            ffi::PyErr_Clear();
            return false;
        }
        ffi::PyBuffer_Release(view.as_mut_ptr());
    }
    true
}

/// The warning of arrays that will become read-only; the flag goes from the whole chain of bases.
#[cold]
pub(crate) fn warn_on_write(array: ArrayRef<'_, '_>) -> PyResult<()> {
    let py = array.py();
    let class = py.get_type::<pyo3::exceptions::PyDeprecationWarning>();
    crate::err::warn(
        py,
        class.as_any(),
        "Numpy has detected that you (may be) writing to an array with\n\
         overlapping memory from np.broadcast_arrays. If this is intentional\n\
         set the WRITEABLE flag True or make a copy immediately before writing.",
    )?;
    array.set_flag(bits::WARN_ON_WRITE, false);
    let mut base = array.base();
    while let Some(ob) = base {
        let Some(up) = ArrayRef::from_bound(&ob) else {
            break;
        };
        if up.flags() & bits::WARN_ON_WRITE == 0 {
            break;
        }
        up.set_flag(bits::WARN_ON_WRITE, false);
        base = up.base();
    }
    Ok(())
}

impl Flags {
    /// The flags object of an array.
    pub(crate) fn of(array: ArrayRef<'_, '_>) -> Flags {
        Flags {
            array: Some(array.as_bound().unbind()),
            bits: array.flags(),
        }
    }

    /// A flags object of no array.
    pub(crate) fn detached(bits: c_int) -> Flags {
        Flags { array: None, bits }
    }

    fn test(&self, py: Python<'_>, key: &str) -> PyResult<bool> {
        let row = ROWS
            .iter()
            .find(|r| r.keys.contains(&key))
            .ok_or_else(unknown)?;
        let f = self.current(py);
        if row.asks_write && f & bits::WARN_ON_WRITE != 0 {
            let class = py.get_type::<pyo3::exceptions::PyFutureWarning>();
            crate::err::warn(
                py,
                class.as_any(),
                "future versions will not create a writeable array from broadcast_array. \
                 Set the writable flag explicitly to avoid this warning.",
            )?;
        }
        Ok((row.test)(f))
    }

    fn current(&self, _: Python<'_>) -> c_int {
        self.bits
    }

    fn set(&self, py: Python<'_>, wanted: Change) -> PyResult<()> {
        match &self.array {
            Some(array) => change(ArrayRef::of(array.bind(py)), wanted),
            None => Err(PyValueError::new_err("Cannot set flags on array scalars.")),
        }
    }
}

#[pymethods]
impl Flags {
    #[new]
    fn new() -> Flags {
        Flags::detached(bits::CARRAY & !bits::WRITEABLE | bits::F_CONTIGUOUS | bits::OWNDATA)
    }

    fn __getitem__(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.test(key.py(), &key_text(key)?)
    }

    fn __setitem__(&self, key: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let on = Some(value.is_truthy()?);
        let py = key.py();
        match key_text(key)?.as_str() {
            "W" | "WRITEABLE" => self.set(
                py,
                Change {
                    write: on,
                    ..Change::default()
                },
            ),
            "A" | "ALIGNED" => self.set(
                py,
                Change {
                    align: on,
                    ..Change::default()
                },
            ),
            "X" | "WRITEBACKIFCOPY" => self.set(
                py,
                Change {
                    uic: on,
                    ..Change::default()
                },
            ),
            _ => Err(unknown()),
        }
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let f = self.current(py);
        let rows = [
            ("C_CONTIGUOUS", bits::C_CONTIGUOUS),
            ("F_CONTIGUOUS", bits::F_CONTIGUOUS),
            ("OWNDATA", bits::OWNDATA),
            ("WRITEABLE", bits::WRITEABLE),
            ("ALIGNED", bits::ALIGNED),
            ("WRITEBACKIFCOPY", bits::WRITEBACKIFCOPY),
        ];
        let mut out = String::new();
        for (name, bit) in rows {
            let value = if f & bit != 0 { "True" } else { "False" };
            let warn = name == "WRITEABLE" && f & bits::WARN_ON_WRITE != 0;
            let note = if warn {
                "  (with WARN_ON_WRITE=True)"
            } else {
                ""
            };
            out.push_str(&format!("  {name} : {value}{note}\n"));
        }
        out
    }

    fn __richcmp__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        op: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        let not_here = || Ok(py.NotImplemented().into_bound(py));
        let Ok(other) = other.cast::<Flags>() else {
            return not_here();
        };
        let same = self.bits == other.get().bits;
        match op {
            CompareOp::Eq => Ok(same.into_pyobject(py)?.to_owned().into_any()),
            CompareOp::Ne => Ok((!same).into_pyobject(py)?.to_owned().into_any()),
            _ => not_here(),
        }
    }

    #[getter]
    fn contiguous(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "C")
    }

    #[getter]
    fn c_contiguous(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "C")
    }

    #[getter]
    fn f_contiguous(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "F")
    }

    #[getter]
    fn fortran(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "F")
    }

    #[getter]
    fn owndata(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "O")
    }

    #[getter]
    fn aligned(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "A")
    }

    #[setter]
    fn set_aligned(&self, py: Python<'_>, value: Truth) -> PyResult<()> {
        self.set(
            py,
            Change {
                align: Some(value.0),
                ..Change::default()
            },
        )
    }

    #[getter]
    fn writeable(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "W")
    }

    #[setter]
    fn set_writeable(&self, py: Python<'_>, value: Truth) -> PyResult<()> {
        self.set(
            py,
            Change {
                write: Some(value.0),
                ..Change::default()
            },
        )
    }

    #[getter]
    fn _writeable_no_warn(&self, py: Python<'_>) -> bool {
        self.current(py) & bits::WRITEABLE != 0
    }

    #[getter]
    fn writebackifcopy(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "X")
    }

    #[setter]
    fn set_writebackifcopy(&self, py: Python<'_>, value: Truth) -> PyResult<()> {
        self.set(
            py,
            Change {
                uic: Some(value.0),
                ..Change::default()
            },
        )
    }

    #[setter]
    #[allow(non_snake_case)] // the attribute begins with an underscore
    fn set__warn_on_write(&self, py: Python<'_>, value: Truth) -> PyResult<()> {
        if !value.0 {
            return Err(PyValueError::new_err("Cannot clear _warn_on_write"));
        }
        match &self.array {
            Some(array) => ArrayRef::of(array.bind(py)).set_flag(bits::WARN_ON_WRITE, true),
            None => return Err(PyValueError::new_err("Cannot set flags on array scalars.")),
        }
        Ok(())
    }

    #[getter]
    fn behaved(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "B")
    }

    #[getter]
    fn carray(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "CA")
    }

    #[getter]
    fn farray(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "FA")
    }

    #[getter]
    fn fnc(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "FNC")
    }

    #[getter]
    fn forc(&self, py: Python<'_>) -> PyResult<bool> {
        self.test(py, "FORC")
    }

    #[getter]
    fn num(&self) -> c_int {
        self.bits
    }
}

/// The truth value of any object.
struct Truth(bool);

impl<'a, 'py> FromPyObject<'a, 'py> for Truth {
    type Error = PyErr;

    fn extract(ob: pyo3::Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Truth(ob.is_truthy()?))
    }
}

/// Adds the type to the module.
pub(super) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<Flags>()
}
