//! Functions that stand in a C table until they are written: they raise, naming themselves.

use pyo3::ffi;
use std::ffi::CString;

/// What a C function returns to say "an exception is set".
#[derive(Clone, Copy)]
pub(super) enum Returns {
    /// NULL.
    Pointer,
    /// -1.
    Minus,
    /// 0.
    Zero,
    /// No value.
    Nothing,
}

/// Sets `NotImplementedError` for a function and gives its error value as the register holds it.
///
/// May be called without the interpreter lock, which it takes for itself.
pub(super) fn raise(name: &str, returns: Returns) -> isize {
    let text = CString::new(format!("{name} is not available yet")).unwrap_or_default();
    // SAFETY: the lock is taken before the interpreter is used.
    unsafe {
        let state = ffi::PyGILState_Ensure();
        ffi::PyErr_SetString(ffi::PyExc_NotImplementedError, text.as_ptr());
        ffi::PyGILState_Release(state);
    }
    match returns {
        Returns::Minus => -1,
        Returns::Pointer | Returns::Zero | Returns::Nothing => 0,
    }
}

/// A static list of `(slot, function)` from rows `number name returns;`.
macro_rules! stubs {
    ($(#[$meta:meta])* $list:ident: $($slot:literal $name:ident $returns:ident;)+) => {
        $(#[$meta])*
        pub(super) static $list: &[(usize, unsafe extern "C" fn() -> isize)] = &[$(($slot, {
            /// Raises; arguments are ignored.
            unsafe extern "C" fn stub() -> isize {
                raise(stringify!($name), Returns::$returns)
            }
            stub
        })),+];
    };
}
pub(super) use stubs;
