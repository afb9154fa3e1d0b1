//! Routines of the gufuncs behind `qr`.

use crate::element::Element;
use crate::matrix::Matrix;
use crate::qr;
use crate::raw::{read_whole, write, Routine, Step};

/// `(m,n)->(p)`: the input becomes its own factorisation, the result are the factors of the reflectors.
pub(crate) struct QrRaw;

impl<T: Element> Routine<T> for QrRaw {
    const NOP: usize = 2;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(1) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract; the caller gives up its input.
        unsafe {
            read_whole(s, a);
            let tau = qr::factor(a);
            write(a, 0, a.cols, s.at(0), (s.core(0), s.core(1)));
            for (k, tau) in tau.iter().enumerate() {
                let at = s.at(1).wrapping_offset(s.core(2) * k as isize);
                at.cast::<T>().write_unaligned(*tau);
            }
        }
    }
}

/// `(m,n),(k)->(m,k)` and, for all of a square `Q`, `(m,n),(n)->(m,m)`.
pub(crate) struct QrForm<const COMPLETE: bool>;

impl<T: Element, const COMPLETE: bool> Routine<T> for QrForm<COMPLETE> {
    const NOP: usize = 3;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(1) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            read_whole(s, a);
            let (count, cols) = if COMPLETE {
                (s.dim(1), s.dim(0))
            } else {
                (s.dim(2), s.dim(2))
            };
            let tau: Vec<T> = (0..count as isize)
                .map(|k| {
                    let at = s.at(1).wrapping_offset(s.core(2) * k);
                    at.cast::<T>().read_unaligned()
                })
                .collect();
            let mut q = Matrix::zeros(a.rows, cols);
            qr::form(a, &tau, &mut q);
            write(&q, 0, cols, s.at(2), (s.core(3), s.core(4)));
        }
    }
}
