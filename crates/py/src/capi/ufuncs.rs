//! Slots of the ufunc table.

use super::api::{api, bare, Code, Obj};
use crate::errstate;
use crate::layout::{ClassicLoop, Descr, UFuncObject};
use crate::ufunc::foreign::{self, CUFunc};
use numoxide_dtype::F16;
use numoxide_kernels::{fpstatus, half};
use pyo3::prelude::*;
use std::ffi::{c_char, c_int, c_void, CStr};

api! {
    /// Ufuncs made by extensions.
    UFUNCS:
    1 PyUFunc_FromFuncAndData(
        functions: *mut Option<ClassicLoop>, data: *mut *mut c_void, types: *const c_char,
        ntypes: c_int, nin: c_int, nout: c_int, identity: c_int, name: *const c_char,
        doc: *const c_char, _unused: c_int,
    ) -> Obj = |py| foreign::new(py, &CUFunc {
        functions, data, types, ntypes, nin, nout, identity, name, doc,
        signature: std::ptr::null(), value: std::ptr::null_mut(),
    });
    31 PyUFunc_FromFuncAndDataAndSignature(
        functions: *mut Option<ClassicLoop>, data: *mut *mut c_void, types: *const c_char,
        ntypes: c_int, nin: c_int, nout: c_int, identity: c_int, name: *const c_char,
        doc: *const c_char, _unused: c_int, signature: *const c_char,
    ) -> Obj = |py| foreign::new(py, &CUFunc {
        functions, data, types, ntypes, nin, nout, identity, name, doc,
        signature, value: std::ptr::null_mut(),
    });
    42 PyUFunc_FromFuncAndDataAndSignatureAndIdentity(
        functions: *mut Option<ClassicLoop>, data: *mut *mut c_void, types: *const c_char,
        ntypes: c_int, nin: c_int, nout: c_int, identity: c_int, name: *const c_char,
        doc: *const c_char, _unused: c_int, signature: *const c_char, value: Obj,
    ) -> Obj = |py| foreign::new(py, &CUFunc {
        functions, data, types, ntypes, nin, nout, identity, name, doc, signature, value,
    });
    2 PyUFunc_RegisterLoopForType(
        u: *mut UFuncObject, num: c_int, function: Option<ClassicLoop>, types: *const c_int,
        data: *mut c_void,
    ) -> c_int = |_py| foreign::register_for_type(u, num, function, types, data);
    41 PyUFunc_RegisterLoopForDescr(
        u: *mut UFuncObject, descr: *mut Descr, function: Option<ClassicLoop>,
        descrs: *const *mut Descr, data: *mut c_void,
    ) -> c_int = |_py| foreign::register_for_descr(u, descr, function, descrs, data);
    30 PyUFunc_ReplaceLoopBySignature(
        u: *mut UFuncObject, function: Option<ClassicLoop>, signature: *const c_int,
        old: *mut Option<ClassicLoop>,
    ) -> c_int = |_py| PyResult::Ok(Code(replace(u, function, signature, old)));
    46 PyUFunc_GiveFloatingpointErrors(name: *const c_char, bits: c_int) -> c_int = |py| {
        errstate::report(py, bits as u8, &CStr::from_ptr(name).to_string_lossy())
    };
    47 PyUFunc_AddLoopsFromSpecs(slots: *const super::spec::LoopSlot) -> c_int = |py| {
        super::spec::add_all(py, slots)
    };
    43 PyUFunc_AddLoopFromSpec(ufunc: Obj, spec: *const super::spec::Spec) -> c_int = |_py| {
        super::spec::add(ufunc.cast(), spec)
    };
}

bare! {
    /// The floating-point status.
    STATUS:
    27 PyUFunc_clearfperr() = fpstatus::clear_all();
    28 PyUFunc_getfperr() -> c_int = {
        let bits = fpstatus::read_all();
        fpstatus::clear_all();
        c_int::from(bits)
    };
}

