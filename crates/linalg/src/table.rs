//! The generalised ufuncs as rows.

use crate::element::Element;
use crate::raw;
use numoxide_dtype::{Complex, TypeNum};
use numoxide_kernels::{FpClass, Levels, LoopFlags, OpLoop, StridedLoop};
use numoxide_ufunc::table::{Identity, Op, ResolveKind};

/// Types of operands by what they are: `m` matrices and vectors, `r` absolute values.
const fn types<T: Element, const N: usize>(kinds: &str) -> [TypeNum; N] {
    let mut out = [T::NUM; N];
    let mut i = 0;
    while i < N {
        if kinds.as_bytes()[i] == b'r' {
            out[i] = T::REAL;
        }
        i += 1;
    }
    out
}

const fn row(types: &'static [TypeNum], f: StridedLoop) -> OpLoop {
    OpLoop {
        types,
        loops: Levels::one(f),
        flags: LoopFlags {
            needs_gil: false,
            may_fail: false,
            fp: FpClass::Reported,
            cost: 255,
            pair: None,
        },
        reduce: None,
        pair: None,
    }
}

/// Rows `name, kinds of operands, loop, signature, doc`; the loop is generic over the element.
macro_rules! rows {
    ($($name:literal ($nin:literal, $nout:literal) $kinds:literal [$f:ident $(, $up:literal)?] $signature:literal, $doc:literal;)+) => {
        static OPS: &[Op] = &[$(Op {
            name: $name,
            aliases: &[],
            nin: $nin,
            nout: $nout,
            identity: Identity::None,
            loops: {
                const N: usize = $nin + $nout;
                const F: [TypeNum; N] = types::<f32, N>($kinds);
                const D: [TypeNum; N] = types::<f64, N>($kinds);
                const CF: [TypeNum; N] = types::<Complex<f32>, N>($kinds);
                const CD: [TypeNum; N] = types::<Complex<f64>, N>($kinds);
                &[
                    row(&F, raw::$f::<f32 $(, $up)?>),
                    row(&D, raw::$f::<f64 $(, $up)?>),
                    row(&CF, raw::$f::<Complex<f32> $(, $up)?>),
                    row(&CD, raw::$f::<Complex<f64> $(, $up)?>),
                ]
            },
            resolve: ResolveKind::Default,
            signature: Some($signature),
            doc: $doc,
            foreign: 0,
        }),+];
    };
}

rows! {
    "det"(1, 1) "mm" [det]
        "(m,m)->()", "The determinant of the last two axes.";
    "slogdet"(1, 2) "mmr" [slogdet]
        "(m,m)->(),()", "Sign and logarithm of the absolute value of the determinant.";
    "inv"(1, 1) "mm" [inv]
        "(m, m)->(m, m)", "The inverse of the last two axes.";
    "solve"(2, 1) "mmm" [solve]
        "(m,m),(m,n)->(m,n)", "The solutions of linear equations.";
    "solve1"(2, 1) "mmm" [solve1]
        "(m,m),(m)->(m)", "The solution of linear equations.";
    "cholesky_lo"(1, 1) "mm" [cholesky, false]
        "(m,m)->(m,m)", "The lower Cholesky factor of the last two axes.";
    "cholesky_up"(1, 1) "mm" [cholesky, true]
        "(m,m)->(m,m)", "The upper Cholesky factor of the last two axes.";
}

/// All rows.
pub fn ops() -> &'static [Op] {
    OPS
}
