//! Arguments of a fast call, matched against a signature by hand.

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;

/// A borrowed argument.
pub(crate) type Arg<'a, 'py> = Borrowed<'a, 'py, PyAny>;

/// Names and counts of a function's parameters.
pub(crate) struct Sig {
    /// Function name, for messages.
    pub(crate) name: &'static str,
    /// Parameter names in order.
    pub(crate) params: &'static [&'static str],
    /// How many of them are positional only.
    pub(crate) pos_only: usize,
    /// How many may be given by position.
    pub(crate) pos: usize,
    /// How many are required.
    pub(crate) required: usize,
}

impl Sig {
    /// A signature whose parameters may all be given by position or keyword.
    pub(crate) const fn new(
        name: &'static str,
        params: &'static [&'static str],
        required: usize,
    ) -> Sig {
        Sig {
            name,
            params,
            pos_only: 0,
            pos: params.len(),
            required,
        }
    }

    /// As [`Sig::new`] with the first `n` positional only.
    pub(crate) const fn pos_only(mut self, n: usize) -> Sig {
        self.pos_only = n;
        self
    }

    /// As [`Sig::new`] with only the first `n` allowed by position.
    pub(crate) const fn max_pos(mut self, n: usize) -> Sig {
        self.pos = n;
        self
    }
}

/// The argument vector of one call.
#[derive(Clone, Copy)]
pub(crate) struct CallArgs<'a, 'py> {
    py: Python<'py>,
    /// Positional arguments, then keyword values.
    all: &'a [*mut ffi::PyObject],
    npos: usize,
    kwnames: *mut ffi::PyObject,
}

impl<'a, 'py> CallArgs<'a, 'py> {
    /// Wraps a vectorcall argument vector.
    ///
    /// # Safety
    /// - `args` holds `nargs` pointers (its offset bit is ignored) plus one for each name in `kwnames`.
    pub(crate) unsafe fn new(
        py: Python<'py>,
        args: *const *mut ffi::PyObject,
        nargs: ffi::Py_ssize_t,
        kwnames: *mut ffi::PyObject,
    ) -> Self {
        let npos = nargs as usize & !(1usize << (usize::BITS - 1));
        let nkw = if kwnames.is_null() {
            0
        } else {
            // SAFETY: a tuple.
            unsafe { ffi::PyTuple_GET_SIZE(kwnames) }
        };
        let len = npos + nkw as usize;
        let all = if len == 0 {
            &[][..]
        } else {
            // SAFETY: the caller's vector has this many entries.
            unsafe { std::slice::from_raw_parts(args, len) }
        };
        CallArgs {
            py,
            all,
            npos,
            kwnames,
        }
    }

    /// Number of positional arguments.
    pub(crate) fn npos(&self) -> usize {
        self.npos
    }

    /// The positional arguments.
    #[inline(always)]
    pub(crate) fn positional(&self) -> &'a [Arg<'a, 'py>] {
        let list = &self.all[..self.npos];
        // SAFETY: `Borrowed` is a transparent wrapper of a non-null object pointer (with the lifetime
        // and the interpreter's token, which take no room), and entries are valid borrowed objects.
        unsafe { std::slice::from_raw_parts(list.as_ptr().cast(), list.len()) }
    }

    /// Number of keywords.
    #[inline(always)]
    pub(crate) fn keyword_count(&self) -> usize {
        self.all.len() - self.npos
    }

    /// A positional argument.
    pub(crate) fn get(&self, i: usize) -> Arg<'a, 'py> {
        assert!(i < self.npos);
        // SAFETY: entries of an argument vector are valid borrowed objects.
        unsafe { Borrowed::from_ptr(self.py, self.all[i]) }
    }

    /// Keyword names with their values.
    pub(crate) fn keywords(&self) -> impl Iterator<Item = (&'a str, Arg<'a, 'py>)> + '_ {
        (self.npos..self.all.len()).map(move |i| {
            // SAFETY: one name for each entry past the positional ones; names are str objects that
            // live as long as the call; entries are valid borrowed objects.
            unsafe {
                let name = ffi::PyTuple_GET_ITEM(self.kwnames, (i - self.npos) as isize);
                let mut len = 0;
                let utf8 = ffi::PyUnicode_AsUTF8AndSize(name, &mut len);
                let bytes: &'a [u8] = if utf8.is_null() {
                    ffi::PyErr_Clear();
                    b"?"
                } else {
                    std::slice::from_raw_parts(utf8.cast::<u8>(), len as usize)
                };
                let text = std::str::from_utf8_unchecked(bytes);
                (text, Borrowed::from_ptr(self.py, self.all[i]))
            }
        })
    }

    /// Whether keywords were given.
    pub(crate) fn has_keywords(&self) -> bool {
        self.all.len() > self.npos
    }

    /// Matches the arguments with `sig`; absent ones are `None` (an explicit Python `None` is `Some`).
    pub(crate) fn parse<const N: usize>(&self, sig: &Sig) -> PyResult<[Option<Arg<'a, 'py>>; N]> {
        debug_assert_eq!(N, sig.params.len());
        if self.npos > sig.pos {
            return Err(too_many(sig, self.npos));
        }
        let mut out: [Option<Arg<'a, 'py>>; N] = [const { None }; N];
        for (i, slot) in out.iter_mut().enumerate().take(self.npos) {
            *slot = Some(self.get(i));
        }
        for (name, value) in self.keywords() {
            let found = sig.params[sig.pos_only..].iter().position(|p| *p == name);
            match found.map(|i| &mut out[i + sig.pos_only]) {
                Some(slot @ None) => *slot = Some(value),
                Some(_) => return Err(twice(sig, name)),
                None => return Err(unknown(sig, name)),
            }
        }
        match (0..sig.required).find(|&i| out[i].is_none()) {
            Some(i) => Err(missing(sig, i)),
            None => Ok(out),
        }
    }
}

#[cold]
fn too_many(sig: &Sig, given: usize) -> PyErr {
    let was = if given == 1 { "was" } else { "were" };
    let (from, plural) = match (sig.required.min(sig.pos), sig.pos) {
        (r, p) if r < p => (format!("from {r} to {p}"), "s"),
        (_, p) => (p.to_string(), if p == 1 { "" } else { "s" }),
    };
    PyTypeError::new_err(format!(
        "{}() takes {from} positional argument{plural} but {given} {was} given",
        sig.name
    ))
}

#[cold]
fn twice(sig: &Sig, name: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "argument for {}() given by name ('{name}') and position",
        sig.name
    ))
}

#[cold]
fn unknown(sig: &Sig, name: &str) -> PyErr {
    if sig.params[..sig.pos_only].contains(&name) {
        return PyTypeError::new_err(format!(
            "{}() got some positional-only arguments passed as keyword arguments: '{name}'",
            sig.name
        ));
    }
    PyTypeError::new_err(format!(
        "{}() got an unexpected keyword argument '{name}'",
        sig.name
    ))
}

#[cold]
fn missing(sig: &Sig, i: usize) -> PyErr {
    PyTypeError::new_err(format!(
        "{}() missing required argument '{}' (pos {})",
        sig.name, sig.params[i], i
    ))
}
