//! Text of arrays: nested lists.

use crate::Array;
use std::fmt;

impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = texts(self).map_err(|_| fmt::Error)?;
        let width = texts.iter().map(String::len).max().unwrap_or(0);
        let mut next = texts.iter();
        level(f, self.shape(), 0, width, &mut next)
    }
}

fn texts(array: &Array) -> numoxide_core::Result<Vec<String>> {
    let num = array.dtype().num;
    Ok(if num == numoxide_core::TypeNum::Bool {
        array
            .to_vec::<u8>()?
            .iter()
            .map(|b| if *b == 0 { "False" } else { "True" }.into())
            .collect()
    } else if num.is_unsigned() {
        array.to_vec::<u64>()?.iter().map(u64::to_string).collect()
    } else if num.is_integer() {
        array.to_vec::<i64>()?.iter().map(i64::to_string).collect()
    } else {
        array
            .to_vec::<f64>()?
            .iter()
            .map(|x| format!("{x:?}"))
            .collect()
    })
}

fn level<'a>(
    f: &mut fmt::Formatter<'_>,
    shape: &[usize],
    depth: usize,
    width: usize,
    next: &mut impl Iterator<Item = &'a String>,
) -> fmt::Result {
    let Some((&n, rest)) = shape.split_first() else {
        return write!(f, "{:>width$}", next.next().map_or("", String::as_str));
    };
    write!(f, "[")?;
    for i in 0..n {
        if i > 0 && rest.is_empty() {
            write!(f, " ")?;
        } else if i > 0 {
            write!(f, "{}{}", "\n".repeat(rest.len()), " ".repeat(depth + 1))?;
        }
        level(f, rest, depth + 1, width, next)?;
    }
    write!(f, "]")
}
