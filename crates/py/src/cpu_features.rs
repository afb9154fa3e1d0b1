//! What the CPU can do, under NumPy's names.

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Features with whether the CPU has them.
#[cfg(target_arch = "x86_64")]
macro_rules! features {
    ($($name:literal $test:tt;)*) => {
        vec![$(($name, std::is_x86_feature_detected!($test))),*]
    };
}

/// Features of other machines, or that no compiler tells.
const ABSENT: &[&str] = &[
    "XOP",
    "FMA4",
    "AVX512ER",
    "AVX512PF",
    "AVX5124FMAPS",
    "AVX5124VNNIW",
    "AVX512_KNL",
    "AVX512_KNM",
    "VSX",
    "VSX2",
    "VSX3",
    "VSX4",
    "VX",
    "VXE",
    "VXE2",
    "NEON",
    "NEON_FP16",
    "NEON_VFPV4",
    "ASIMD",
    "FPHP",
    "ASIMDHP",
    "ASIMDDP",
    "ASIMDFHM",
    "SVE",
    "RVV",
    "LSX",
];

#[cfg(target_arch = "x86_64")]
fn detected() -> Vec<(&'static str, bool)> {
    features! {
        "MMX" "mmx"; "SSE" "sse"; "SSE2" "sse2"; "SSE3" "sse3"; "SSSE3" "ssse3";
        "SSE41" "sse4.1"; "POPCNT" "popcnt"; "SSE42" "sse4.2"; "AVX" "avx"; "F16C" "f16c";
        "FMA3" "fma"; "AVX2" "avx2"; "LAHF" "sse3"; "CX16" "cmpxchg16b"; "MOVBE" "movbe";
        "BMI" "bmi1"; "BMI2" "bmi2"; "LZCNT" "lzcnt"; "GFNI" "gfni"; "VPCLMULQDQ" "vpclmulqdq";
        "VAES" "vaes"; "AVX512F" "avx512f"; "AVX512CD" "avx512cd";
        "AVX512VPOPCNTDQ" "avx512vpopcntdq"; "AVX512VL" "avx512vl"; "AVX512BW" "avx512bw";
        "AVX512DQ" "avx512dq"; "AVX512VNNI" "avx512vnni"; "AVX512IFMA" "avx512ifma";
        "AVX512VBMI" "avx512vbmi"; "AVX512VBMI2" "avx512vbmi2"; "AVX512BITALG" "avx512bitalg";
        "AVX512FP16" "avx512fp16"; "AVX512BF16" "avx512bf16";
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detected() -> Vec<(&'static str, bool)> {
    let arm = cfg!(target_arch = "aarch64");
    vec![
        ("NEON", arm),
        ("NEON_FP16", arm),
        ("NEON_VFPV4", arm),
        ("ASIMD", arm),
    ]
}

/// Groups of features, each with those it needs.
const GROUPS: [(&str, &[&str]); 7] = [
    (
        "X86_V2",
        &[
            "SSE", "SSE2", "SSE3", "SSSE3", "SSE41", "POPCNT", "SSE42", "CX16", "LAHF",
        ],
    ),
    (
        "X86_V3",
        &[
            "X86_V2", "AVX", "F16C", "FMA3", "AVX2", "BMI", "BMI2", "LZCNT", "MOVBE",
        ],
    ),
    (
        "AVX512_SKX",
        &["AVX512F", "AVX512CD", "AVX512VL", "AVX512BW", "AVX512DQ"],
    ),
    ("X86_V4", &["X86_V3", "AVX512_SKX"]),
    ("AVX512_CLX", &["AVX512_SKX", "AVX512VNNI"]),
    ("AVX512_CNL", &["AVX512_SKX", "AVX512IFMA", "AVX512VBMI"]),
    (
        "AVX512_ICL",
        &[
            "AVX512_CLX",
            "AVX512_CNL",
            "AVX512VBMI2",
            "AVX512BITALG",
            "AVX512VPOPCNTDQ",
        ],
    ),
];

/// Adds `__cpu_features__`, `__cpu_baseline__` and `__cpu_dispatch__` to the module.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let mut found = detected();
    for (name, needs) in GROUPS {
        let has = |need: &str| found.iter().any(|(n, on)| *n == need && *on);
        let all = needs.iter().all(|need| has(need));
        found.push((name, all));
    }
    let sapphire = found
        .iter()
        .filter(|(name, _)| matches!(*name, "AVX512_ICL" | "AVX512FP16" | "AVX512BF16"))
        .all(|(_, on)| *on);
    found.push((
        "AVX512_SPR",
        sapphire && found.iter().any(|f| f.0 == "AVX512FP16"),
    ));
    let features = PyDict::new(m.py());
    for name in ABSENT {
        features.set_item(name, false)?;
    }
    for (name, on) in found {
        features.set_item(name, on)?;
    }
    m.add("__cpu_features__", features)?;
    let (baseline, dispatch): (&[&str], &[&str]) = match cfg!(target_arch = "x86_64") {
        true => (&["X86_V2"], &["X86_V3", "X86_V4"]),
        false => (&[], &[]),
    };
    m.add("__cpu_baseline__", baseline.to_vec())?;
    m.add("__cpu_dispatch__", dispatch.to_vec())?;
    m.add("tracemalloc_domain", 389_047)
}
