//! Every loop of the table, at every CPU level and in every shape, against its slow twin: the same
//! function called for one element at a time.

use super::{ops, Op, OpLoop};
use numoxide_dtype::{DType, TypeNum};
use numoxide_kernels::cpu::{level, Level};
use numoxide_kernels::{LoopCtx, StridedLoop};

/// Elements of a call: more than two vector blocks, and an odd rest.
const N: usize = 301;
/// Bytes between elements of spaced operands, in elements.
const SPACE: usize = 3;

/// A small generator with a fixed seed (xorshift64*).
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A float: mostly tame, sometimes special.
    fn float(&mut self) -> f64 {
        const SPECIAL: [f64; 8] = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e30,
        ];
        match self.next() % 8 {
            0 => SPECIAL[(self.next() % 8) as usize],
            1 => (self.next() % 20) as f64 - 10.0,
            _ => (self.next() as i64 >> 11) as f64 / (1u64 << 48) as f64,
        }
    }

    /// Appends an element of a type.
    fn element(&mut self, num: TypeNum, out: &mut Vec<u8>) {
        match num {
            TypeNum::Half => {
                let half = numoxide_kernels::half::from_f32(self.float() as f32);
                out.extend(half.0.to_ne_bytes());
            }
            TypeNum::Float => out.extend((self.float() as f32).to_ne_bytes()),
            TypeNum::Double => out.extend(self.float().to_ne_bytes()),
            TypeNum::CFloat => (0..2).for_each(|_| self.element(TypeNum::Float, out)),
            TypeNum::CDouble => (0..2).for_each(|_| self.element(TypeNum::Double, out)),
            _ => {
                let small = self.next().is_multiple_of(2);
                let bits = if small { self.next() % 12 } else { self.next() };
                out.extend(&bits.to_ne_bytes()[..num.row().size]);
            }
        }
    }
}

/// An operand: aligned bytes and its stride.
#[derive(Clone)]
struct Operand {
    store: Vec<u128>,
    stride: isize,
    start: usize,
}

impl Operand {
    /// Elements laid out `step` elements apart (negative: backwards; 0: the first for all).
    fn new(bytes: &[u8], size: usize, step: isize) -> Operand {
        let apart = step.unsigned_abs();
        let count = bytes.len() / size;
        let mut operand = Operand {
            store: vec![0; (count * apart.max(1) * size).div_ceil(16) + 1],
            stride: step * size as isize,
            start: if step < 0 {
                (count - 1) * apart * size
            } else {
                0
            },
        };
        let p = operand.ptr();
        for (i, element) in bytes
            .chunks(size)
            .enumerate()
            .take(if step == 0 { 1 } else { count })
        {
            // SAFETY: the store holds `count` elements `apart` elements apart from `start`.
            unsafe {
                let to = p.offset(i as isize * operand.stride);
                to.copy_from_nonoverlapping(element.as_ptr(), size);
            }
        }
        operand
    }

    fn ptr(&mut self) -> *mut u8 {
        self.store
            .as_mut_ptr()
            .cast::<u8>()
            .wrapping_add(self.start)
    }

    /// The elements' bytes in order.
    fn read(&mut self, size: usize, n: usize) -> Vec<u8> {
        let (p, stride) = (self.ptr(), self.stride);
        // SAFETY: the store holds `n` elements from `start`.
        let at =
            |i: usize| unsafe { std::slice::from_raw_parts(p.offset(i as isize * stride), size) };
        (0..n).flat_map(|i| at(i).to_vec()).collect()
    }
}

fn size_of(num: TypeNum) -> usize {
    num.row().size
}

fn call(f: StridedLoop, args: &[*mut u8], strides: &[isize], n: usize) {
    let dtypes: Vec<DType> = Vec::new();
    let ctx = LoopCtx::new(&dtypes);
    let dims = [n as isize];
    // SAFETY: the operands were laid out for `n` elements of the loop's types.
    unsafe {
        f(
            &ctx,
            args.as_ptr(),
            dims.as_ptr(),
            strides.as_ptr(),
            std::ptr::null_mut(),
        )
    };
}

