//! Permutations and samples without replacement.

use std::collections::HashSet;

use crate::bitgen::BitGen;
use crate::bounded::{bounded_u64, Method};

/// Shuffles `items` in place (R. Durstenfeld's form of the Fisher–Yates shuffle), from the back
/// down to index `first`, which is at least one.
pub fn shuffle_from<T, G: BitGen + ?Sized>(
    gen: &mut G,
    items: &mut [T],
    first: usize,
    method: Method,
) {
    for i in (first.max(1)..items.len()).rev() {
        items.swap(i, bounded_u64(gen, i as u64, method) as usize);
    }
}

/// Shuffles the items of `size` bytes that `data` is made of.
pub fn shuffle_bytes<G: BitGen + ?Sized>(
    gen: &mut G,
    data: &mut [u8],
    size: usize,
    method: Method,
) {
    fn sized<const N: usize, G: BitGen + ?Sized>(gen: &mut G, data: &mut [u8], method: Method) {
        shuffle_from(gen, data.as_chunks_mut::<N>().0, 1, method);
    }
    match size {
        0 => {}
        1 => shuffle_from(gen, data, 1, method),
        2 => sized::<2, G>(gen, data, method),
        4 => sized::<4, G>(gen, data, method),
        8 => sized::<8, G>(gen, data, method),
        16 => sized::<16, G>(gen, data, method),
        _ => {
            for i in (1..data.len() / size).rev() {
                let j = bounded_u64(gen, i as u64, method) as usize;
                if j != i {
                    let (head, tail) = data.split_at_mut(i * size);
                    head[j * size..][..size].swap_with_slice(&mut tail[..size]);
                }
            }
        }
    }
}

/// Chooses `out.len()` different indices below `population`, which is at least as large.
///
/// Large shares of large populations: the tail of a shuffled list. Else R. W. Floyd's method (J.
/// Bentley, "Programming pearls: a sample of brilliance", 1987), whose order is not random
/// unless `shuffle` asks for it.
pub fn choose<G: BitGen + ?Sized>(gen: &mut G, population: u64, shuffle: bool, out: &mut [i64]) {
    let cutoff = if shuffle { 50 } else { 20 };
    let size = out.len();
    if population > 10_000 && size as u64 > population / cutoff {
        let mut items: Vec<i64> = (0..population as i64).collect();
        let rest = items.len() - size;
        shuffle_from(gen, &mut items, rest, Method::Lemire);
        out.copy_from_slice(&items[rest..]);
        return;
    }
    let mut seen = HashSet::with_capacity(size);
    for (slot, last) in out.iter_mut().zip(population - size as u64..population) {
        let value = bounded_u64(gen, last, Method::Lemire);
        let value = if seen.insert(value) { value } else { last };
        seen.insert(value);
        *slot = value as i64;
    }
    if shuffle {
        shuffle_from(gen, out, 1, Method::Lemire);
    }
}
