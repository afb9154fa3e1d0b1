//! Variates into arrays and as single values.

use numoxide_random::bounded::Method;
use numoxide_random::source::Gauss;
use numoxide_random::table::{self, Draw, Param, Row, MAX_PARAMS};
use numoxide_random::{binomial, bounded, continuous, hypergeometric, shuffle, BitGen};
use pyo3::exceptions::{PyIndexError, PyMemoryError, PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};
use pyo3::IntoPyObjectExt;

use super::buffer::Contiguous;
use super::object::c_interface;
use crate::scalar::{make_number, Raw};
use numoxide_dtype::TypeNum;

/// The waiting normal variate of a legacy generator.
#[pyclass(name = "Gauss", module = "numoxide.random")]
struct PyGauss(Gauss);

#[pymethods]
impl PyGauss {
    #[new]
    fn new() -> Self {
        Self(Gauss::default())
    }

    /// Whether a variate waits, and the variate.
    fn get(&self) -> (bool, f64) {
        (self.0.has, self.0.value)
    }

    /// Sets both.
    fn set(&mut self, has: bool, value: f64) {
        self.0 = Gauss { has, value };
    }
}

/// Runs `work` on the generator in `capsule`.
fn with<R>(capsule: &Bound<'_, PyAny>, work: impl FnOnce(&mut dyn BitGen) -> R) -> PyResult<R> {
    let mut c = c_interface(capsule)?;
    // SAFETY: the capsule vouches for the functions; the interpreter lock, which `work` does not
    // give up, keeps other users away.
    Ok(unsafe { c.with(work) })
}

/// A standard exponential variate in single precision by inversion, through a double.
fn inverse_f32(gen: &mut dyn BitGen) -> f32 {
    (-f64::from(-gen.next_float()).ln_1p()) as f32
}

/// Fills a contiguous array with one of the standard variates.
#[pyfunction]
fn fill(capsule: &Bound<'_, PyAny>, what: &str, out: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut out = Contiguous::writable(out)?;
    // SAFETY: asked for writing; numbers have no invalid bits; the lock is held throughout.
    unsafe {
        if out.itemsize() == size_of::<f32>() {
            let out = out.slice_mut::<f32>()?;
            return with(capsule, |gen| match what {
                "random" => gen.fill_float(out),
                "normal" => gen.fill_normal_f32(out),
                "exponential" => gen.fill_exponential_f32(out),
                _ => out.iter_mut().for_each(|x| *x = inverse_f32(gen)),
            });
        }
        if what == "raw" {
            let out = out.slice_mut::<u64>()?;
            return with(capsule, |gen| gen.fill_raw(out));
        }
        let out = out.slice_mut::<f64>()?;
        with(capsule, |gen| match what {
            "random" => gen.fill_double(out),
            "normal" => gen.fill_normal(out),
            "exponential" => gen.fill_exponential(out),
            _ => out
                .iter_mut()
                .for_each(|x| *x = -(-gen.next_double()).ln_1p()),
        })
    }
}

/// One standard variate as a Python float.
#[pyfunction]
fn one(capsule: &Bound<'_, PyAny>, what: &str) -> PyResult<f64> {
    use numoxide_random::ziggurat as z;
    with(capsule, |gen| match what {
        "random" => gen.next_double(),
        "random_f32" => f64::from(gen.next_float()),
        "normal" => z::standard_normal(gen),
        "normal_f32" => f64::from(z::standard_normal_f32(gen)),
        "exponential" => z::standard_exponential(gen),
        "exponential_f32" => f64::from(z::standard_exponential_f32(gen)),
        "inverse_f32" => f64::from(inverse_f32(gen)),
        _ => -(-gen.next_double()).ln_1p(),
    })
}

/// A double in [0, 1).
#[pyfunction]
fn double(capsule: &Bound<'_, PyAny>) -> PyResult<f64> {
    with(capsule, |gen| gen.next_double())
}

/// The next raw word.
#[pyfunction]
fn raw(capsule: &Bound<'_, PyAny>) -> PyResult<u64> {
    with(capsule, |gen| gen.next_raw())
}

/// The next 64 bits.
#[pyfunction]
fn word(capsule: &Bound<'_, PyAny>) -> PyResult<u64> {
    with(capsule, |gen| gen.next_u64())
}

