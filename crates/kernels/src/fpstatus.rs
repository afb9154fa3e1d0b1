//! The hardware's floating-point status flags, read and cleared where the compiler cannot move it.

use crate::loops::fp;

#[cfg(target_arch = "x86_64")]
mod imp {
    use std::arch::asm;

    const FLAGS: u32 = 0x3f;

    pub(super) fn get() -> u32 {
        let mut csr = 0u32;
        // SAFETY: stores the control register into `csr`; the memory clobber (the default) keeps
        // floating-point stores on their side of it.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut csr, options(nostack)) };
        csr & FLAGS
    }

    pub(super) fn clear() {
        let mut csr = 0u32;
        // SAFETY: reads the control register, clears its sticky status bits only, writes it back.
        unsafe {
            asm!("stmxcsr [{}]", in(reg) &raw mut csr, options(nostack));
            csr &= !FLAGS;
            asm!("ldmxcsr [{}]", in(reg) &raw const csr, options(nostack));
        }
    }

    pub(super) fn x87() -> u32 {
        let mut status = 0u16;
        // SAFETY: stores the x87 status word, then clears its exception bits.
        unsafe {
            asm!("fnstsw [{}]", "fnclex", in(reg) &raw mut status, options(nostack));
        }
        u32::from(status) & FLAGS
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod imp {
    pub(super) fn get() -> u32 {
        0
    }
    pub(super) fn clear() {}
    pub(super) fn x87() -> u32 {
        0
    }
}

/// Clears the sticky flags, if any is set.
#[inline]
pub fn clear() {
    if imp::get() != 0 {
        imp::clear();
    }
}

/// Clears the flags of the x87 unit too; for long double loops.
pub fn clear_all() {
    clear();
    imp::x87();
}

/// The flags raised since [`clear`], in NumPy's numbering.
#[inline]
pub fn read() -> u8 {
    translate(imp::get())
}

/// As [`read`], x87 included; those are cleared.
pub fn read_all() -> u8 {
    translate(imp::get() | imp::x87())
}

fn translate(bits: u32) -> u8 {
    let pick = |bit: u32, flag: u8| if bits & bit != 0 { flag } else { 0 };
    pick(1, fp::INVALID) | pick(4, fp::DIVIDE) | pick(8, fp::OVERFLOW) | pick(16, fp::UNDERFLOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn division_by_zero_is_seen() {
        clear();
        black_box(black_box(1.0f64) / black_box(0.0));
        assert_eq!(read(), fp::DIVIDE);
        clear();
        assert_eq!(read(), 0);
    }
}
