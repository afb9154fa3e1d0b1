//! The C interface of bit generators, `bitgen_t`: ours behind it, and foreign ones as [`BitGen`].

use std::ffi::c_void;

use crate::bitgen::BitGen;
use crate::{Mt19937, Pcg64, Pcg64Dxsm, Philox, Sfc64};

/// NumPy's `bitgen_t`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CBitGen {
    /// What the functions are given.
    pub state: *mut c_void,
    /// The next 64 bits.
    pub next_uint64: unsafe extern "C" fn(*mut c_void) -> u64,
    /// The next 32 bits.
    pub next_uint32: unsafe extern "C" fn(*mut c_void) -> u32,
    /// A double in [0, 1).
    pub next_double: unsafe extern "C" fn(*mut c_void) -> f64,
    /// The next word of the algorithm.
    pub next_raw: unsafe extern "C" fn(*mut c_void) -> u64,
}

/// A generator of any kind of ours.
#[allow(clippy::large_enum_variant)] // one lives in each bit generator, at a fixed place
#[derive(Clone, Debug)]
pub enum AnyGen {
    /// `PCG64`.
    Pcg64(Pcg64),
    /// `PCG64DXSM`.
    Pcg64Dxsm(Pcg64Dxsm),
    /// `MT19937`.
    Mt19937(Mt19937),
    /// `Philox`.
    Philox(Philox),
    /// `SFC64`.
    Sfc64(Sfc64),
}

impl AnyGen {
    /// The C functions over this generator, which must stay where it is while they are used.
    pub fn c_interface(&mut self) -> CBitGen {
        match self {
            Self::Pcg64(gen) => c_interface(gen),
            Self::Pcg64Dxsm(gen) => c_interface(gen),
            Self::Mt19937(gen) => c_interface(gen),
            Self::Philox(gen) => c_interface(gen),
            Self::Sfc64(gen) => c_interface(gen),
        }
    }
}

unsafe extern "C" fn next_u64<G: BitGen>(state: *mut c_void) -> u64 {
    // SAFETY: the pointer was paired with this function in `c_interface`.
    unsafe { (*state.cast::<G>()).next_u64() }
}

unsafe extern "C" fn next_u32<G: BitGen>(state: *mut c_void) -> u32 {
    // SAFETY: as for `next_u64`.
    unsafe { (*state.cast::<G>()).next_u32() }
}

unsafe extern "C" fn next_double<G: BitGen>(state: *mut c_void) -> f64 {
    // SAFETY: as for `next_u64`.
    unsafe { (*state.cast::<G>()).next_double() }
}

unsafe extern "C" fn next_raw<G: BitGen>(state: *mut c_void) -> u64 {
    // SAFETY: as for `next_u64`.
    unsafe { (*state.cast::<G>()).next_raw() }
}

fn c_interface<G: BitGen>(gen: &mut G) -> CBitGen {
    CBitGen {
        state: std::ptr::from_mut(gen).cast(),
        next_uint64: next_u64::<G>,
        next_uint32: next_u32::<G>,
        next_double: next_double::<G>,
        next_raw: next_raw::<G>,
    }
}

impl CBitGen {
    /// Runs `work` on the generator: on ours directly, on a foreign one through its functions.
    ///
    /// # Safety
    /// - The functions are valid for the state, and nothing else uses the state meanwhile.
    pub unsafe fn with<R>(&mut self, work: impl FnOnce(&mut dyn BitGen) -> R) -> R {
        // Ours are told by their `next_double`: the other functions of two generators may be
        // merged by the linker where their code is the same.
        let is =
            |f: unsafe extern "C" fn(*mut c_void) -> f64| self.next_double as usize == f as usize;
        // SAFETY: a state that goes with one of our functions is of that function's type, and the
        // caller gives the only access.
        unsafe {
            if is(next_double::<Pcg64>) {
                work(&mut *self.state.cast::<Pcg64>())
            } else if is(next_double::<Mt19937>) {
                work(&mut *self.state.cast::<Mt19937>())
            } else if is(next_double::<Pcg64Dxsm>) {
                work(&mut *self.state.cast::<Pcg64Dxsm>())
            } else if is(next_double::<Philox>) {
                work(&mut *self.state.cast::<Philox>())
            } else if is(next_double::<Sfc64>) {
                work(&mut *self.state.cast::<Sfc64>())
            } else {
                work(self)
            }
        }
    }
}

impl BitGen for CBitGen {
    fn next_u64(&mut self) -> u64 {
        // SAFETY: whoever made the struct vouches for functions and state (`CBitGen::with`).
        unsafe { (self.next_uint64)(self.state) }
    }

    fn next_u32(&mut self) -> u32 {
        // SAFETY: as for `next_u64`.
        unsafe { (self.next_uint32)(self.state) }
    }

    fn next_double(&mut self) -> f64 {
        // SAFETY: as for `next_u64`.
        unsafe { (self.next_double)(self.state) }
    }

    fn next_raw(&mut self) -> u64 {
        // SAFETY: as for `next_u64`.
        unsafe { (self.next_raw)(self.state) }
    }
}
