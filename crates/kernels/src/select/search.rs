//! Binary search in sorted items, in NumPy's sort order: NaN and NaT last, complex by real, then
//! imaginary part.

use crate::half::to_f32;
use numoxide_dtype::{Bool, Complex, F16, F80};

/// Elements in NumPy's sort order.
pub trait SortKey: Copy {
    /// Whether `self` sorts before `other`.
    fn before(&self, other: &Self) -> bool;

    /// Whether it is a NaN.
    #[inline(always)]
    fn unordered(&self) -> bool {
        false
    }
}

macro_rules! int_keys {
    ($($t:ty)*) => { $(impl SortKey for $t {
        #[inline(always)]
        fn before(&self, other: &Self) -> bool { self < other }
    })* };
}
int_keys! { i8 u8 i16 u16 i32 u32 i64 u64 }

macro_rules! float_keys {
    ($($t:ty)*) => { $(impl SortKey for $t {
        #[inline(always)]
        fn before(&self, other: &Self) -> bool { self < other || other.is_nan() && !self.is_nan() }
        #[inline(always)]
        fn unordered(&self) -> bool { self.is_nan() }
    })* };
}
float_keys! { f32 f64 }

impl SortKey for Bool {
    fn before(&self, other: &Self) -> bool {
        self.0 == 0 && other.0 != 0
    }
}

impl SortKey for F16 {
    fn before(&self, other: &Self) -> bool {
        to_f32(*self).before(&to_f32(*other))
    }
}

impl SortKey for F80 {
    fn before(&self, other: &Self) -> bool {
        if self.is_nan() || other.is_nan() {
            return other.is_nan() && !self.is_nan();
        }
        let key = |x: &F80| {
            let (negative, exponent, mantissa) = x.parts();
            let size = (i128::from(exponent) << 64) | i128::from(mantissa);
            if negative {
                -size
            } else {
                size
            }
        };
        key(self) < key(other)
    }

    fn unordered(&self) -> bool {
        self.is_nan()
    }
}

impl<T: SortKey> SortKey for Complex<T> {
    fn before(&self, other: &Self) -> bool {
        let nan = |x: &Self| x.re.unordered() || x.im.unordered();
        match (nan(self), nan(other)) {
            (false, true) => return true,
            (true, false) => return false,
            _ => {}
        }
        if self.re.before(&other.re) {
            return true;
        }
        !other.re.before(&self.re) && self.im.before(&other.im)
    }
}

/// How one search runs.
#[derive(Clone, Copy)]
pub struct Search {
    /// First sorted item and byte stride.
    pub sorted: (*const u8, isize),
    /// Number of sorted items.
    pub len: usize,
    /// Positions that sort the items, contiguous `intp`, or null.
    pub sorter: *const isize,
    /// After equal items instead of before them.
    pub right: bool,
}

impl Search {
    /// Position of a key inside `low..=high`, by a test whether the sorted item at an address goes
    /// before it.
    ///
    /// # Safety
    /// - The sorted items are valid; the sorter holds positions inside them.
    #[inline(always)]
    unsafe fn find(
        &self,
        (low, high): (usize, usize),
        goes_before: impl Fn(*const u8) -> bool,
    ) -> usize {
        let (mut low, mut count) = (low, high - low);
        while count > 0 {
            let half = count / 2;
            let mid = low + half;
            // SAFETY: `mid` is below the length.
            let go = goes_before(unsafe { self.item(mid) });
            low = if go { mid + 1 } else { low };
            count = if go { count - half - 1 } else { half };
        }
        low
    }

    /// Where the next key can lie: at or behind the last one's place if it is not smaller, and then
    /// near it, else at or before it.
    #[inline(always)]
    fn bounds(&self, last: usize, rising: bool, near: impl Fn(usize) -> bool) -> (usize, usize) {
        if !rising {
            return (0, last.min(self.len));
        }
        // A few steps that double: the places of sorted keys lie close to each other.
        let (mut low, mut step) = (last, 1);
        while step <= 16 && low + step <= self.len {
            if !near(low + step - 1) {
                return (low, low + step - 1);
            }
            low += step;
            step *= 2;
        }
        (low, self.len)
    }

    /// Address of the sorted item at a rank.
    #[inline(always)]
    unsafe fn item(&self, rank: usize) -> *const u8 {
        // SAFETY: by the contract of the callers, ranks below the length.
        unsafe {
            let at = match self.sorter.is_null() {
                true => rank as isize,
                false => self.sorter.add(rank).read(),
            };
            self.sorted.0.offset(at * self.sorted.1)
        }
    }

    /// Positions of `n` keys into contiguous `out`.
    ///
    /// # Safety
    /// - As [`Search::find`]; keys and `out` are valid; items and keys are native `T`, of any alignment.
    pub unsafe fn run<T: SortKey>(&self, keys: (*const u8, isize), n: usize, out: *mut isize) {
        // SAFETY: by contract.
        unsafe {
            let read = |p: *const u8| p.cast::<T>().read_unaligned();
            self.run_keys(keys, n, out, |a, b| read(a).before(&read(b)));
        }
    }

    /// As [`Search::run`] with a comparison of two items by address.
    ///
    /// # Safety
    /// - As [`Search::run`].
    pub unsafe fn run_by(
        &self,
        keys: (*const u8, isize),
        n: usize,
        out: *mut isize,
        before: &dyn Fn(*const u8, *const u8) -> bool,
    ) {
        // SAFETY: by contract.
        unsafe { self.run_keys(keys, n, out, before) }
    }

    /// # Safety
    /// As [`Search::run`].
    #[inline(always)]
    unsafe fn run_keys(
        &self,
        keys: (*const u8, isize),
        n: usize,
        out: *mut isize,
        before: impl Fn(*const u8, *const u8) -> bool,
    ) {
        let mut last: Option<(*const u8, usize)> = None;
        for i in 0..n as isize {
            // SAFETY: by contract; ranks asked for are below the length.
            unsafe {
                let key = keys.0.offset(i * keys.1);
                let goes = |p: *const u8| {
                    if self.right {
                        !before(key, p)
                    } else {
                        before(p, key)
                    }
                };
                let range = match last {
                    None => (0, self.len),
                    Some((old, at)) => {
                        self.bounds(at, !before(key, old), |rank| goes(self.item(rank)))
                    }
                };
                let found = self.find(range, goes);
                out.offset(i).write(found as isize);
                last = Some((key, found));
            }
        }
    }
}
