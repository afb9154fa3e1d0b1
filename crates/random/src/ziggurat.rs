//! Standard normal and standard exponential variates by the ziggurat method with 256 layers.
//!
//! Source: G. Marsaglia, W. W. Tsang, "The Ziggurat Method for Generating Random Variables"
//! (2000). All layers have the same area `v`; layer i reaches to `x[i]`, the topmost is layer 1,
//! and layer 0 is the base strip with the tail beyond `r = x[255]`. A word gives the layer, for
//! normals the sign, and a position in the layer; below `k[i]` the position is under the curve.
//!
//! The four tables (normal and exponential, double and single) are equal to NumPy's, whose
//! authors made each with other rounding; the remarks at the constructors say which.

use std::sync::LazyLock;

use crate::bitgen::BitGen;
use crate::dd::Dd;

const LAYERS: usize = 256;
const NORMAL_R: f64 = 3.654_152_885_361_008_8;
const NORMAL_V: f64 = 0.004_928_673_233_974_652;
const EXPONENTIAL_R: Dd = Dd {
    hi: 7.697_117_470_131_05,
    lo: -3.624_870_366_240_548_6e-16,
};

/// Edges and heights of the layers.
struct Ziggurat<K, F> {
    /// Per layer: the bound of the quick acceptance, and the width of one position.
    layers: [(K, F); LAYERS],
    /// The density at each edge; 1 for layer 0.
    f: [F; LAYERS],
}

static NORMAL: LazyLock<Ziggurat<u64, f64>> = LazyLock::new(normal_f64);
static NORMAL_F32: LazyLock<Ziggurat<u32, f32>> = LazyLock::new(normal_f32);
static EXPONENTIAL: LazyLock<Ziggurat<u64, f64>> = LazyLock::new(exponential_f64);
static EXPONENTIAL_F32: LazyLock<Ziggurat<u32, f32>> = LazyLock::new(exponential_f32);

/// Edges (with the width of the base strip at 0) and heights of the normal ziggurat, in doubles.
fn normal_ladder() -> ([f64; LAYERS], [f64; LAYERS]) {
    let height = |x: f64| (-0.5 * x * x).exp();
    let (mut x, mut f) = ([0.0; LAYERS], [1.0; LAYERS]);
    x[LAYERS - 1] = NORMAL_R;
    f[LAYERS - 1] = height(NORMAL_R);
    for i in (1..LAYERS - 1).rev() {
        x[i] = (-2.0 * (NORMAL_V / x[i + 1] + f[i + 1]).ln()).sqrt();
        f[i] = height(x[i]);
        if i == 38 {
            // The table that streams depend on was rounded up here, and the layers above follow.
            f[i] = f[i].next_up();
        }
    }
    x[0] = NORMAL_V / f[LAYERS - 1];
    (x, f)
}

/// Edges and heights of the exponential ziggurat, correctly rounded.
fn exponential_ladder() -> ([f64; LAYERS], [f64; LAYERS], [f64; LAYERS]) {
    let r = EXPONENTIAL_R;
    let tail = r.neg().exp();
    let area = r.add(Dd::ONE).mul(tail);
    let (mut x, mut f, mut ratio) = ([0.0; LAYERS], [1.0; LAYERS], [0.0; LAYERS]);
    let (mut edge, mut height) = (r, tail);
    for i in (1..LAYERS).rev() {
        (x[i], f[i]) = (edge.hi, height.hi);
        height = height.add(area.div(edge));
        let above = height.ln().neg();
        ratio[i] = above.div(edge).hi;
        edge = above;
    }
    ratio[1] = 0.0;
    x[0] = area.div(tail).hi;
    ratio[0] = r.div(area.div(tail)).hi;
    (x, f, ratio)
}

/// The share of layer `i` that lies under the curve.
fn normal_share(x: &[f64; LAYERS], i: usize) -> f64 {
    match i {
        0 => x[LAYERS - 1] / x[0],
        1 => 0.0,
        _ => x[i - 1] / x[i],
    }
}