/// Puts another function in the place of the one with these types; 0, or -1 if there is none.
unsafe fn replace(
    u: *mut UFuncObject,
    function: Option<ClassicLoop>,
    signature: *const c_int,
    old: *mut Option<ClassicLoop>,
) -> c_int {
    // SAFETY: a live ufunc and lists of its sizes by the C API's contract.
    unsafe {
        let nargs = (*u).nargs as usize;
        for row in 0..(*u).ntypes.max(0) as usize {
            let same =
                |i: usize| c_int::from(*(*u).types.add(row * nargs + i)) == *signature.add(i);
            if (0..nargs).all(same) {
                let slot = (*u).functions.add(row);
                if !old.is_null() {
                    *old = *slot;
                }
                *slot = function;
                return 0;
            }
        }
        -1
    }
}

/// A function of one, two or more values, as `data` holds it.
type Values = *mut c_void;

/// Pointers of a classic loop moved to item `i`.
unsafe fn at(args: *mut *mut c_char, strides: *const isize, k: usize, i: isize) -> *mut u8 {
    // SAFETY: callers stay within the loop's lengths.
    unsafe { (*args.add(k)).cast::<u8>().offset(i * *strides.add(k)) }
}

/// Loops over a C function of numbers: `slot Name(function type; input types) -> output type`.
macro_rules! value_loops {
    ($list:ident: $($slot:literal $name:ident $outer:ty as $inner:ty, $nin:tt;)+) => {
        /// Loops that call the function in `data` for each item.
        pub(super) static $list: super::api::Rows = &[$(($slot, super::api::Entry({
            unsafe extern "C" fn entry(
                args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values,
            ) {
                // SAFETY: operands of these types and a function of them, by the C API's contract.
                unsafe {
                    for i in 0..*dims {
                        let load = |k| <$outer as Through<$inner>>::out(at(args, strides, k, i).cast::<$outer>().read());
                        let value: $inner = value_loops!(@call data, $inner, load, $nin);
                        at(args, strides, $nin, i).cast::<$outer>().write(<$outer as Through<$inner>>::back(value));
                    }
                }
            }
            entry as *const ()
        }))),+];
    };
    (@call $data:ident, $t:ty, $load:ident, 1) => {
        std::mem::transmute::<Values, unsafe extern "C" fn($t) -> $t>($data)($load(0))
    };
    (@call $data:ident, $t:ty, $load:ident, 2) => {
        std::mem::transmute::<Values, unsafe extern "C" fn($t, $t) -> $t>($data)($load(0), $load(1))
    };
}

/// A stored number as the function takes it.
trait Through<T> {
    fn out(self) -> T;
    fn back(value: T) -> Self;
}

macro_rules! through {
    ($($outer:ty, $inner:ty, $out:expr, $back:expr;)+) => {$(
        impl Through<$inner> for $outer {
            fn out(self) -> $inner {
                #[allow(clippy::redundant_closure_call)]
                ($out)(self)
            }
            fn back(value: $inner) -> Self {
                #[allow(clippy::redundant_closure_call)]
                ($back)(value)
            }
        }
    )+};
}

through! {
    f32, f32, |x| x, |x| x;
    f64, f64, |x| x, |x| x;
    f32, f64, |x: f32| f64::from(x), |x: f64| x as f32;
    F16, f32, half::to_f32, half::from_f32;
    F16, f64, |x: F16| f64::from(half::to_f32(x)), crate::scalar::half_from_f64;
    F16, u16, |x: F16| x.0, F16;
}

value_loops! {
    VALUES:
    4 PyUFunc_f_f_As_d_d f32 as f64, 1;
    5 PyUFunc_d_d f64 as f64, 1;
    6 PyUFunc_f_f f32 as f32, 1;
    13 PyUFunc_ff_f_As_dd_d f32 as f64, 2;
    14 PyUFunc_ff_f f32 as f32, 2;
    15 PyUFunc_dd_d f64 as f64, 2;
    33 PyUFunc_e_e F16 as u16, 1;
    36 PyUFunc_ee_e F16 as u16, 2;
    34 PyUFunc_e_e_As_f_f F16 as f32, 1;
    35 PyUFunc_e_e_As_d_d F16 as f64, 1;
    37 PyUFunc_ee_e_As_ff_f F16 as f32, 2;
    38 PyUFunc_ee_e_As_dd_d F16 as f64, 2;
}

