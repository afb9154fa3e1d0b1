//! Signatures of the methods that arrays and scalars share, as `inspect.signature` reads them.

use crate::statics::leak;
use pyo3::ffi;
use std::ffi::CStr;

/// Method and arguments, in the order of names.
const ROWS: [(&str, &str); 56] = [
    ("__array_namespace__", "$self, /, *, api_version=None"),
    ("__copy__", "$self, /"),
    ("__deepcopy__", "$self, memo, /"),
    (
        "all",
        "$self, /, axis=None, out=None, keepdims=False, *, where=True",
    ),
    (
        "any",
        "$self, /, axis=None, out=None, keepdims=False, *, where=True",
    ),
    ("argmax", "$self, /, axis=None, out=None, *, keepdims=False"),
    ("argmin", "$self, /, axis=None, out=None, *, keepdims=False"),
    (
        "argsort",
        "$self, /, axis=-1, kind=None, order=None, *, stable=None",
    ),
    ("as_integer_ratio", "$self, /"),
    (
        "astype",
        "$self, /, dtype, order='K', casting='unsafe', subok=True, copy=True",
    ),
    ("bit_count", "$self, /"),
    ("byteswap", "$self, /, inplace=False"),
    ("choose", "$self, /, choices, out=None, mode='raise'"),
    ("clip", "$self, /, min=None, max=None, out=None, **kwargs"),
    ("compress", "$self, /, condition, axis=None, out=None"),
    ("conj", "$self, /"),
    ("conjugate", "$self, /"),
    ("copy", "$self, /, order='C'"),
    ("cumprod", "$self, /, axis=None, dtype=None, out=None"),
    ("cumsum", "$self, /, axis=None, dtype=None, out=None"),
    ("diagonal", "$self, /, offset=0, axis1=0, axis2=1"),
    ("dump", "$self, /, file"),
    ("dumps", "$self, /"),
    ("fill", "$self, /, value"),
    ("flatten", "$self, /, order='C'"),
    ("getfield", "$self, /, dtype, offset=0"),
    ("is_integer", "$self, /"),
    ("item", "$self, /, *args"),
    ("max", "$self, /, axis=None, out=None, **kwargs"),
    (
        "mean",
        "$self, /, axis=None, dtype=None, out=None, **kwargs",
    ),
    ("min", "$self, /, axis=None, out=None, **kwargs"),
    ("nonzero", "$self, /"),
    (
        "prod",
        "$self, /, axis=None, dtype=None, out=None, **kwargs",
    ),
    ("put", "$self, indices, values, /, mode='raise'"),
    ("ravel", "$self, /, order='C'"),
    ("repeat", "$self, repeats, /, axis=None"),
    ("reshape", "$self, /, *shape, order='C', copy=None"),
    ("resize", "$self, /, *new_shape, refcheck=True"),
    ("round", "$self, /, decimals=0, out=None"),
    ("searchsorted", "$self, v, /, side='left', sorter=None"),
    ("setfield", "$self, val, /, dtype, offset=0"),
    ("setflags", "$self, /, *, write=None, align=None, uic=None"),
    (
        "sort",
        "$self, /, axis=-1, kind=None, order=None, *, stable=None",
    ),
    ("squeeze", "$self, /, axis=None"),
    (
        "std",
        "$self, /, axis=None, dtype=None, out=None, ddof=0, **kwargs",
    ),
    ("sum", "$self, /, axis=None, dtype=None, out=None, **kwargs"),
    ("swapaxes", "$self, axis1, axis2, /"),
    (
        "take",
        "$self, indices, /, axis=None, out=None, mode='raise'",
    ),
    ("to_device", "$self, device, /, *, stream=None"),
    ("tobytes", "$self, /, order='C'"),
    ("tofile", "$self, fid, /, sep='', format='%s'"),
    ("tolist", "$self, /"),
    (
        "trace",
        "$self, /, offset=0, axis1=0, axis2=1, dtype=None, out=None",
    ),
    ("transpose", "$self, /, *axes"),
    (
        "var",
        "$self, /, axis=None, dtype=None, out=None, ddof=0, **kwargs",
    ),
    ("view", "$self, /, *args, **kwargs"),
];

/// Puts the signatures into the documentation of the methods that have one.
pub(crate) fn signed(mut methods: Vec<ffi::PyMethodDef>) -> Vec<ffi::PyMethodDef> {
    for def in &mut methods {
        // SAFETY: names and texts of method rows are NUL-terminated and live for ever.
        let (name, doc) = unsafe {
            let doc = def.ml_doc;
            (
                CStr::from_ptr(def.ml_name).to_string_lossy(),
                (!doc.is_null()).then(|| CStr::from_ptr(doc).to_string_lossy()),
            )
        };
        if let Ok(i) = ROWS.binary_search_by(|(row, _)| (*row).cmp(&name)) {
            let doc = doc.as_deref().unwrap_or("");
            def.ml_doc = leak(&format!("{name}({})\n--\n\n{doc}", ROWS[i].1)).as_ptr();
        }
    }
    methods
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_are_sorted() {
        assert!(super::ROWS.is_sorted());
    }
}
