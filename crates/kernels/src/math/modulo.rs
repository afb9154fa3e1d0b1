//! Branch-free remainders of floats.
//!
//! Method: the quotient, rounded to an integer below 2^50 (`f32`: 2^21), is off by at most one, so that
//! a fused multiply-add gives the rest of the division exactly. Results are exact, or rounded where
//! NumPy's are.

use super::lanes::Real;

/// The whole quotient of the sizes, cut off, the rest, and whether both are good.
#[inline(always)]
fn parts<V: Real>(x: V, y: V) -> (V, V, V::M) {
    let (a, b, magic) = (x.abs(), y.abs(), V::of(V::MAGIC));
    let q = (a / b + magic) - magic;
    let r = (-q).fma(b, a);
    let over = r.lt(V::number(0.0));
    let good = q.lt(magic * V::number(0.125)) & r.same(r);
    let one = V::number(1.0);
    (V::pick(over, q - one, q), V::pick(over, r + b, r), good)
}

/// Whether the quotient of `x` and `y` is negative and not whole, where their rest is `r`.
#[inline(always)]
fn below<V: Real>(x: V, y: V, r: V) -> V::M {
    let zero = V::number(0.0);
    (x.lt(zero) ^ y.lt(zero)) & zero.lt(r)
}

/// The rest with the sign of `x`.
#[inline(always)]
pub(crate) fn fmod<V: Real>(x: V, y: V) -> (V, V::M) {
    let (_, r, good) = parts(x, y);
    (r.signed(x), good)
}

/// The rest with the sign of `y`.
#[inline(always)]
pub(crate) fn remainder<V: Real>(x: V, y: V) -> (V, V::M) {
    let (_, r, good) = parts(x, y);
    let v = V::pick(below(x, y, r), r.signed(x) + y, r.signed(y));
    (v, good)
}

/// The quotient rounded down.
#[inline(always)]
pub(crate) fn floor_divide<V: Real>(x: V, y: V) -> (V, V::M) {
    let (q, r, good) = parts(x, y);
    let q = V::pick(below(x, y, r), q + V::number(1.0), q);
    (q.signed(x.xor(y)), good)
}
