//! The generalised ufuncs as rows.

use crate::line::{each, Backward, Forward, Full};
use crate::transform::Real;
use numoxide_dtype::{TypeNum, F80};
use numoxide_kernels::{FpClass, OpLoop};
use numoxide_ufunc::table::{Identity, Op, ResolveKind};

/// Types of operands by what they are: `r` real, `c` complex.
const fn types<T: Real>(kinds: &str) -> [TypeNum; 3] {
    let mut out = [T::NUM; 3];
    let mut i = 0;
    while i < 3 {
        if kinds.as_bytes()[i] == b'c' {
            out[i] = T::COMPLEX;
        }
        i += 1;
    }
    out
}

/// Rows `name, kinds of operands, transform, signature, doc`.
macro_rules! rows {
    ($($name:literal $kinds:literal [$transform:ty] $signature:literal, $doc:literal;)+) => {
        static OPS: &[Op] = &[$(Op {
            name: $name,
            aliases: &[],
            nin: 2,
            nout: 1,
            identity: Identity::None,
            loops: &[
                OpLoop::generalised(&const { types::<f32>($kinds) }, each::<f32, $transform>, FpClass::Never),
                OpLoop::generalised(&const { types::<f64>($kinds) }, each::<f64, $transform>, FpClass::Never),
                OpLoop::generalised(&const { types::<F80>($kinds) }, each::<F80, $transform>, FpClass::Never),
            ],
            resolve: ResolveKind::Default,
            signature: Some($signature),
            sizes: None,
            doc: $doc,
            foreign: 0,
        }),+];
    };
}

rows! {
    "fft" "crc" [Full<false>]
        "(n),()->(m)", "Transforms of lines, scaled.";
    "ifft" "crc" [Full<true>]
        "(m),()->(n)", "Inverse transforms of lines, scaled.";
    "rfft_n_even" "rrc" [Forward<false>]
        "(n),()->(m)", "First halves of the transforms of real lines of an even number of points, scaled.";
    "rfft_n_odd" "rrc" [Forward<true>]
        "(n),()->(m)", "First halves of the transforms of real lines of an odd number of points, scaled.";
    "irfft" "crr" [Backward]
        "(m),()->(n)", "Real lines from the first halves of their transforms, scaled.";
}

/// All rows.
pub fn ops() -> &'static [Op] {
    OPS
}
