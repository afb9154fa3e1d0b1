//! Seeding, saving and moving the generators.

use numoxide_random::raw::AnyGen;
use numoxide_random::{mt19937, Half, Mt19937, Pcg64, Pcg64Dxsm, Philox, SeedSequence, Sfc64};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::IntoPyObjectExt;

use super::object::{addresses, attach, is_capsule, with_own};

/// Little-endian words of a byte string of just that length.
fn words<const N: usize>(bytes: &[u8]) -> PyResult<[u64; N]> {
    match bytes.as_chunks::<8>() {
        (chunks, []) if chunks.len() == N => {
            Ok(std::array::from_fn(|i| u64::from_le_bytes(chunks[i])))
        }
        _ => Err(PyValueError::new_err("seed of the wrong length")),
    }
}

fn words_u32(bytes: &[u8]) -> Vec<u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word))
        .collect()
}

fn bytes<'py, const N: usize>(py: Python<'py>, words: [u64; N]) -> Bound<'py, PyBytes> {
    PyBytes::new(py, words.map(u64::to_le_bytes).as_flattened())
}

fn key_of(bytes: &[u8]) -> PyResult<[u32; mt19937::LEN]> {
    let wrong = |_| PyValueError::new_err("state must be a vector of 624 words");
    words_u32(bytes).try_into().map_err(wrong)
}

/// Seeds `object` with the words of a seed sequence, as a generator of the given kind.
#[pyfunction]
fn seed(object: &Bound<'_, PyAny>, kind: &str, seed: &[u8]) -> PyResult<()> {
    let gen = match kind {
        "PCG64" => AnyGen::Pcg64(Pcg64::from_words(words(seed)?)),
        "PCG64DXSM" => AnyGen::Pcg64Dxsm(Pcg64Dxsm::from_words(words(seed)?)),
        "MT19937" => AnyGen::Mt19937(Mt19937::from_words(key_of(seed)?)),
        "Philox" => AnyGen::Philox(Philox::from_key(words(seed)?, [0; 4])),
        "SFC64" => AnyGen::Sfc64(Sfc64::from_words(words(seed)?)),
        _ => return Err(PyValueError::new_err(format!("unknown generator {kind}"))),
    };
    attach(object, gen)
}

/// Seeds a Mersenne Twister in the legacy way, by one word or by several.
#[pyfunction]
fn seed_legacy(object: &Bound<'_, PyAny>, seed: &[u8], single: bool) -> PyResult<()> {
    let words = words_u32(seed);
    let gen = match words[..] {
        [] => return Err(PyValueError::new_err("Seed must be non-empty")),
        [word] if single => Mt19937::legacy_u32(word),
        _ => Mt19937::legacy_words(&words),
    };
    attach(object, AnyGen::Mt19937(gen))
}

/// The pool of a seed sequence.
#[pyfunction]
fn mix<'py>(py: Python<'py>, entropy: &[u8], spawn_key: &[u8], size: usize) -> Bound<'py, PyBytes> {
    let seq = SeedSequence::new(&words_u32(entropy), &words_u32(spawn_key), size);
    let bytes: Vec<u8> = seq
        .pool()
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    PyBytes::new(py, &bytes)
}

/// The first `n` 32-bit words that a pool gives.
#[pyfunction]
fn generate<'py>(py: Python<'py>, pool: &[u8], n: usize) -> PyResult<Bound<'py, PyBytes>> {
    let seq = SeedSequence::from_pool(words_u32(pool));
    PyBytes::new_with(py, n * 4, |out| {
        let words = seq.generate_u32(n);
        out.as_chunks_mut::<4>()
            .0
            .iter_mut()
            .zip(words)
            .for_each(|(slot, word)| {
                *slot = word.to_le_bytes();
            });
        Ok(())
    })
}

/// The state as a tuple of integers and byte strings, per kind.
#[pyfunction]
fn get_state<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    let gen = with_own(object, |gen| gen.clone())?;
    match gen {
        AnyGen::Pcg64(g) => tuple(py, (g.state(), g.inc(), g.half.has, g.half.value)),
        AnyGen::Pcg64Dxsm(g) => tuple(py, (g.state(), g.inc(), g.half.has, g.half.value)),
        AnyGen::Mt19937(g) => tuple(
            py,
            (
                PyBytes::new(py, g.key.map(u32::to_le_bytes).as_flattened()),
                g.pos,
            ),
        ),
        AnyGen::Philox(g) => tuple(
            py,
            (
                bytes(py, g.counter),
                bytes(py, g.key),
                bytes(py, g.buffer),
                g.buffer_pos,
                g.half.has,
                g.half.value,
            ),
        ),
        AnyGen::Sfc64(g) => tuple(py, (bytes(py, g.state), g.half.has, g.half.value)),
    }
}