/// Loops over a C function that takes the address of each operand: complex numbers and long doubles.
macro_rules! pointer_loops {
    ($list:ident: $($slot:literal $name:ident $($arg:literal)+;)+) => {
        /// Loops that call the function in `data` with the addresses of the items.
        pub(super) static $list: super::api::Rows = &[$(($slot, super::api::Entry({
            unsafe extern "C" fn entry(
                args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values,
            ) {
                // SAFETY: operands and a function as the C API asks.
                unsafe {
                    let f: unsafe extern "C" fn($(pointer_loops!(@p $arg)),+) = std::mem::transmute(data);
                    for i in 0..*dims {
                        f($(at(args, strides, $arg, i)),+);
                    }
                }
            }
            entry as *const ()
        }))),+];
    };
    (@p $arg:literal) => { *mut u8 };
}

pointer_loops! {
    POINTERS:
    9 PyUFunc_F_F 0 1;
    10 PyUFunc_D_D 0 1;
    11 PyUFunc_G_G 0 1;
    18 PyUFunc_DD_D 0 1 2;
    19 PyUFunc_FF_F 0 1 2;
    20 PyUFunc_GG_G 0 1 2;
}

extern "C" {
    /// Passes long doubles by value, hence C.
    fn numoxide_loop_g_g();
    /// As above, of two.
    fn numoxide_loop_gg_g();
}

/// The addresses of the loops written in C, with their slots.
pub(super) fn in_c() -> [(usize, *const ()); 2] {
    [
        (7, numoxide_loop_g_g as *const ()),
        (16, numoxide_loop_gg_g as *const ()),
    ]
}

/// Single complex numbers through a function of the addresses of double ones.
unsafe fn complex_through<const NIN: usize>(
    args: *mut *mut c_char,
    dims: *const isize,
    strides: *const isize,
    call: impl Fn(&mut [[f64; 2]; 3]),
) {
    // SAFETY: operands of a classic loop over complex64.
    unsafe {
        for i in 0..*dims {
            let mut wide = [[0.0f64; 2]; 3];
            for (k, w) in wide.iter_mut().enumerate().take(NIN) {
                let [re, im] = at(args, strides, k, i).cast::<[f32; 2]>().read();
                *w = [re.into(), im.into()];
            }
            call(&mut wide);
            let [re, im] = wide[NIN];
            at(args, strides, NIN, i)
                .cast::<[f32; 2]>()
                .write([re as f32, im as f32]);
        }
    }
}

/// `PyUFunc_PyFuncData`.
#[repr(C)]
struct PyFuncData {
    nin: c_int,
    nout: c_int,
    callable: Obj,
}

/// A loop that calls a Python function with any number of operands.
unsafe fn on_om(args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values) {
    use pyo3::ffi;
    // SAFETY: object operands, the lock held, by the C API's contract.
    unsafe {
        let kept = &*data.cast::<PyFuncData>();
        let (nin, nout) = (kept.nin as usize, kept.nout as usize);
        for i in 0..*dims {
            let held: Vec<Obj> = (0..nin).map(|k| object(args, strides, k, i)).collect();
            held.iter().for_each(|ob| ffi::Py_INCREF(*ob));
            let made =
                ffi::PyObject_Vectorcall(kept.callable, held.as_ptr(), nin, std::ptr::null_mut());
            held.iter().for_each(|ob| ffi::Py_DECREF(*ob));
            if made.is_null() {
                return;
            }
            if nout == 1 {
                put(args, strides, nin, i, made);
                continue;
            }
            if ffi::PyTuple_Check(made) != 0 && ffi::PyTuple_Size(made) == nout as isize {
                for k in 0..nout {
                    let item = ffi::PyTuple_GetItem(made, k as isize);
                    ffi::Py_INCREF(item);
                    put(args, strides, nin + k, i, item);
                }
            }
            ffi::Py_DECREF(made);
        }
    }
}

bare! {
    /// Python functions of any number of operands.
    CALLS:
    24 PyUFunc_On_Om(args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values) = {
        on_om(args, dims, strides, data)
    };
}