/// The number of the row of a distribution, and whether its values are integers.
#[pyfunction]
fn row(name: &str) -> Option<(usize, bool)> {
    let at = table::ROWS.iter().position(|row| row.name == name)?;
    Some((at, table::ROWS[at].integer))
}

fn row_at(at: usize) -> PyResult<&'static Row> {
    table::ROWS
        .get(at)
        .ok_or_else(|| PyIndexError::new_err("no such distribution"))
}

/// Runs `work` with the draw function of a generation and its waiting normal.
fn generation<R>(
    row: &Row,
    gauss: Option<PyRefMut<'_, PyGauss>>,
    work: impl FnOnce(Draw, &mut Gauss) -> R,
) -> R {
    match gauss {
        Some(mut gauss) => work(row.legacy, &mut gauss.0),
        None => work(row.modern, &mut Gauss::default()),
    }
}

/// A scalar parameter: a float, or the integer that counting distributions take.
fn scalar(value: &Bound<'_, PyAny>) -> PyResult<Param> {
    match value.cast::<PyFloat>() {
        Ok(value) => Ok(Param(value.value().to_bits())),
        Err(_) => Ok(Param(value.extract::<i64>()? as u64)),
    }
}

/// One variate as a Python number; `gauss` is that of a legacy generator.
#[pyfunction]
fn draw_one<'py>(
    capsule: &Bound<'py, PyAny>,
    gauss: Option<PyRefMut<'_, PyGauss>>,
    at: usize,
    params: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let row = row_at(at)?;
    let mut values = [Param::default(); MAX_PARAMS];
    for (slot, value) in values.iter_mut().zip(params.iter_borrowed()) {
        *slot = scalar(&value)?;
    }
    let bits = generation(row, gauss, |draw, gauss| {
        with(capsule, |gen| draw(gen, gauss, &values))
    })?;
    match row.integer {
        true => (bits as i64).into_bound_py_any(capsule.py()),
        false => f64::from_bits(bits).into_bound_py_any(capsule.py()),
    }
}

/// A parameter of an array of variates: one value, or one per variate.
enum Values {
    One(Param),
    Many(Contiguous),
}

/// Fills `out`, an array of doubles or 64-bit integers, with variates; array parameters are
/// C-contiguous with as many 8-byte items as `out`.
#[pyfunction]
fn draw_many<'py>(
    capsule: &Bound<'py, PyAny>,
    gauss: Option<PyRefMut<'_, PyGauss>>,
    at: usize,
    params: Vec<Bound<'py, PyAny>>,
    out: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let row = row_at(at)?;
    let mut buffer = Contiguous::writable(out)?;
    // SAFETY: asked for writing; any bits are a word; the lock is held throughout.
    let out = unsafe { buffer.slice_mut::<u64>()? };
    let mut values = Vec::with_capacity(MAX_PARAMS);
    for param in params.iter().take(MAX_PARAMS) {
        values.push(
            match param.cast::<PyFloat>().is_ok() || param.cast::<PyInt>().is_ok() {
                true => Values::One(scalar(param)?),
                false => Values::Many(Contiguous::readable(param)?),
            },
        );
    }
    let mut current = [Param::default(); MAX_PARAMS];
    let mut arrays: Vec<(usize, &[u64])> = Vec::with_capacity(MAX_PARAMS);
    for (i, value) in values.iter().enumerate() {
        match value {
            Values::One(param) => current[i] = *param,
            Values::Many(buffer) => {
                // SAFETY: as for `out`; `out` is a fresh array of the caller.
                let items = unsafe { buffer.slice::<u64>()? };
                if items.len() != out.len() {
                    return Err(PyValueError::new_err("parameters of another length"));
                }
                arrays.push((i, items));
            }
        }
    }
    generation(row, gauss, |draw, gauss| {
        with(capsule, |gen| {
            for (k, slot) in out.iter_mut().enumerate() {
                for (i, items) in &arrays {
                    current[*i] = Param(items[k]);
                }
                *slot = draw(gen, gauss, &current);
            }
        })
    })
}

