//! How element functions are written down: a marker type for each operation, one line for each
//! class of types.

/// Declares marker types of operations, generic over the element.
macro_rules! markers {
    ($($(#[$meta:meta])* $name:ident)+) => {$(
        $(#[$meta])*
        pub(crate) struct $name<T>(std::marker::PhantomData<T>);
    )+};
}
pub(crate) use markers;

/// `op1!(Name [types] -> Out, |x, st| value)`: unary element functions; `Out` defaults to the type.
macro_rules! op1 {
    ($Op:ident [$($T:ty),+], |$x:pat_param, $st:pat_param| $e:expr) => {$(
        impl $crate::shape::Op1 for $Op<$T> {
            type I = $T;
            type O = $T;
            #[inline(always)]
            fn f($x: $T, $st: &mut u8) -> $T { $e }
        }
    )+};
    ($Op:ident [$($T:ty),+] -> $O:ty, |$x:pat_param, $st:pat_param| $e:expr) => {$(
        impl $crate::shape::Op1 for $Op<$T> {
            type I = $T;
            type O = $O;
            #[inline(always)]
            fn f($x: $T, $st: &mut u8) -> $O { $e }
        }
    )+};
}
pub(crate) use op1;

/// `op2!(Name [types] -> Out, |x, y, st| value)`: binary element functions of one input type; a
/// `fold` expression after it replaces the plain reduction.
macro_rules! op2 {
    ($Op:ident [$($T:ty),+], |$x:pat_param, $y:pat_param, $st:pat_param| $e:expr) => {
        op2!($Op [$($T),+], |$x, $y, $st| $e, fold (crate::shape::fold::<Self>));
    };
    ($Op:ident [$($T:ty),+], |$x:pat_param, $y:pat_param, $st:pat_param| $e:expr, fold $fold:tt) => {$(
        impl $crate::shape::Op2 for $Op<$T> {
            type L = $T;
            type R = $T;
            type O = $T;
            #[inline(always)]
            fn f($x: $T, $y: $T, $st: &mut u8) -> $T { $e }
            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn reduce(acc: $T, b: *const u8, sb: isize, n: usize, st: &mut u8) -> $T {
                // SAFETY: passed on to the caller.
                unsafe { $fold(acc, b, sb, n, st) }
            }
        }
    )+};
    ($Op:ident [$($T:ty),+] -> $O:ty, |$x:pat_param, $y:pat_param, $st:pat_param| $e:expr) => {$(
        impl $crate::shape::Op2 for $Op<$T> {
            type L = $T;
            type R = $T;
            type O = $O;
            #[inline(always)]
            fn f($x: $T, $y: $T, $st: &mut u8) -> $O { $e }
        }
    )+};
}
pub(crate) use op2;

/// Writes a unary operation of halves by its value in `f32`.
macro_rules! half1 {
    ($Op:ident, |$x:ident| $e:expr) => {
        $crate::ops::op1!($Op[numoxide_dtype::F16], |x, st| {
            let $x = $crate::half::to_f32(x);
            $crate::half::round($e, st)
        });
    };
}
pub(crate) use half1;

/// Writes a binary operation of halves by its value in `f32`; `wide` ones round a reduction once,
/// at its end.
macro_rules! half2 {
    ($Op:ident, |$x:ident, $y:ident| $e:expr) => {
        $crate::ops::half2!($Op, |$x, $y| $e, fold ($crate::shape::fold::<Self>));
    };
    ($Op:ident, |$x:ident, $y:ident| $e:expr, wide) => {
        $crate::ops::half2!($Op, |$x, $y| $e, fold ($crate::half::fold(|$x: f32, $y: f32| $e)));
    };
    ($Op:ident, |$x:ident, $y:ident| $e:expr, fold $fold:tt) => {
        $crate::ops::op2!($Op [numoxide_dtype::F16], |x, y, st| {
            let ($x, $y) = ($crate::half::to_f32(x), $crate::half::to_f32(y));
            $crate::half::round($e, st)
        }, fold $fold);
    };
}
pub(crate) use half2;

/// `op1x2!(Name [types] -> Out1, Out2, |x, st| (a, b))`: unary element functions of two values.
macro_rules! op1x2 {
    ($Op:ident [$($T:ty),+] -> $O:ty, |$x:pat_param, $st:pat_param| $e:expr) => {$(
        impl $crate::shape::Op1x2 for $Op<$T> {
            type I = $T;
            type O = $T;
            type P = $O;
            #[inline(always)]
            fn f($x: $T, $st: &mut u8) -> ($T, $O) { $e }
        }
    )+};
}
pub(crate) use op1x2;

/// `op2x2!(Name [types], |x, y, st| (a, b))`: binary element functions of two values.
macro_rules! op2x2 {
    ($Op:ident [$($T:ty),+], |$x:pat_param, $y:pat_param, $st:pat_param| $e:expr) => {$(
        impl $crate::shape::Op2x2 for $Op<$T> {
            type T = $T;
            type O = $T;
            #[inline(always)]
            fn f($x: $T, $y: $T, $st: &mut u8) -> ($T, $T) { $e }
        }
    )+};
}
pub(crate) use op2x2;