bare! {
    /// Complex numbers through double ones.
    COMPLEX:
    8 PyUFunc_F_F_As_D_D(args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values) = {
        let f: unsafe extern "C" fn(*mut f64, *mut f64) = std::mem::transmute(data);
        complex_through::<1>(args, dims, strides, |w| {
            let [a, b, _] = w;
            f(a.as_mut_ptr(), b.as_mut_ptr());
        });
    };
    17 PyUFunc_FF_F_As_DD_D(args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values) = {
        let f: unsafe extern "C" fn(*mut f64, *mut f64, *mut f64) = std::mem::transmute(data);
        complex_through::<2>(args, dims, strides, |w| {
            let [a, b, c] = w;
            f(a.as_mut_ptr(), b.as_mut_ptr(), c.as_mut_ptr());
        });
    };
}

/// An object item, None where empty.
unsafe fn object(args: *mut *mut c_char, strides: *const isize, k: usize, i: isize) -> Obj {
    // SAFETY: an object operand.
    unsafe {
        match at(args, strides, k, i).cast::<Obj>().read() {
            ob if ob.is_null() => pyo3::ffi::Py_None(),
            ob => ob,
        }
    }
}

/// Stores a new reference; false where it is NULL, an exception being set.
unsafe fn put(args: *mut *mut c_char, strides: *const isize, k: usize, i: isize, ob: Obj) -> bool {
    // SAFETY: an object operand that owns what it holds.
    unsafe {
        if ob.is_null() {
            return false;
        }
        let slot = at(args, strides, k, i).cast::<Obj>();
        let old = slot.read();
        slot.write(ob);
        pyo3::ffi::Py_XDECREF(old);
        true
    }
}

/// Loops over objects: rows `slot Name inputs, |data, operands| new reference;`.
macro_rules! object_loops {
    ($list:ident: $($slot:literal $name:ident $nin:literal, $call:expr;)+) => {
        /// Loops over objects.
        pub(super) static $list: super::api::Rows = &[$(($slot, super::api::Entry({
            unsafe extern "C" fn entry(
                args: *mut *mut c_char, dims: *const isize, strides: *const isize, data: Values,
            ) {
                // SAFETY: object operands, the lock held, by the C API's contract; operands are kept
                // while the function runs.
                unsafe {
                    for i in 0..*dims {
                        let held: [Obj; $nin] = std::array::from_fn(|k| object(args, strides, k, i));
                        held.iter().for_each(|ob| pyo3::ffi::Py_INCREF(*ob));
                        #[allow(clippy::redundant_closure_call)]
                        let made = ($call)(data, &held);
                        held.iter().for_each(|ob| pyo3::ffi::Py_DECREF(*ob));
                        if !put(args, strides, $nin, i, made) {
                            return;
                        }
                    }
                }
            }
            entry as *const ()
        }))),+];
    };
}

unsafe fn call_method(name: Values, held: &[Obj]) -> Obj {
    // SAFETY: `data` is the method's name.
    unsafe {
        use pyo3::ffi;
        let f = ffi::PyObject_GetAttrString(held[0], name.cast());
        if f.is_null() {
            return f;
        }
        let args = held[1..].as_ptr();
        let made = ffi::PyObject_Vectorcall(f, args, held.len() - 1, std::ptr::null_mut());
        ffi::Py_DECREF(f);
        made
    }
}

object_loops! {
    OBJECTS:
    12 PyUFunc_O_O 1, |data: Values, held: &[Obj; 1]| {
        std::mem::transmute::<Values, unsafe extern "C" fn(Obj) -> Obj>(data)(held[0])
    };
    21 PyUFunc_OO_O 2, |data: Values, held: &[Obj; 2]| {
        std::mem::transmute::<Values, unsafe extern "C" fn(Obj, Obj) -> Obj>(data)(held[0], held[1])
    };
    22 PyUFunc_O_O_method 1, |data: Values, held: &[Obj; 1]| call_method(data, held);
    23 PyUFunc_OO_O_method 2, |data: Values, held: &[Obj; 2]| call_method(data, held);
}
