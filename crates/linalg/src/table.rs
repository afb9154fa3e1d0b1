//! The generalised ufuncs as rows.

use crate::decompose::Field;
use crate::element::Element;
use crate::orthogonal::{QrForm, QrRaw};
use crate::raw::{self, Cholesky, Det, Inv, SlogDet, Solve, Solve1};
use crate::spectral::{Eig, Eigh, Lstsq, Svd, FULL, REDUCED, VALUES};
use numoxide_dtype::{Complex, TypeNum};
use numoxide_kernels::{FpClass, OpLoop};
use numoxide_ufunc::table::{Identity, Op, ResolveKind};

/// Types of operands by what they are: `m` matrices and vectors, `r` absolute values, `c` complex
/// numbers, `i` counts.
const fn types<T: Field, const N: usize>(kinds: &str) -> [TypeNum; N] {
    let mut out = [T::NUM; N];
    let mut i = 0;
    while i < N {
        out[i] = match kinds.as_bytes()[i] {
            b'r' => T::REAL,
            b'c' => <T::Cplx as Element>::NUM,
            b'i' => TypeNum::Int,
            _ => T::NUM,
        };
        i += 1;
    }
    out
}

/// The smaller of the first two core dimensions is the last one.
fn smaller_of_two(sizes: &mut [isize]) {
    if let [m, n, .., p] = sizes {
        *p = (*m).min(*n);
    }
}

/// Rows `name, kinds of operands, routine over element types, signature, doc`; with `where last` the
/// last core dimension is the smaller of the first two.
macro_rules! rows {
    ($($name:literal ($nin:literal, $nout:literal) $kinds:literal [$routine:ty] [$($t:ty),+]
        $signature:literal $(where $sizes:ident)?, $doc:literal;)+) => {
        static OPS: &[Op] = &[$(Op {
            name: $name,
            aliases: &[],
            nin: $nin,
            nout: $nout,
            identity: Identity::None,
            loops: &[$(OpLoop::generalised(
                &const { types::<$t, { $nin + $nout }>($kinds) },
                raw::each::<$t, $routine>,
                FpClass::Reported,
            )),+],
            resolve: ResolveKind::Default,
            signature: Some($signature),
            sizes: [$(Some($sizes as fn(&mut [isize])),)? None][0],
            doc: $doc,
            foreign: 0,
        }),+];
    };
}

type F = f32;
type D = f64;
type CF = Complex<f32>;
type CD = Complex<f64>;

rows! {
    "det"(1, 1) "mm" [Det] [F, D, CF, CD]
        "(m,m)->()", "The determinant of the last two axes.";
    "slogdet"(1, 2) "mmr" [SlogDet] [F, D, CF, CD]
        "(m,m)->(),()", "Sign and logarithm of the absolute value of the determinant.";
    "inv"(1, 1) "mm" [Inv] [F, D, CF, CD]
        "(m, m)->(m, m)", "The inverse of the last two axes.";
    "solve"(2, 1) "mmm" [Solve] [F, D, CF, CD]
        "(m,m),(m,n)->(m,n)", "The solutions of linear equations.";
    "solve1"(2, 1) "mmm" [Solve1] [F, D, CF, CD]
        "(m,m),(m)->(m)", "The solution of linear equations.";
    "cholesky_lo"(1, 1) "mm" [Cholesky<false>] [F, D, CF, CD]
        "(m,m)->(m,m)", "The lower Cholesky factor of the last two axes.";
    "cholesky_up"(1, 1) "mm" [Cholesky<true>] [F, D, CF, CD]
        "(m,m)->(m,m)", "The upper Cholesky factor of the last two axes.";
    "eig"(1, 2) "mcc" [Eig<true>] [F, D, CD]
        "(m,m)->(m),(m,m)", "Eigenvalues and right eigenvectors of the last two axes.";
    "eigvals"(1, 1) "mc" [Eig<false>] [F, D, CD]
        "(m,m)->(m)", "Eigenvalues of the last two axes.";
    "eigh_lo"(1, 2) "mrm" [Eigh<false, true>] [F, D, CF, CD]
        "(m,m)->(m),(m,m)", "Eigenvalues and eigenvectors of Hermitian matrices, from their lower triangle.";
    "eigh_up"(1, 2) "mrm" [Eigh<true, true>] [F, D, CF, CD]
        "(m,m)->(m),(m,m)", "Eigenvalues and eigenvectors of Hermitian matrices, from their upper triangle.";
    "eigvalsh_lo"(1, 1) "mr" [Eigh<false, false>] [F, D, CF, CD]
        "(m,m)->(m)", "Eigenvalues of Hermitian matrices, from their lower triangle.";
    "eigvalsh_up"(1, 1) "mr" [Eigh<true, false>] [F, D, CF, CD]
        "(m,m)->(m)", "Eigenvalues of Hermitian matrices, from their upper triangle.";
    "svd"(1, 1) "mr" [Svd<VALUES>] [F, D, CF, CD]
        "(m,n)->(p)" where smaller_of_two, "Singular values of the last two axes.";
    "svd_s"(1, 3) "mmrm" [Svd<REDUCED>] [F, D, CF, CD]
        "(m,n)->(m,p),(p),(p,n)" where smaller_of_two, "Singular values, with as many vectors on both sides.";
    "svd_f"(1, 3) "mmrm" [Svd<FULL>] [F, D, CF, CD]
        "(m,n)->(m,m),(p),(n,n)" where smaller_of_two, "Singular values, with full bases on both sides.";
    "lstsq"(3, 4) "mmrmrir" [Lstsq] [F, D, CF, CD]
        "(m,n),(m,nrhs),()->(n,nrhs),(nrhs),(),(p)" where smaller_of_two,
        "Least-squares solutions, squared residuals, rank and singular values.";
    "qr_r_raw"(1, 1) "mm" [QrRaw] [D, CD]
        "(m,n)->(p)" where smaller_of_two, "Factors of the reflectors; the input takes the factorisation.";
    "qr_reduced"(2, 1) "mmm" [QrForm<false>] [D, CD]
        "(m,n),(k)->(m,k)", "The first columns of Q from a factorisation.";
    "qr_complete"(2, 1) "mmm" [QrForm<true>] [D, CD]
        "(m,n),(n)->(m,m)", "All of Q from a factorisation.";
}

/// All rows.
pub fn ops() -> &'static [Op] {
    OPS
}