/// Fills `out` with `loc + scale * z`, z standard normal or uniform.
#[pyfunction]
fn fill_affine(
    capsule: &Bound<'_, PyAny>,
    what: &str,
    loc: f64,
    scale: f64,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut buffer = Contiguous::writable(out)?;
    // SAFETY: asked for writing; any bits are a double; the lock is held throughout.
    let out = unsafe { buffer.slice_mut::<f64>()? };
    with(capsule, |gen| {
        match what {
            "normal" => gen.fill_normal(out),
            "exponential" => gen.fill_exponential(out),
            _ => gen.fill_double(out),
        }
        out.iter_mut().for_each(|x| *x = loc + scale * *x);
    })
}

/// Fills `out` with standard gamma variates in single precision, one shape or one per variate.
#[pyfunction]
fn fill_gamma_f32(
    capsule: &Bound<'_, PyAny>,
    shape: &Bound<'_, PyAny>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let (mut buffer, shapes) = (Contiguous::writable(out)?, Contiguous::readable(shape)?);
    // SAFETY: asked for writing; any bits are a float; the lock is held throughout.
    let (out, shapes) = unsafe { (buffer.slice_mut::<f32>()?, shapes.slice::<f32>()?) };
    with(capsule, |gen| {
        for (slot, shape) in out.iter_mut().zip(shapes.iter().cycle()) {
            *slot = continuous::standard_gamma_f32(gen, *shape);
        }
    })
}

fn method(masked: bool) -> Method {
    match masked {
        true => Method::Masked,
        false => Method::Lemire,
    }
}

/// Fills `out` with integers: `offset` plus `[0, range]`, both modulo the size of the items.
#[pyfunction]
fn integers(
    capsule: &Bound<'_, PyAny>,
    offset: u64,
    range: u64,
    masked: bool,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let (mut out, method) = (Contiguous::writable(out)?, method(masked));
    // SAFETY: asked for writing; any bits are an integer; the lock is held throughout.
    unsafe {
        match out.itemsize() {
            1 => {
                let out = out.slice_mut()?;
                with(capsule, |gen| {
                    gen.fill_bounded_u8(offset as u8, range as u8, method, out)
                })
            }
            2 => {
                let out = out.slice_mut()?;
                with(capsule, |gen| {
                    gen.fill_bounded_u16(offset as u16, range as u16, method, out)
                })
            }
            4 => {
                let out = out.slice_mut()?;
                with(capsule, |gen| {
                    gen.fill_bounded_u32(offset as u32, range as u32, method, out)
                })
            }
            _ => {
                let out = out.slice_mut()?;
                with(capsule, |gen| {
                    gen.fill_bounded_u64(offset, range, method, out)
                })
            }
        }
    }
}

/// One 64-bit integer, `low` plus `[0, range]`, as a NumPy scalar.
#[pyfunction]
fn integer<'py>(
    capsule: &Bound<'py, PyAny>,
    low: i64,
    range: u64,
    masked: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let mut out = [0u64];
    with(capsule, |gen| {
        gen.fill_bounded_u64(low as u64, range, method(masked), &mut out)
    })?;
    make_number(capsule.py(), TypeNum::Long, &Raw::of(out[0] as i64))
}

/// Fills `out` with truth values: random where `free`, else `offset`.
#[pyfunction]
fn bools(
    capsule: &Bound<'_, PyAny>,
    offset: bool,
    free: bool,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut buffer = Contiguous::writable(out)?;
    // SAFETY: asked for writing; zero and one are the bools of an array.
    let out = unsafe { buffer.slice_mut::<u8>()? };
    match free {
        true => with(capsule, |gen| gen.fill_bool(out)),
        false => {
            out.fill(u8::from(offset));
            Ok(())
        }
    }
}

/// Fills `out` (bytes) with truth values: random where `range` has a one, else those of `offset`.
#[pyfunction]
fn bools_between(
    capsule: &Bound<'_, PyAny>,
    offset: &Bound<'_, PyAny>,
    range: &Bound<'_, PyAny>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut out = Contiguous::writable(out)?;
    let (offset, range) = (Contiguous::readable(offset)?, Contiguous::readable(range)?);
    // SAFETY: asked for writing; zero and one are the bools of an array.
    let (out, offset, range) = unsafe {
        (
            out.slice_mut::<u8>()?,
            offset.slice::<u8>()?,
            range.slice::<u8>()?,
        )
    };
    with(capsule, |gen| {
        let parts = &mut bounded::Parts::default();
        for ((slot, offset), range) in out.iter_mut().zip(offset).zip(range) {
            let drawn = bounded::bounded_bool(gen, *range != 0, parts);
            *slot = u8::from(*offset != 0 || drawn);
        }
    })
}

