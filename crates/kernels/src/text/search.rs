//! Tests of text and searches in it, with the meaning of Python's string methods.

use super::chars::Char;
use super::{Done, Item};
use numoxide_dtype::Error;

pub(super) fn len<T: Char>(item: &Item<'_>) -> Done {
    item.put_int(1, item.text::<T>(0).len() as i64)
}

/// Whether there are characters and all pass.
fn every<T: Char>(item: &Item<'_>, test: fn(T) -> bool) -> Done {
    let text = item.text::<T>(0);
    item.put_bool(1, !text.is_empty() && text.iter().all(|c| test(*c)))
}

pub(super) fn is_alpha<T: Char>(item: &Item<'_>) -> Done {
    every(item, T::alpha)
}

pub(super) fn is_digit<T: Char>(item: &Item<'_>) -> Done {
    every(item, T::digit)
}

pub(super) fn is_decimal<T: Char>(item: &Item<'_>) -> Done {
    every(item, T::decimal)
}

pub(super) fn is_numeric<T: Char>(item: &Item<'_>) -> Done {
    every(item, T::numeric)
}

pub(super) fn is_space<T: Char>(item: &Item<'_>) -> Done {
    every(item, T::space)
}

pub(super) fn is_alnum<T: Char>(item: &Item<'_>) -> Done {
    every(item, |c: T| {
        c.alpha() || c.decimal() || c.digit() || c.numeric()
    })
}

/// Whether a letter passes and no letter fails.
fn cased<T: Char>(item: &Item<'_>, yes: fn(T) -> bool, no: fn(T) -> bool) -> Done {
    let text = item.text::<T>(0);
    let fails = text.iter().any(|c| no(*c));
    item.put_bool(1, !fails && text.iter().any(|c| yes(*c)))
}

pub(super) fn is_lower<T: Char>(item: &Item<'_>) -> Done {
    cased(item, T::lower, |c| c.upper() || c.title())
}

pub(super) fn is_upper<T: Char>(item: &Item<'_>) -> Done {
    cased(item, T::upper, |c| c.lower() || c.title())
}

/// Capitals only at the start of words, small letters only after a letter.
pub(super) fn is_title<T: Char>(item: &Item<'_>) -> Done {
    let (mut inside, mut seen) = (false, false);
    for c in item.text::<T>(0) {
        let capital = c.upper() || c.title();
        if capital && inside || c.lower() && !inside {
            return item.put_bool(1, false);
        }
        inside = capital || c.lower();
        seen |= inside;
    }
    item.put_bool(1, seen)
}

/// Start and end of a search as a Python slice has them; the start may be behind the end.
fn span(len: usize, start: i64, end: i64) -> (usize, usize) {
    let len = len as i64;
    let clip = |at: i64| if at < 0 { (at + len).max(0) } else { at };
    (clip(start) as usize, clip(end).min(len) as usize)
}

/// Text, pattern and place of a search; `None` where even the empty pattern is not found.
fn searched<'a, T: Char>(item: &Item<'a>) -> Option<(&'a [T], &'a [T], usize)> {
    let (text, sub) = (item.text::<T>(0), item.text::<T>(1));
    let (start, end) = span(text.len(), item.int(2), item.int(3));
    (start <= end).then(|| (&text[start..end], sub, start))
}

/// The first place of `sub` in `text`.
pub(super) fn first<T: Char>(text: &[T], sub: &[T]) -> Option<usize> {
    let Some(head) = sub.first() else {
        return Some(0);
    };
    let last = text.len().checked_sub(sub.len())?;
    let mut at = 0;
    while at <= last {
        at += text[at..=last].iter().position(|c| c == head)?;
        if &text[at..at + sub.len()] == sub {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The last place of `sub` in `text`.
fn last<T: Char>(text: &[T], sub: &[T]) -> Option<usize> {
    let end = text.len().checked_sub(sub.len())?;
    (0..=end).rev().find(|&i| &text[i..i + sub.len()] == sub)
}

/// Where a search finds its pattern.
fn place<T: Char>(item: &Item<'_>, how: fn(&[T], &[T]) -> Option<usize>) -> Option<i64> {
    let (text, sub, start) = searched::<T>(item)?;
    how(text, sub).map(|i| (i + start) as i64)
}

pub(super) fn find<T: Char>(item: &Item<'_>) -> Done {
    item.put_int(4, place::<T>(item, first).unwrap_or(-1))
}

pub(super) fn rfind<T: Char>(item: &Item<'_>) -> Done {
    item.put_int(4, place::<T>(item, last).unwrap_or(-1))
}

fn missing() -> Error {
    Error::Value("substring not found".into())
}

pub(super) fn index<T: Char>(item: &Item<'_>) -> Done {
    item.put_int(4, place::<T>(item, first).ok_or_else(missing)?)
}

pub(super) fn rindex<T: Char>(item: &Item<'_>) -> Done {
    item.put_int(4, place::<T>(item, last).ok_or_else(missing)?)
}

/// How often `sub` stands in `text` without overlap.
pub(super) fn occurrences<T: Char>(mut text: &[T], sub: &[T]) -> usize {
    if sub.is_empty() {
        return text.len() + 1;
    }
    let mut found = 0;
    while let Some(at) = first(text, sub) {
        found += 1;
        text = &text[at + sub.len()..];
    }
    found
}

pub(super) fn count<T: Char>(item: &Item<'_>) -> Done {
    let found = searched::<T>(item).map_or(0, |(text, sub, _)| occurrences(text, sub));
    item.put_int(4, found as i64)
}

pub(super) fn starts_with<T: Char>(item: &Item<'_>) -> Done {
    let found = searched::<T>(item).is_some_and(|(text, sub, _)| text.starts_with(sub));
    item.put_bool(4, found)
}

pub(super) fn ends_with<T: Char>(item: &Item<'_>) -> Done {
    let found = searched::<T>(item).is_some_and(|(text, sub, _)| text.ends_with(sub));
    item.put_bool(4, found)
}
