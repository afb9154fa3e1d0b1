//! The generalised ufuncs as rows.

use crate::element::Element;
use crate::raw::{self, Cholesky, Det, Inv, SlogDet, Solve, Solve1};
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
            forgets: false,
            cost: 255,
            pair: None,
        },
        reduce: None,
        pair: None,
    }
}

/// Rows `name, kinds of operands, routine, signature, doc`; a routine is generic over the element.
macro_rules! rows {
    ($($name:literal ($nin:literal, $nout:literal) $kinds:literal [$routine:ty] $signature:literal, $doc:literal;)+) => {
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
                    row(&F, raw::each::<f32, $routine>),
                    row(&D, raw::each::<f64, $routine>),
                    row(&CF, raw::each::<Complex<f32>, $routine>),
                    row(&CD, raw::each::<Complex<f64>, $routine>),
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
    "det"(1, 1) "mm" [Det]
        "(m,m)->()", "The determinant of the last two axes.";
    "slogdet"(1, 2) "mmr" [SlogDet]
        "(m,m)->(),()", "Sign and logarithm of the absolute value of the determinant.";
    "inv"(1, 1) "mm" [Inv]
        "(m, m)->(m, m)", "The inverse of the last two axes.";
    "solve"(2, 1) "mmm" [Solve]
        "(m,m),(m,n)->(m,n)", "The solutions of linear equations.";
    "solve1"(2, 1) "mmm" [Solve1]
        "(m,m),(m)->(m)", "The solution of linear equations.";
    "cholesky_lo"(1, 1) "mm" [Cholesky<false>]
        "(m,m)->(m,m)", "The lower Cholesky factor of the last two axes.";
    "cholesky_up"(1, 1) "mm" [Cholesky<true>]
        "(m,m)->(m,m)", "The upper Cholesky factor of the last two axes.";
}

/// All rows.
pub fn ops() -> &'static [Op] {
    OPS
}
