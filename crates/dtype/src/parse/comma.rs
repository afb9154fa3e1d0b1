//! Lists of dtypes with repeat counts and shapes: `"i4,f8"`, `"3i4"`, `"(2,3)f4,S5"`.

use super::{split_order, Parsed};
use crate::dtype::{DType, Field};
use crate::error::{Error, Result};

/// Whether the string is a list: it has a comma outside brackets, or begins with a count or shape.
pub(super) fn is_list(text: &str) -> bool {
    let (_, rest) = split_order(text);
    let starts = rest.starts_with(|c: char| c.is_ascii_digit()) || starts_with_shape(rest);
    let mut depth = 0;
    let comma = text.chars().any(|c| {
        depth += match c {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    });
    starts || comma
}

/// `()` or a bracket with a comma in it.
fn starts_with_shape(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('(') else {
        return false;
    };
    let inside = rest.split(')').next().unwrap_or("");
    inside.contains(',') || inside.trim().is_empty()
}

/// The list's dtype: one item without a comma stands for itself, others become fields `f0`, `f1`, ….
pub(super) fn parse(text: &str) -> Result<Parsed> {
    let mut items = Vec::new();
    let mut deprecated_a = false;
    let mut rest = text;
    let mut commas = false;
    while !rest.trim().is_empty() {
        let (item, after) = next_item(rest, text, items.len() + 1)?;
        deprecated_a |= item.deprecated_a;
        items.push(item.dtype);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => {
                commas = true;
                rest = more;
            }
            None if rest.is_empty() => break,
            None => return Err(unrecognised(items.len() + 1, text)),
        }
    }
    if let ([one], false) = (&items[..], commas) {
        return Ok(Parsed {
            dtype: one.clone(),
            deprecated_a,
        });
    }
    let fields = items.into_iter().enumerate();
    let fields = fields
        .map(|(i, dtype)| Field {
            name: format!("f{i}"),
            title: None,
            offset: 0,
            dtype,
        })
        .collect();
    Ok(Parsed {
        dtype: DType::packed(fields, false)?,
        deprecated_a,
    })
}

fn unrecognised(number: usize, text: &str) -> Error {
    Error::Value(format!(
        "format number {number} of \"{text}\" is not recognized"
    ))
}

/// The first item: order, count or shape, order, dtype.
fn next_item<'a>(text: &'a str, whole: &str, number: usize) -> Result<(Parsed, &'a str)> {
    let text = text.trim_start();
    if text.starts_with(',') {
        return Err(Error::Syntax("invalid syntax (<unknown>, line 1)".into()));
    }
    let (order1, rest) = optional_order(text);
    let (shape, rest) = repeats(rest).ok_or_else(|| unrecognised(number, whole))?;
    let (order2, rest) = optional_order(rest.trim_start());
    let end = token_end(rest);
    let (name, after) = rest.split_at(end);
    let name = name.trim_end();
    if name.starts_with('(') || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(unrecognised(number, whole));
    }
    let order = match (order1, order2) {
        (Some(a), Some(b)) if a != b => {
            return Err(Error::Value(format!(
                "inconsistent byte-order specification {a} and {b}"
            )));
        }
        (a, b) => a.or(b),
    };
    let full = match order {
        Some('<' | '>') => format!("{}{name}", order.unwrap_or('=')),
        _ => name.to_string(),
    };
    let mut parsed = DType::parse_noting(&full)?;
    if let Some(shape) = shape {
        parsed.dtype = repeated(parsed.dtype, &shape)?;
    }
    Ok((parsed, after))
}

fn optional_order(text: &str) -> (Option<char>, &str) {
    match text.chars().next() {
        Some('<' | '>' | '=' | '|') => {
            let (order, rest) = split_order(text);
            (Some(order), rest)
        }
        _ => (None, text),
    }
}

/// Where a dtype's name ends: at a comma outside brackets.
fn token_end(text: &str) -> usize {
    let mut depth = 0;
    text.find(|c: char| {
        depth += match c {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    })
    .unwrap_or(text.len())
}

/// What stands before an item.
enum Repeat {
    Count(usize),
    Shape(Vec<usize>),
}

/// A count or a shape at the start; the outer `None` is an ill-formed one.
fn repeats(text: &str) -> Option<(Option<Repeat>, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let count = text[..digits].parse().unwrap_or(usize::MAX);
        return Some((Some(Repeat::Count(count)), &text[digits..]));
    }
    let Some(inside) = text.strip_prefix('(') else {
        return Some((None, text));
    };
    let (inside, rest) = inside.split_once(')')?;
    let parts = inside.split(',').map(str::trim);
    let lengths: Option<Vec<usize>> = parts
        .filter(|p| !p.is_empty())
        .map(|p| p.parse().ok())
        .collect();
    Some((Some(Repeat::Shape(lengths?)), rest))
}

/// `dtype` repeated; a count gives a text dtype without a size its size.
fn repeated(dtype: DType, repeat: &Repeat) -> Result<DType> {
    let shape = match repeat {
        Repeat::Count(n) if dtype.num.is_flexible() && dtype.size == 0 && dtype.extra.is_none() => {
            let unit = if dtype.num == crate::TypeNum::Str {
                4
            } else {
                1
            };
            return Ok(DType {
                size: n.saturating_mul(unit),
                ..dtype
            });
        }
        Repeat::Shape(_) if dtype.num.is_flexible() && dtype.size == 0 && dtype.extra.is_none() => {
            return Err(Error::Value(
                "invalid itemsize in generic type tuple".into(),
            ));
        }
        Repeat::Count(n) => vec![*n],
        Repeat::Shape(shape) => shape.clone(),
    };
    if shape.contains(&usize::MAX) {
        return Err(Error::Value("invalid shape in fixed-type tuple.".into()));
    }
    if shape.iter().any(|&n| n > i32::MAX as usize) {
        let text = "invalid shape in fixed-type tuple: dimension does not fit into a C int.";
        return Err(Error::Value(text.into()));
    }
    DType::subarray_of(dtype, &shape)
}