/// Fills `out` with integers from `offset[i] + [0, range[i]]`; three arrays of one item size.
#[pyfunction]
fn integers_between(
    capsule: &Bound<'_, PyAny>,
    offset: &Bound<'_, PyAny>,
    range: &Bound<'_, PyAny>,
    masked: bool,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut out = Contiguous::writable(out)?;
    let (offset, range) = (Contiguous::readable(offset)?, Contiguous::readable(range)?);
    let method = method(masked);
    macro_rules! fill {
        ($type:ty, $draw:expr) => {{
            // SAFETY: asked for writing; any bits are an integer; the lock is held throughout.
            let (out, offset, range) = unsafe {
                (
                    out.slice_mut::<$type>()?,
                    offset.slice::<$type>()?,
                    range.slice::<$type>()?,
                )
            };
            let draw: fn(&mut dyn BitGen, $type, Method, &mut bounded::Parts) -> $type = $draw;
            with(capsule, |gen| {
                let parts = &mut bounded::Parts::default();
                for ((slot, offset), range) in out.iter_mut().zip(offset).zip(range) {
                    *slot = offset.wrapping_add(draw(gen, *range, method, parts));
                }
            })
        }};
    }
    match out.itemsize() {
        1 => fill!(u8, |gen, range, method, parts| bounded::bounded(
            gen, range, method, parts
        )),
        2 => fill!(u16, |gen, range, method, parts| bounded::bounded(
            gen, range, method, parts
        )),
        4 => fill!(u32, |gen, range, method, parts| bounded::bounded(
            gen, range, method, parts
        )),
        _ => fill!(u64, |gen, range, method, _| bounded::bounded_u64(
            gen, range, method
        )),
    }
}

/// Shuffles the items of `size` bytes in a contiguous array of bytes.
#[pyfunction]
fn shuffle_items(capsule: &Bound<'_, PyAny>, data: &Bound<'_, PyAny>, size: usize) -> PyResult<()> {
    let mut buffer = Contiguous::writable(data)?;
    // SAFETY: asked for writing; bytes; the lock is held throughout.
    let data = unsafe { buffer.slice_mut::<u8>()? };
    with(capsule, |gen| {
        shuffle::shuffle_bytes(gen, data, size, Method::Masked)
    })
}

/// An integer in `[0, max]`, by masking.
#[pyfunction]
fn interval(capsule: &Bound<'_, PyAny>, max: u64) -> PyResult<u64> {
    with(capsule, |gen| {
        bounded::bounded_u64(gen, max, Method::Masked)
    })
}

/// Fills `out` (int64) with different indices below `population`.
#[pyfunction]
fn choose(
    capsule: &Bound<'_, PyAny>,
    population: u64,
    shuffled: bool,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut buffer = Contiguous::writable(out)?;
    // SAFETY: asked for writing; any bits are an integer; the lock is held throughout.
    let out = unsafe { buffer.slice_mut::<i64>()? };
    if out.len() as u64 > population || population > i64::MAX as u64 {
        return Err(PyOverflowError::new_err("population of the wrong size"));
    }
    with(capsule, |gen| {
        shuffle::choose(gen, population, shuffled, out)
    })
}

/// Fills the rows of `out` (int64) with multinomial counts; `n` holds one total a row, `pvals` one
/// set of probabilities a row or one for all.
#[pyfunction]
fn multinomial(
    capsule: &Bound<'_, PyAny>,
    n: &Bound<'_, PyAny>,
    pvals: &Bound<'_, PyAny>,
    width: usize,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut buffer = Contiguous::writable(out)?;
    let (n, pvals) = (Contiguous::readable(n)?, Contiguous::readable(pvals)?);
    // SAFETY: asked for writing; plain numbers; the lock is held throughout.
    let (out, n, pvals) = unsafe {
        (
            buffer.slice_mut::<i64>()?,
            n.slice::<i64>()?,
            pvals.slice::<f64>()?,
        )
    };
    if width == 0 || n.is_empty() {
        return Ok(());
    }
    with(capsule, |gen| {
        let rows = out.chunks_exact_mut(width).zip(n.iter().cycle());
        for ((row, n), p) in rows.zip(pvals.chunks_exact(width).cycle()) {
            binomial::multinomial(gen, *n, p, row);
        }
    })
}

