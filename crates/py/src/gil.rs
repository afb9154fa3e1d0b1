//! Letting other threads run while the engine works.

use pyo3::ffi;
use pyo3::Python;

/// Takes the interpreter lock back when dropped, also in a panic.
struct Released(*mut ffi::PyThreadState);

impl Drop for Released {
    fn drop(&mut self) {
        // SAFETY: the state that `PyEval_SaveThread` gave to this thread.
        unsafe { ffi::PyEval_RestoreThread(self.0) };
    }
}

/// Runs `work` without the interpreter lock if `release`; it must then touch no Python object.
pub(crate) fn released_if<R>(_py: Python<'_>, release: bool, work: impl FnOnce() -> R) -> R {
    // SAFETY: this thread holds the lock, as the token says, and takes it back before returning.
    let _guard = release.then(|| Released(unsafe { ffi::PyEval_SaveThread() }));
    work()
}