fn tuple<'py>(py: Python<'py>, items: impl IntoPyObject<'py>) -> PyResult<Bound<'py, PyAny>> {
    items.into_bound_py_any(py)
}

/// Sets the state from such a tuple.
#[pyfunction]
fn set_state(object: &Bound<'_, PyAny>, state: &Bound<'_, PyAny>) -> PyResult<()> {
    let half = |has, value| Half { has, value };
    let new = match with_own(object, |gen| gen.clone())? {
        AnyGen::Pcg64(_) => {
            let (state, inc, has, value) = state.extract::<(u128, u128, bool, u32)>()?;
            AnyGen::Pcg64(Pcg64::from_state(state, inc, half(has, value)))
        }
        AnyGen::Pcg64Dxsm(_) => {
            let (state, inc, has, value) = state.extract::<(u128, u128, bool, u32)>()?;
            AnyGen::Pcg64Dxsm(Pcg64Dxsm::from_state(state, inc, half(has, value)))
        }
        AnyGen::Mt19937(_) => {
            let (key, pos) = state.extract::<(Vec<u8>, usize)>()?;
            AnyGen::Mt19937(Mt19937 {
                key: key_of(&key)?,
                pos,
            })
        }
        AnyGen::Philox(_) => {
            let (counter, key, buffer, buffer_pos, has, value) =
                state.extract::<(Vec<u8>, Vec<u8>, Vec<u8>, usize, bool, u32)>()?;
            AnyGen::Philox(Philox {
                counter: words(&counter)?,
                key: words(&key)?,
                buffer: words(&buffer)?,
                buffer_pos,
                half: half(has, value),
            })
        }
        AnyGen::Sfc64(_) => {
            let (state, has, value) = state.extract::<(Vec<u8>, bool, u32)>()?;
            AnyGen::Sfc64(Sfc64 {
                state: words(&state)?,
                half: half(has, value),
            })
        }
    };
    attach(object, new)
}

/// Moves on by a 256-bit number of steps, given as little-endian bytes.
#[pyfunction]
fn advance(object: &Bound<'_, PyAny>, delta: &[u8]) -> PyResult<()> {
    let delta = words::<4>(delta)?;
    let low = u128::from(delta[1]) << 64 | u128::from(delta[0]);
    with_own(object, |gen| match gen {
        AnyGen::Pcg64(gen) => gen.advance(low),
        AnyGen::Pcg64Dxsm(gen) => gen.advance(low),
        AnyGen::Philox(gen) => gen.advance(delta),
        AnyGen::Mt19937(_) | AnyGen::Sfc64(_) => {}
    })
}

/// Makes `count` of the jumps that the kind of generator has.
#[pyfunction]
fn jump(object: &Bound<'_, PyAny>, count: u128) -> PyResult<()> {
    with_own(object, |gen| match gen {
        AnyGen::Pcg64(gen) => *gen = gen.jumped(count),
        AnyGen::Pcg64Dxsm(gen) => *gen = gen.jumped(count),
        AnyGen::Philox(gen) => *gen = gen.jumped(count),
        AnyGen::Mt19937(gen) => *gen = gen.jumped(count),
        AnyGen::Sfc64(_) => {}
    })
}

/// Adds the functions.
pub(super) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(is_capsule, m)?)?;
    m.add_function(wrap_pyfunction!(addresses, m)?)?;
    m.add_function(wrap_pyfunction!(seed, m)?)?;
    m.add_function(wrap_pyfunction!(seed_legacy, m)?)?;
    m.add_function(wrap_pyfunction!(mix, m)?)?;
    m.add_function(wrap_pyfunction!(generate, m)?)?;
    m.add_function(wrap_pyfunction!(get_state, m)?)?;
    m.add_function(wrap_pyfunction!(set_state, m)?)?;
    m.add_function(wrap_pyfunction!(advance, m)?)?;
    m.add_function(wrap_pyfunction!(jump, m)?)
}
