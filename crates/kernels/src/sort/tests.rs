use super::{find, SortOps};
use numoxide_dtype::TypeNum;

fn ops(num: TypeNum) -> &'static SortOps {
    find(num).expect("a type with an order")
}

fn noise(n: usize, seed: u64) -> impl Iterator<Item = u64> {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..n).map(move |_| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x
    })
}

fn check<T: Copy + std::fmt::Debug>(
    num: TypeNum,
    v: &[T],
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
    bits: impl Fn(&T) -> u64,
) {
    let ops = ops(num);
    let mut want: Vec<usize> = (0..v.len()).collect();
    want.sort_by(|&i, &j| order(&v[i], &v[j]));
    let mut got = vec![0i64; v.len()];
    let mut sorted = v.to_vec();
    // SAFETY: lists of `n` elements of the row's type.
    unsafe {
        (ops.argsort)(v.as_ptr().cast(), v.len(), got.as_mut_ptr()).expect("memory");
        (ops.sort)(sorted.as_mut_ptr().cast(), v.len()).expect("memory");
    }
    assert!(got.iter().zip(&want).all(|(a, b)| *a as usize == *b));
    assert!(sorted
        .iter()
        .zip(&want)
        .all(|(a, &i)| bits(a) == bits(&v[i])));
    if v.len() < 3 {
        return;
    }
    let mut kth = vec![v.len() / 3, v.len() / 2, v.len() - 1];
    kth.dedup();
    let mut part = v.to_vec();
    // SAFETY: as above.
    unsafe {
        (ops.select)(part.as_mut_ptr().cast(), v.len(), kth.as_slice()).expect("memory");
        (ops.arg_select)(v.as_ptr().cast(), v.len(), got.as_mut_ptr(), &kth).expect("memory");
    }
    for &k in &kth {
        assert!(order(&part[k], &v[want[k]]).is_eq());
        assert!(part[..k].iter().all(|x| order(x, &part[k]).is_le()));
        let at = |i: usize| &v[got[i] as usize];
        assert!(order(at(k), &v[want[k]]).is_eq());
        assert!((0..k).all(|i| order(at(i), at(k)).is_le()));
    }
}

#[test]
fn integers() {
    super::set_runner(|n, task| (0..n).rev().for_each(task));
    for n in [0, 1, 2, 5, 17, 64, 129, 300, 1000, 5000, 110_000] {
        for (k, mask) in [u64::MAX, 0xff, 0x3f_ffff_ffff, 1].into_iter().enumerate() {
            let v: Vec<u64> = noise(n, n as u64 + k as u64).map(|x| x & mask).collect();
            let i: Vec<i64> = v.iter().map(|&x| x as i64).collect();
            check(TypeNum::ULong, &v, u64::cmp, |x| *x);
            check(TypeNum::Long, &i, i64::cmp, |x| *x as u64);
            let w: Vec<i32> = v.iter().map(|&x| x as i32).collect();
            check(TypeNum::Int, &w, i32::cmp, |x| *x as u64);
            let w: Vec<u32> = v.iter().map(|&x| x as u32).collect();
            check(TypeNum::UInt, &w, u32::cmp, |x| u64::from(*x));
            let w: Vec<i16> = v.iter().map(|&x| x as i16).collect();
            check(TypeNum::Short, &w, i16::cmp, |x| *x as u64);
            let w: Vec<u8> = v.iter().map(|&x| x as u8).collect();
            check(TypeNum::UByte, &w, u8::cmp, |x| u64::from(*x));
        }
    }
}

#[test]
fn floats_with_zeros_and_nans() {
    let order = |a: &f64, b: &f64| match (a.is_nan(), b.is_nan()) {
        (false, false) => a.partial_cmp(b).expect("numbers"),
        (x, y) => x.cmp(&y),
    };
    for n in [3, 50, 300, 3000, 20_000] {
        let v: Vec<f64> = noise(n, n as u64)
            .map(|x| match x % 7 {
                0 => 0.0,
                1 => -0.0,
                2 => f64::from_bits(x | 0x7ff8 << 48),
                3 => f64::INFINITY,
                4 => -((x >> 40) as f64),
                _ => (x >> 11) as f64 * 1e-9,
            })
            .collect();
        check(TypeNum::Double, &v, order, |x| x.to_bits());
        let v: Vec<f32> = v.iter().map(|&x| x as f32).collect();
        let order = |a: &f32, b: &f32| order(&f64::from(*a), &f64::from(*b));
        check(TypeNum::Float, &v, order, |x| u64::from(x.to_bits()));
    }
}

#[test]
fn counts_of_small_integers() {
    for (n, size) in [(0, 3), (1, 1), (1001, 7), (5000, 600), (100, 50)] {
        let x: Vec<i64> = noise(n, 3).map(|v| (v % size as u64) as i64).collect();
        let mut got = vec![0; size];
        super::bins::count(&x, &mut got).expect("memory");
        let want = |b: usize| x.iter().filter(|&&v| v == b as i64).count() as i64;
        assert!((0..size).all(|b| got[b] == want(b)));
        let ends = (x.iter().min().copied(), x.iter().max().copied());
        let (low, high) = super::bins::min_max(&x);
        assert_eq!((ends.0.unwrap_or(0), ends.1.unwrap_or(-1)), (low, high));
    }
}