/// Fills the rows of `out` (int64) with draws from an urn of `colors` (int64).
#[pyfunction]
fn multivariate_hypergeometric(
    capsule: &Bound<'_, PyAny>,
    colors: &Bound<'_, PyAny>,
    sample: i64,
    count: bool,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let (mut buffer, colors) = (Contiguous::writable(out)?, Contiguous::readable(colors)?);
    // SAFETY: asked for writing; any bits are an integer; the lock is held throughout.
    let (out, colors) = unsafe { (buffer.slice_mut::<i64>()?, colors.slice::<i64>()?) };
    let fits = with(capsule, |gen| match count {
        true => hypergeometric::multivariate_count(gen, colors, sample, out),
        false => {
            hypergeometric::multivariate_marginals(gen, colors, sample, out);
            true
        }
    })?;
    match fits {
        true => Ok(()),
        false => Err(PyMemoryError::new_err(
            "Insufficient memory for multivariate_hypergeometric with method='count' and \
             sum(colors)",
        )),
    }
}

/// Fills the rows of `out` (float64) with Dirichlet variates.
#[pyfunction]
fn dirichlet(
    capsule: &Bound<'_, PyAny>,
    gauss: Option<PyRefMut<'_, PyGauss>>,
    alpha: &Bound<'_, PyAny>,
    out: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let (mut buffer, alpha) = (Contiguous::writable(out)?, Contiguous::readable(alpha)?);
    // SAFETY: asked for writing; any bits are a double; the lock is held throughout.
    let (out, alpha) = unsafe { (buffer.slice_mut::<f64>()?, alpha.slice::<f64>()?) };
    if alpha.is_empty() {
        return Ok(());
    }
    with(capsule, |gen| match gauss {
        Some(mut gauss) => {
            let src = &mut numoxide_random::source::Legacy {
                gen,
                gauss: &mut gauss.0,
            };
            out.chunks_exact_mut(alpha.len())
                .for_each(|row| continuous::dirichlet_gammas(src, alpha, row));
        }
        None => out
            .chunks_exact_mut(alpha.len())
            .for_each(|row| continuous::dirichlet(gen, alpha, row)),
    })
}

/// Adds the functions.
pub(super) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<PyGauss>()?;
    m.add_function(wrap_pyfunction!(fill, m)?)?;
    m.add_function(wrap_pyfunction!(one, m)?)?;
    m.add_function(wrap_pyfunction!(double, m)?)?;
    m.add_function(wrap_pyfunction!(raw, m)?)?;
    m.add_function(wrap_pyfunction!(word, m)?)?;
    m.add_function(wrap_pyfunction!(row, m)?)?;
    m.add_function(wrap_pyfunction!(draw_one, m)?)?;
    m.add_function(wrap_pyfunction!(draw_many, m)?)?;
    m.add_function(wrap_pyfunction!(fill_affine, m)?)?;
    m.add_function(wrap_pyfunction!(fill_gamma_f32, m)?)?;
    m.add_function(wrap_pyfunction!(integers, m)?)?;
    m.add_function(wrap_pyfunction!(integer, m)?)?;
    m.add_function(wrap_pyfunction!(bools, m)?)?;
    m.add_function(wrap_pyfunction!(bools_between, m)?)?;
    m.add_function(wrap_pyfunction!(integers_between, m)?)?;
    m.add_function(wrap_pyfunction!(shuffle_items, m)?)?;
    m.add_function(wrap_pyfunction!(interval, m)?)?;
    m.add_function(wrap_pyfunction!(choose, m)?)?;
    m.add_function(wrap_pyfunction!(multinomial, m)?)?;
    m.add_function(wrap_pyfunction!(multivariate_hypergeometric, m)?)?;
    m.add_function(wrap_pyfunction!(dirichlet, m)?)
}