fn normal_f64() -> Ziggurat<u64, f64> {
    const STEPS: f64 = (1_u64 << 52) as f64;
    let (x, f) = normal_ladder();
    let bound = |i| (normal_share(&x, i) * STEPS).round_ties_even() as u64;
    Ziggurat {
        layers: std::array::from_fn(|i| (bound(i), x[i] / STEPS)),
        f,
    }
}

fn normal_f32() -> Ziggurat<u32, f32> {
    const STEPS: f64 = (1_u64 << 23) as f64;
    let (x, f) = normal_ladder();
    let bound = |i| (normal_share(&x, i) * STEPS).round_ties_even() as u32;
    Ziggurat {
        layers: std::array::from_fn(|i| (bound(i), (x[i] / STEPS) as f32)),
        f: f.map(|y| y as f32),
    }
}

/// Positions have 53 bits, but their bounds were rounded down to 52.
fn exponential_f64() -> Ziggurat<u64, f64> {
    const STEPS: f64 = (1_u64 << 52) as f64;
    let (x, f, ratio) = exponential_ladder();
    let bound = |i: usize| 2 * (ratio[i] * STEPS) as u64;
    Ziggurat {
        layers: std::array::from_fn(|i| (bound(i), x[i] / (2.0 * STEPS))),
        f,
    }
}

/// The values went through nine decimal digits before they became floats.
fn exponential_f32() -> Ziggurat<u32, f32> {
    const STEPS: f64 = (1_u64 << 23) as f64;
    let nine_digits = |value: f64| format!("{value:.8e}").parse().unwrap_or(value as f32);
    let (x, f, ratio) = exponential_ladder();
    let bound = |i: usize| (ratio[i] * STEPS).round_ties_even() as u32;
    Ziggurat {
        layers: std::array::from_fn(|i| (bound(i), nine_digits(x[i] / STEPS))),
        f: f.map(nine_digits),
    }
}

/// A standard normal variate.
#[inline]
pub fn standard_normal<G: BitGen + ?Sized>(gen: &mut G) -> f64 {
    normal(gen, &NORMAL)
}

/// A standard normal variate in single precision.
#[inline]
pub fn standard_normal_f32<G: BitGen + ?Sized>(gen: &mut G) -> f32 {
    normal_single(gen, &NORMAL_F32)
}

/// A standard exponential variate.
#[inline]
pub fn standard_exponential<G: BitGen + ?Sized>(gen: &mut G) -> f64 {
    exponential(gen, &EXPONENTIAL)
}

/// A standard exponential variate in single precision.
#[inline]
pub fn standard_exponential_f32<G: BitGen + ?Sized>(gen: &mut G) -> f32 {
    exponential_single(gen, &EXPONENTIAL_F32)
}

pub(crate) fn fill_normal<G: BitGen + ?Sized>(gen: &mut G, out: &mut [f64]) {
    let table = &*NORMAL;
    out.iter_mut().for_each(|slot| *slot = normal(gen, table));
}

pub(crate) fn fill_normal_f32<G: BitGen + ?Sized>(gen: &mut G, out: &mut [f32]) {
    let table = &*NORMAL_F32;
    out.iter_mut()
        .for_each(|slot| *slot = normal_single(gen, table));
}

pub(crate) fn fill_exponential<G: BitGen + ?Sized>(gen: &mut G, out: &mut [f64]) {
    let table = &*EXPONENTIAL;
    out.iter_mut()
        .for_each(|slot| *slot = exponential(gen, table));
}

pub(crate) fn fill_exponential_f32<G: BitGen + ?Sized>(gen: &mut G, out: &mut [f32]) {
    let table = &*EXPONENTIAL_F32;
    out.iter_mut()
        .for_each(|slot| *slot = exponential_single(gen, table));
}

