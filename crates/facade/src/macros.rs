//! `array!` and `s!`.

use crate::Array;
use numoxide_core::Result;
use numoxide_dtype::Element;

/// Items or nested lists of items, all of one shape.
pub trait Nested {
    /// The item type.
    type Item: Element;
    /// Appends the lengths of this level and those below.
    fn shape(&self, shape: &mut Vec<usize>);
    /// Appends the items in C order.
    fn items(&self, items: &mut Vec<Self::Item>);
    /// The array.
    ///
    /// # Errors
    /// If memory is short.
    fn build(&self) -> Result<Array> {
        let (mut shape, mut items) = (Vec::new(), Vec::new());
        self.shape(&mut shape);
        self.items(&mut items);
        Array::from_slice(&items)?.reshape(&shape)
    }
}

macro_rules! leaves {
    ($($t:ty),+) => { $(impl Nested for $t {
        type Item = $t;
        fn shape(&self, _: &mut Vec<usize>) {}
        fn items(&self, items: &mut Vec<$t>) { items.push(*self); }
    })+ };
}
leaves!(i8, u8, i16, u16, i32, u32, i64, u64, f32, f64);

impl<N: Nested, const LEN: usize> Nested for [N; LEN] {
    type Item = N::Item;
    fn shape(&self, shape: &mut Vec<usize>) {
        shape.push(LEN);
        if let Some(first) = self.first() {
            first.shape(shape);
        }
    }
    fn items(&self, items: &mut Vec<N::Item>) {
        self.iter().for_each(|n| n.items(items));
    }
}

/// An array from nested lists: `array![[1.0, 2.0], [3.0, 4.0]]`.
///
/// # Panics
/// If memory is short.
#[macro_export]
macro_rules! array {
    ($($items:tt)*) => {
        match $crate::private::Nested::build(&[$($items)*]) {
            Ok(array) => array,
            Err(error) => panic!("{error}"),
        }
    };
}

/// Slices for [`Array::slice`]: `s![1..3, .., 0]`.
#[macro_export]
macro_rules! s {
    ($($slice:expr),* $(,)?) => { [$($crate::Slice::from($slice)),*] };
}
