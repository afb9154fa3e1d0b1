//! Loops as rows: the types a loop takes and gives, its variants and its flags.

use crate::loops::{FpClass, Levels, LoopFlags, StridedLoop};
use numoxide_dtype::{TypeNum, ROWS};

/// One loop of an operation.
#[derive(Clone, Copy)]
pub struct OpLoop {
    /// Type numbers of inputs, then outputs.
    pub types: &'static [TypeNum],
    /// The loop by CPU level.
    pub loops: Levels,
    /// What the executor must know of it.
    pub flags: LoopFlags,
    /// A loop for reductions and accumulations, where the ordinary one does not do.
    pub reduce: Option<Levels>,
    /// The ordinary reduction over two axes at once.
    pub pair: Option<Levels>,
    /// The operation on items by address, for `at`.
    pub at: Option<Levels>,
}

impl OpLoop {
    /// A costly loop of a generalised ufunc that runs without the interpreter and cannot fail.
    pub const fn generalised(types: &'static [TypeNum], f: StridedLoop, fp: FpClass) -> OpLoop {
        OpLoop {
            types,
            loops: Levels::one(f),
            flags: flags(fp, 255),
            reduce: None,
            pair: None,
            at: None,
        }
    }
}

/// Flags of a loop without floating-point status.
pub(crate) const NEVER: LoopFlags = flags(FpClass::Never, 1);
/// As [`NEVER`], for a loop that forgets the status of casts before it.
pub(crate) const FORGETS: LoopFlags = LoopFlags {
    forgets: true,
    ..NEVER
};
/// Flags of a loop whose hardware flags are NumPy's.
pub(crate) const HW: LoopFlags = flags(FpClass::Hardware, 1);
/// Flags of a loop that reports its own status.
pub(crate) const REPORTED: LoopFlags = flags(FpClass::Reported, 4);

/// Flags of a loop that runs without the interpreter and cannot fail.
pub(crate) const fn flags(fp: FpClass, cost: u8) -> LoopFlags {
    LoopFlags {
        needs_gil: false,
        may_fail: false,
        fp,
        forgets: false,
        cost,
        pair: None,
        at: None,
    }
}

/// How many types a signature like `bb->b` names.
pub(crate) const fn arity(sig: &str) -> usize {
    sig.len() - 2
}

/// The types a signature like `bb->b` names.
pub(crate) const fn parse<const N: usize>(sig: &str) -> [TypeNum; N] {
    let mut out = [TypeNum::Bool; N];
    let (mut i, mut k) = (0, 0);
    while i < sig.len() {
        let code = sig.as_bytes()[i];
        i += 1;
        if code == b'-' || code == b'>' {
            continue;
        }
        let mut row = 0;
        while ROWS[row].code != code {
            row += 1;
        }
        out[k] = ROWS[row].num;
        k += 1;
    }
    out
}

/// How many rows the parts hold together.
pub(crate) const fn total(parts: &[&[OpLoop]]) -> usize {
    let (mut i, mut n) = (0, 0);
    while i < parts.len() {
        n += parts[i].len();
        i += 1;
    }
    n
}

/// The parts' rows in one array.
pub(crate) const fn cat<const N: usize>(parts: &[&[OpLoop]]) -> [OpLoop; N] {
    let mut out = [parts[0][0]; N];
    let (mut i, mut k) = (0, 0);
    while i < parts.len() {
        let mut j = 0;
        while j < parts[i].len() {
            out[k] = parts[i][j];
            k += 1;
            j += 1;
        }
        i += 1;
    }
    out
}

/// One row: signature, loop, flags.
macro_rules! row {
    ($sig:expr, $levels:expr, $flags:expr) => {
        $crate::table::OpLoop {
            types: {
                const TYPES: [numoxide_dtype::TypeNum; $crate::table::arity($sig)] =
                    $crate::table::parse($sig);
                &TYPES
            },
            loops: $levels,
            flags: $flags,
            reduce: None,
            pair: None,
            at: None,
        }
    };
}
pub(crate) use row;

/// Signatures by shape, for the type with one code.
macro_rules! sig {
    (1, $c:literal) => {
        concat!($c, "->", $c)
    };
    (2, $c:literal) => {
        concat!($c, $c, "->", $c)
    };
    (3, $c:literal) => {
        concat!($c, $c, $c, "->", $c)
    };
    (test1, $c:literal) => {
        concat!($c, "->?")
    };
    (test2, $c:literal) => {
        concat!($c, $c, "->?")
    };
    (two1, $c:literal) => {
        concat!($c, "->", $c, $c)
    };
    (two2, $c:literal) => {
        concat!($c, $c, "->", $c, $c)
    };
    (index1, $c:literal) => {
        concat!($c, "->l")
    };
    (count1, $c:literal) => {
        concat!($c, "->B")
    };
}
pub(crate) use sig;

/// Rows of the ten integer types.
macro_rules! ints {
    ($sig:tt, $make:ident, $Op:ident, $flags:expr) => {
        &[
            row!(sig!($sig, "b"), $make::<$Op<i8>>(), $flags),
            row!(sig!($sig, "B"), $make::<$Op<u8>>(), $flags),
            row!(sig!($sig, "h"), $make::<$Op<i16>>(), $flags),
            row!(sig!($sig, "H"), $make::<$Op<u16>>(), $flags),
            row!(sig!($sig, "i"), $make::<$Op<i32>>(), $flags),
            row!(sig!($sig, "I"), $make::<$Op<u32>>(), $flags),
            row!(sig!($sig, "l"), $make::<$Op<i64>>(), $flags),
            row!(sig!($sig, "L"), $make::<$Op<u64>>(), $flags),
            row!(sig!($sig, "q"), $make::<$Op<i64>>(), $flags),
            row!(sig!($sig, "Q"), $make::<$Op<u64>>(), $flags),
        ]
    };
}
pub(crate) use ints;

/// Rows of listed types: code and Rust type.
macro_rules! rows {
    ($sig:tt, $make:ident, $Op:ident, $flags:expr, $($c:literal $T:ty),+) => {
        &[$(row!(sig!($sig, $c), $make::<$Op<$T>>(), $flags)),+]
    };
}
pub(crate) use rows;

/// The rows of [`ints`] and [`rows`] for binary operations that are often reduced.
macro_rules! reducible {
    ($Op:ident, $flags:expr, ints) => {
        reducible!($Op, $flags, "b" i8, "B" u8, "h" i16, "H" u16, "i" i32, "I" u32, "l" i64,
            "L" u64, "q" i64, "Q" u64)
    };
    ($Op:ident, $flags:expr, $($c:literal $T:ty),+) => {
        &[$($crate::table::OpLoop {
            pair: Some($crate::reduce::pair::pair::<$Op<$T>>()),
            at: Some($crate::reduce::indexed::indexed::<$Op<$T>>()),
            ..row!(sig!(2, $c), binary::<$Op<$T>>(), $flags)
        }),+]
    };
}
pub(crate) use reducible;

/// Statics that hold the rows of an operation, put together from parts.
macro_rules! tables {
    ($($(#[$meta:meta])* $name:ident = [$($part:expr),+ $(,)?];)+) => {$(
        $(#[$meta])*
        pub static $name: &[$crate::table::OpLoop] = {
            const PARTS: &[&[$crate::table::OpLoop]] = &[$($part),+];
            static ROWS: [$crate::table::OpLoop; $crate::table::total(PARTS)] =
                $crate::table::cat(PARTS);
            &ROWS
        };
    )+};
}
pub(crate) use tables;