#[inline(always)]
fn normal<G: BitGen + ?Sized>(gen: &mut G, table: &Ziggurat<u64, f64>) -> f64 {
    loop {
        let word = gen.next_u64();
        let layer = (word & 0xff) as usize;
        let position = (word >> 9) & 0x000f_ffff_ffff_ffff;
        let (bound, width) = table.layers[layer];
        let x = position as f64 * width;
        let x = if word & 0x100 != 0 { -x } else { x };
        if position < bound {
            return x;
        }
        if layer == 0 {
            return normal_tail(gen, position);
        }
        let (above, below) = (table.f[layer - 1], table.f[layer]);
        if (above - below) * gen.next_double() + below < (-0.5 * x * x).exp() {
            return x;
        }
    }
}

/// A normal variate beyond `r`, with the sign from a bit of the position that is still random.
#[cold]
fn normal_tail<G: BitGen + ?Sized>(gen: &mut G, position: u64) -> f64 {
    loop {
        let x = -(1.0 / NORMAL_R) * (-gen.next_double()).ln_1p();
        let y = -(-gen.next_double()).ln_1p();
        if y + y > x * x {
            let x = NORMAL_R + x;
            return if position & 0x100 != 0 { -x } else { x };
        }
    }
}

#[inline(always)]
fn normal_single<G: BitGen + ?Sized>(gen: &mut G, table: &Ziggurat<u32, f32>) -> f32 {
    loop {
        let word = gen.next_u32();
        let layer = (word & 0xff) as usize;
        let position = word >> 9;
        let (bound, width) = table.layers[layer];
        let x = position as f32 * width;
        let x = if word & 0x100 != 0 { -x } else { x };
        if position < bound {
            return x;
        }
        if layer == 0 {
            return normal_tail_single(gen, position);
        }
        let (above, below) = (table.f[layer - 1], table.f[layer]);
        let height = (above - below) * gen.next_float() + below;
        if f64::from(height) < (-0.5 * f64::from(x) * f64::from(x)).exp() {
            return x;
        }
    }
}

#[cold]
fn normal_tail_single<G: BitGen + ?Sized>(gen: &mut G, position: u32) -> f32 {
    const R: f32 = NORMAL_R as f32;
    const INVERSE_R: f32 = (1.0 / NORMAL_R) as f32;
    loop {
        let x = -INVERSE_R * (-gen.next_float()).ln_1p();
        let y = -(-gen.next_float()).ln_1p();
        if y + y > x * x {
            let x = R + x;
            return if position & 0x100 != 0 { -x } else { x };
        }
    }
}

#[inline(always)]
fn exponential<G: BitGen + ?Sized>(gen: &mut G, table: &Ziggurat<u64, f64>) -> f64 {
    loop {
        let word = gen.next_u64() >> 3;
        let layer = (word & 0xff) as usize;
        let position = word >> 8;
        let (bound, width) = table.layers[layer];
        let x = position as f64 * width;
        if position < bound {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL_R.hi - (-gen.next_double()).ln_1p();
        }
        let (above, below) = (table.f[layer - 1], table.f[layer]);
        if (above - below) * gen.next_double() + below < (-x).exp() {
            return x;
        }
    }
}

#[inline(always)]
fn exponential_single<G: BitGen + ?Sized>(gen: &mut G, table: &Ziggurat<u32, f32>) -> f32 {
    const R: f32 = EXPONENTIAL_R.hi as f32;
    loop {
        let word = gen.next_u32() >> 1;
        let layer = (word & 0xff) as usize;
        let position = word >> 8;
        let (bound, width) = table.layers[layer];
        let x = position as f32 * width;
        if position < bound {
            return x;
        }
        if layer == 0 {
            return R - (-gen.next_float()).ln_1p();
        }
        let (above, below) = (table.f[layer - 1], table.f[layer]);
        if (above - below) * gen.next_float() + below < (-x).exp() {
            return x;
        }
    }
}
