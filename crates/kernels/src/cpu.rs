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