/// Outputs of a call whose inputs are `steps` apart; `inplace` writes over that input.
fn outputs(
    row: &OpLoop,
    f: StridedLoop,
    inputs: &[Vec<u8>],
    steps: &[isize],
    out_step: isize,
    inplace: Option<usize>,
) -> Vec<Vec<u8>> {
    let nin = inputs.len();
    let mut operands: Vec<Operand> = (0..row.types.len())
        .map(|k| match inputs.get(k) {
            Some(bytes) => Operand::new(bytes, size_of(row.types[k]), steps[k]),
            None => Operand::new(
                &vec![0; N * size_of(row.types[k])],
                size_of(row.types[k]),
                out_step,
            ),
        })
        .collect();
    if let Some(k) = inplace {
        let strides: Vec<isize> = operands.iter().map(|o| o.stride).collect();
        let mut args: Vec<*mut u8> = operands.iter_mut().map(Operand::ptr).collect();
        args[nin] = args[k];
        call(f, &args, &strides, N);
        return vec![operands[k].read(size_of(row.types[nin]), N)];
    }
    let strides: Vec<isize> = operands.iter().map(|o| o.stride).collect();
    let args: Vec<*mut u8> = operands.iter_mut().map(Operand::ptr).collect();
    call(f, &args, &strides, N);
    (nin..row.types.len())
        .map(|k| operands[k].read(size_of(row.types[k]), N))
        .collect()
}

/// The slow twin: one call an element.
fn twin(row: &OpLoop, f: StridedLoop, inputs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let nin = inputs.len();
    let mut outs = vec![Vec::new(); row.types.len() - nin];
    for i in 0..N {
        let mut operands: Vec<Operand> = row
            .types
            .iter()
            .enumerate()
            .map(|(k, &num)| {
                let size = size_of(num);
                let zero = vec![0; size];
                let bytes = inputs.get(k).map_or(&zero[..], |b| &b[i * size..][..size]);
                Operand::new(bytes, size, 1)
            })
            .collect();
        let strides: Vec<isize> = operands.iter().map(|o| o.stride).collect();
        let args: Vec<*mut u8> = operands.iter_mut().map(Operand::ptr).collect();
        call(f, &args, &strides, 1);
        for (k, out) in outs.iter_mut().enumerate() {
            out.extend(operands[nin + k].read(size_of(row.types[nin + k]), 1));
        }
    }
    outs
}

/// The bytes with every NaN in one form.
fn canonical(num: TypeNum, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let part = match num {
        TypeNum::Half => 2,
        TypeNum::Float | TypeNum::CFloat => 4,
        TypeNum::Double | TypeNum::CDouble => 8,
        _ => return out,
    };
    for chunk in out.chunks_mut(part) {
        let mut wide = [0; 8];
        wide[..part].copy_from_slice(chunk);
        let bits = u64::from_ne_bytes(wide);
        let nan = match part {
            2 => bits & 0x7fff > 0x7c00,
            4 => f32::from_bits(bits as u32).is_nan(),
            _ => f64::from_bits(bits).is_nan(),
        };
        if nan {
            chunk.fill(0xff);
        }
    }
    out
}

/// Whether the baseline level has its own bits: fused products and vector kernels.
fn fused(op: &Op, row: &OpLoop) -> bool {
    let complex = row.types[0].is_complex();
    match op.name {
        "multiply" | "square" | "absolute" => complex,
        "power" | "float_power" => row.types[0].is_float(),
        "exp" | "exp2" | "expm1" | "log" | "log2" | "log10" | "log1p" | "sin" | "cos" | "tan"
        | "sinh" | "cosh" | "tanh" | "arcsin" | "arccos" | "arctan" | "arcsinh" | "arccosh"
        | "arctanh" | "cbrt" | "hypot" | "arctan2" | "logaddexp" | "logaddexp2" => !complex,
        _ => false,
    }
}

fn inputs_of(op: &Op, row: &OpLoop, rng: &mut Rng) -> Vec<Vec<u8>> {
    let unsigned = op.name == "power" && row.types[0].is_integer();
    (0..op.nin as usize)
        .map(|k| {
            let mut bytes = Vec::new();
            for _ in 0..N {
                let at = bytes.len();
                rng.element(row.types[k], &mut bytes);
                if unsigned && k == 1 {
                    // Negative exponents are an error, not a value.
                    bytes[at + 1..].fill(0);
                    bytes[at] &= 0x7f;
                }
            }
            bytes
        })
        .collect()
}

