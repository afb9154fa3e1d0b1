//! Transforms of one line in memory, by type.

use numoxide_dtype::{Complex, TypeNum, F80};
use numoxide_kernels::longdouble;
use realfft::RealFftPlanner;
use rustfft::{FftDirection, FftPlanner};
use std::cell::RefCell;

/// A real number whose lines can be transformed.
pub(crate) trait Real: Copy + 'static {
    /// Its type number.
    const NUM: TypeNum;
    /// Type number of the complex type.
    const COMPLEX: TypeNum;
    /// Zero.
    const ZERO: Self;

    /// Transforms in place; the inverse is not scaled.
    fn complex(line: &mut [Complex<Self>], inverse: bool);
    /// The first half, and the middle, of a real line's transform; the line is used up.
    fn forward(line: &mut [Self], out: &mut [Complex<Self>]);
    /// A real line from half of its transform, which is used up; not scaled.
    fn backward(half: &mut [Complex<Self>], line: &mut [Self]);
    /// Multiplies real numbers.
    fn scale(items: &mut [Self], by: Self);
}

/// The parts of complex numbers as real numbers.
pub(crate) fn parts<T>(items: &mut [Complex<T>]) -> &mut [T] {
    // SAFETY: a complex number is its two parts, one after the other.
    unsafe { std::slice::from_raw_parts_mut(items.as_mut_ptr().cast(), 2 * items.len()) }
}

/// Our complex numbers as the libraries have them.
fn theirs<T>(items: &mut [Complex<T>]) -> &mut [rustfft::num_complex::Complex<T>] {
    // SAFETY: both are two parts, one after the other.
    unsafe { std::slice::from_raw_parts_mut(items.as_mut_ptr().cast(), items.len()) }
}

/// Points in all plans that a thread keeps, at most, before it forgets them.
const KEPT: usize = 1 << 21;

/// The plans and the workspace of a thread.
struct Plans<T: rustfft::FftNum> {
    complex: FftPlanner<T>,
    real: RealFftPlanner<T>,
    scratch: Vec<rustfft::num_complex::Complex<T>>,
    /// Sum of the last lengths asked for, each counted when it differs from the one before.
    points: usize,
    last: usize,
}

impl<T: rustfft::FftNum> Plans<T> {
    fn new() -> Plans<T> {
        Plans {
            complex: FftPlanner::new(),
            real: RealFftPlanner::new(),
            scratch: Vec::new(),
            points: 0,
            last: 0,
        }
    }

    /// Keeps memory bounded, whatever lengths come.
    fn note(&mut self, length: usize) {
        if length == self.last {
            return;
        }
        self.points = self.points.saturating_add(length);
        if self.points > KEPT {
            *self = Plans::new();
            self.points = length;
        }
        self.last = length;
    }
}

macro_rules! native {
    ($($t:ty => $num:ident, $complex:ident, $plans:ident);+ $(;)?) => { $(
        thread_local! {
            static $plans: RefCell<Plans<$t>> = RefCell::new(Plans::new());
        }

        impl Real for $t {
            const NUM: TypeNum = TypeNum::$num;
            const COMPLEX: TypeNum = TypeNum::$complex;
            const ZERO: Self = 0.0;

            fn complex(line: &mut [Complex<Self>], inverse: bool) {
                let direction = if inverse { FftDirection::Inverse } else { FftDirection::Forward };
                $plans.with_borrow_mut(|plans| {
                    plans.note(line.len());
                    let plan = plans.complex.plan_fft(line.len(), direction);
                    plans.scratch.resize(plan.get_inplace_scratch_len(), Default::default());
                    plan.process_with_scratch(theirs(line), &mut plans.scratch);
                });
            }

            fn forward(line: &mut [Self], out: &mut [Complex<Self>]) {
                $plans.with_borrow_mut(|plans| {
                    plans.note(line.len());
                    let plan = plans.real.plan_fft_forward(line.len());
                    plans.scratch.resize(plan.get_scratch_len(), Default::default());
                    // Lengths are right by construction: nothing is reported.
                    let _ = plan.process_with_scratch(line, theirs(out), &mut plans.scratch);
                });
            }

            fn backward(half: &mut [Complex<Self>], line: &mut [Self]) {
                // What must be real is taken as real.
                half[0].im = 0.0;
                if line.len().is_multiple_of(2) {
                    half[line.len() / 2].im = 0.0;
                }
                $plans.with_borrow_mut(|plans| {
                    plans.note(line.len());
                    let plan = plans.real.plan_fft_inverse(line.len());
                    plans.scratch.resize(plan.get_scratch_len(), Default::default());
                    let _ = plan.process_with_scratch(theirs(half), line, &mut plans.scratch);
                });
            }

            fn scale(items: &mut [Self], by: Self) {
                for x in items {
                    *x *= by;
                }
            }
        }
    )+ };
}

native! {
    f32 => Float, CFloat, SINGLE;
    f64 => Double, CDouble, DOUBLE;
}

impl Real for F80 {
    const NUM: TypeNum = TypeNum::LongDouble;
    const COMPLEX: TypeNum = TypeNum::CLongDouble;
    const ZERO: Self = F80([0; 16]);

    fn complex(line: &mut [Complex<Self>], inverse: bool) {
        longdouble::dft(line, inverse);
    }

    fn forward(line: &mut [Self], out: &mut [Complex<Self>]) {
        let im = Self::ZERO;
        let mut full: Vec<Complex<Self>> = line.iter().map(|&re| Complex { re, im }).collect();
        longdouble::dft(&mut full, false);
        out.copy_from_slice(&full[..out.len()]);
        // Real by definition, whatever rounding left.
        out[0].im = im;
        if line.len().is_multiple_of(2) {
            out[line.len() / 2].im = im;
        }
    }

    fn backward(half: &mut [Complex<Self>], line: &mut [Self]) {
        let n = line.len();
        let mut full = vec![
            Complex {
                re: Self::ZERO,
                im: Self::ZERO
            };
            n
        ];
        for (k, x) in half.iter().enumerate() {
            full[k] = *x;
            if k > 0 {
                // Bit 79 is the sign.
                let mut im = x.im;
                im.0[9] ^= 0x80;
                full[n - k] = Complex { re: x.re, im };
            }
        }
        full[0].im = Self::ZERO;
        if n.is_multiple_of(2) {
            full[n / 2] = Complex {
                re: half[n / 2].re,
                im: Self::ZERO,
            };
        }
        longdouble::dft(&mut full, true);
        for (to, from) in line.iter_mut().zip(&full) {
            *to = from.re;
        }
    }

    fn scale(items: &mut [Self], by: Self) {
        longdouble::scale(items, by);
    }
}
