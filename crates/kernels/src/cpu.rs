//! The one place that chooses the CPU level: detected once, lowered by `NUMOXIDE_CPU`.

use std::sync::OnceLock;

/// x86-64 micro-architecture levels that kernels have variants for; on other machines only `V2`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// The baseline every build runs on.
    V2 = 0,
    /// AVX2 and FMA.
    V3 = 1,
    /// AVX-512 (F, BW, DQ, VL, CD).
    V4 = 2,
}

/// The level in force.
pub fn level() -> Level {
    static LEVEL: OnceLock<Level> = OnceLock::new();
    *LEVEL.get_or_init(|| detect().min(forced()))
}

fn forced() -> Level {
    match std::env::var("NUMOXIDE_CPU").as_deref() {
        Ok("v2") => Level::V2,
        Ok("v3") => Level::V3,
        _ => Level::V4,
    }
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Level {
    use std::is_x86_feature_detected as has;
    let v3 = has!("avx2") && has!("fma") && has!("bmi1") && has!("bmi2") && has!("f16c");
    let v4 = has!("avx512f")
        && has!("avx512bw")
        && has!("avx512dq")
        && has!("avx512vl")
        && has!("avx512cd");
    match (v3, v4) {
        (true, true) => Level::V4,
        (true, false) => Level::V3,
        _ => Level::V2,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> Level {
    Level::V2
}

/// Defines `fn name(arguments) -> result = body`: an unsafe function that runs the always-inlined `body`,
/// compiled for the level in force and told it as its last argument.
macro_rules! by_level {
    ($(#[$meta:meta])* $vis:vis fn $name:ident $(<$G:ident: $B:path>)? ($($a:ident: $t:ty),* $(,)?) -> $r:ty = $body:path) => {
        $(#[$meta])*
        /// # Safety
        /// As its body.
        $vis unsafe fn $name $(<$G: $B>)? ($($a: $t),*) -> $r {
            #[cfg(target_arch = "x86_64")]
            {
                /// # Safety
                /// As the body; the CPU has level v3.
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c")]
                unsafe fn v3 $(<$G: $B>)? ($($a: $t),*) -> $r {
                    // SAFETY: passed on to the caller.
                    unsafe { $body($($a,)* $crate::cpu::Level::V3) }
                }
                /// # Safety
                /// As the body; the CPU has level v4.
                #[target_feature(
                    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c"
                )]
                unsafe fn v4 $(<$G: $B>)? ($($a: $t),*) -> $r {
                    // SAFETY: passed on to the caller.
                    unsafe { $body($($a,)* $crate::cpu::Level::V4) }
                }
                // SAFETY: passed on to the caller; the level says what the CPU has.
                unsafe {
                    match $crate::cpu::level() {
                        $crate::cpu::Level::V4 => return v4 $(::<$G>)? ($($a),*),
                        $crate::cpu::Level::V3 => return v3 $(::<$G>)? ($($a),*),
                        $crate::cpu::Level::V2 => {}
                    }
                }
            }
            // SAFETY: passed on to the caller.
            unsafe { $body($($a,)* $crate::cpu::Level::V2) }
        }
    };
}
pub(crate) use by_level;