fn check(op: &Op, row: &OpLoop, lv: usize, inputs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let f = row.loops.0[lv];
    let nin = inputs.len();
    let expected = twin(row, f, inputs);
    let same = |got: &[Vec<u8>], want: &[Vec<u8>], shape: &str| {
        for (k, (g, w)) in got.iter().zip(want).enumerate() {
            let num = row.types[nin + k];
            assert!(
                canonical(num, g) == canonical(num, w),
                "{} {:?} level {lv} {shape}",
                op.name,
                row.types
            );
        }
    };
    let one = vec![1; nin];
    let apart = SPACE as isize;
    same(
        &outputs(row, f, inputs, &one, 1, None),
        &expected,
        "contiguous",
    );
    same(
        &outputs(row, f, inputs, &vec![apart; nin], 2, None),
        &expected,
        "spaced",
    );
    same(
        &outputs(row, f, inputs, &vec![-1; nin], 1, None),
        &expected,
        "reversed",
    );
    for k in 0..nin {
        let size = size_of(row.types[k]);
        let mut repeated = inputs.to_vec();
        repeated[k] = inputs[k][..size].repeat(N);
        let mut steps = one.clone();
        steps[k] = 0;
        same(
            &outputs(row, f, inputs, &steps, 1, None),
            &twin(row, f, &repeated),
            "scalar",
        );
        if row.types.len() == nin + 1 && row.types[k] == row.types[nin] {
            same(
                &outputs(row, f, inputs, &one, 1, Some(k)),
                &expected,
                "in place",
            );
        }
    }
    expected
}

#[test]
fn loops_agree_with_their_twins() {
    let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
    for op in ops().iter().filter(|op| op.signature.is_none()) {
        for row in op.loops {
            if matches!(row.types[0], TypeNum::LongDouble | TypeNum::CLongDouble) {
                continue;
            }
            let inputs = inputs_of(op, row, &mut rng);
            let outs: Vec<_> = (0..=level() as usize)
                .map(|lv| check(op, row, lv, &inputs))
                .collect();
            let first = if fused(op, row) {
                Level::V3 as usize
            } else {
                0
            };
            for pair in outs.get(first..).unwrap_or_default().windows(2) {
                for (k, (a, b)) in pair[0].iter().zip(&pair[1]).enumerate() {
                    let num = row.types[op.nin as usize + k];
                    assert!(canonical(num, a) == canonical(num, b), "{} levels", op.name);
                }
            }
        }
    }
}

#[test]
fn accumulations_are_sequential_and_reductions_ignore_layout() {
    let mut rng = Rng(7);
    for op in ops()
        .iter()
        .filter(|op| op.nin == 2 && op.nout == 1 && op.signature.is_none())
    {
        for row in op.loops {
            let num = row.types[0];
            let plain = row.types.iter().all(|t| *t == num);
            if !plain || matches!(num, TypeNum::LongDouble | TypeNum::CLongDouble) {
                continue;
            }
            let size = size_of(num);
            let inputs = inputs_of(op, row, &mut rng);
            for lv in 0..=level() as usize {
                let f = row.loops.0[lv];
                let reduce = |step: isize| {
                    let mut b = Operand::new(&inputs[1], size, step);
                    let mut acc = Operand::new(&inputs[0][..size], size, 1);
                    call(f, &[acc.ptr(), b.ptr(), acc.ptr()], &[0, b.stride, 0], N);
                    canonical(num, &acc.read(size, 1))
                };
                assert!(
                    reduce(1) == reduce(2),
                    "{} {num:?} level {lv} reduce",
                    op.name
                );
                let mut b = Operand::new(&inputs[1], size, 1);
                let mut out = Operand::new(&vec![0; (N + 1) * size], size, 1);
                // SAFETY: room for `N + 1` elements.
                unsafe { out.ptr().copy_from_nonoverlapping(inputs[0].as_ptr(), size) };
                let (step, next) = (size as isize, out.ptr().wrapping_add(size));
                call(f, &[out.ptr(), b.ptr(), next], &[step, step, step], N);
                // The same by reductions of one item each.
                let mut acc = Operand::new(&inputs[0][..size], size, 1);
                let mut slow = inputs[0][..size].to_vec();
                for i in 0..N {
                    let item = b.ptr().wrapping_add(i * size);
                    call(f, &[acc.ptr(), item, acc.ptr()], &[0, step, 0], 1);
                    slow.extend(acc.read(size, 1));
                }
                let out = out.read(size, N + 1);
                assert!(
                    canonical(num, &out) == canonical(num, &slow),
                    "{} {num:?} accumulate",
                    op.name
                );
            }
        }
    }
}
