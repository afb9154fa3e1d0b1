//! Operations that give text, with the meaning of Python's string methods.

use super::chars::Char;
use super::search::first;
use super::{Done, Item};
use numoxide_dtype::Error;
use std::iter::repeat_n;

pub(super) fn add<T: Char>(item: &Item<'_>) -> Done {
    let (a, b) = (item.text::<T>(0), item.text::<T>(1));
    item.put_text(2, a.iter().chain(b).copied())
}

fn times<T: Char>(item: &Item<'_>, text: &[T], count: i64) -> Done {
    let count = usize::try_from(count).unwrap_or(0);
    if text.len().checked_mul(count).is_none() {
        return Err(Error::Overflow(
            "Overflow encountered in string multiply".into(),
        ));
    }
    item.put_text(
        2,
        repeat_n(text, if text.is_empty() { 0 } else { count })
            .flatten()
            .copied(),
    )
}

pub(super) fn multiply<T: Char>(item: &Item<'_>) -> Done {
    times::<T>(item, item.text(0), item.int(1))
}

pub(super) fn multiply_left<T: Char>(item: &Item<'_>) -> Done {
    times::<T>(item, item.text(1), item.int(0))
}

/// The text without the characters at its ends that are `unwanted`.
fn trimmed<T: Char>(
    mut text: &[T],
    left: bool,
    right: bool,
    unwanted: impl Fn(&T) -> bool,
) -> &[T] {
    while let (true, Some((c, rest))) = (left, text.split_first()) {
        if !unwanted(c) {
            break;
        }
        text = rest;
    }
    while let (true, Some((c, rest))) = (right, text.split_last()) {
        if !unwanted(c) {
            break;
        }
        text = rest;
    }
    text
}

fn strip_spaces<T: Char>(item: &Item<'_>, left: bool, right: bool) -> Done {
    let kept = trimmed(item.text::<T>(0), left, right, |c| c.space());
    item.put_text(1, kept.iter().copied())
}

pub(super) fn lstrip<T: Char>(item: &Item<'_>) -> Done {
    strip_spaces::<T>(item, true, false)
}

pub(super) fn rstrip<T: Char>(item: &Item<'_>) -> Done {
    strip_spaces::<T>(item, false, true)
}

pub(super) fn strip<T: Char>(item: &Item<'_>) -> Done {
    strip_spaces::<T>(item, true, true)
}

fn strip_set<T: Char>(item: &Item<'_>, left: bool, right: bool) -> Done {
    let set = item.text::<T>(1);
    let kept = trimmed(item.text::<T>(0), left, right, |c| set.contains(c));
    item.put_text(2, kept.iter().copied())
}

pub(super) fn lstrip_chars<T: Char>(item: &Item<'_>) -> Done {
    strip_set::<T>(item, true, false)
}

pub(super) fn rstrip_chars<T: Char>(item: &Item<'_>) -> Done {
    strip_set::<T>(item, false, true)
}

pub(super) fn strip_chars<T: Char>(item: &Item<'_>) -> Done {
    strip_set::<T>(item, true, true)
}

/// The text with `old` as `new`, at most `limit` times.
fn replaced<T: Char>(mut text: &[T], old: &[T], new: &[T], mut limit: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(text.len());
    while limit > 0 {
        let Some(at) = first(text, old) else { break };
        out.extend_from_slice(&text[..at]);
        out.extend_from_slice(new);
        text = &text[at + old.len()..];
        limit -= 1;
        if old.is_empty() {
            // Between characters, and once behind the last.
            let Some((c, rest)) = text.split_first() else {
                break;
            };
            if limit > 0 {
                out.push(*c);
                text = rest;
            }
        }
    }
    out.extend_from_slice(text);
    out
}

pub(super) fn replace<T: Char>(item: &Item<'_>) -> Done {
    let limit = usize::try_from(item.int(3)).unwrap_or(usize::MAX);
    let made = replaced(item.text::<T>(0), item.text(1), item.text(2), limit);
    item.put_text(4, made)
}

/// Characters of the text with tabs as spaces up to the next multiple of `size`.
fn expanded<'a, T: Char>(text: &'a [T], size: i64) -> impl Iterator<Item = T> + 'a {
    let size = usize::try_from(size).unwrap_or(0);
    let mut column = 0_usize;
    text.iter().flat_map(move |&c| {
        let (shown, count) = if c == T::of(b'\t') {
            (T::of(b' '), if size > 0 { size - column % size } else { 0 })
        } else {
            (c, 1)
        };
        column += count;
        if c == T::of(b'\n') || c == T::of(b'\r') {
            column = 0;
        }
        repeat_n(shown, count)
    })
}

pub(super) fn expanded_length<T: Char>(item: &Item<'_>) -> Done {
    // Bounds what the text needs, and is its width in results: a character counts its bytes.
    let (text, size) = (item.text::<T>(0), item.int(1));
    let (mut total, mut column) = (0_i64, 0_i64);
    for &c in text {
        let count = match c == T::of(b'\t') {
            true if size > 0 => size - column % size,
            true => 0,
            false => size_of::<T>() as i64,
        };
        let more = total.checked_add(count);
        total = more.ok_or_else(|| Error::Overflow("new string is too long".into()))?;
        column = if c == T::of(b'\n') || c == T::of(b'\r') {
            0
        } else {
            column + if c == T::of(b'\t') { count } else { 1 }
        };
    }
    item.put_int(2, total)
}

pub(super) fn expand_tabs<T: Char>(item: &Item<'_>) -> Done {
    let (text, size) = (item.text::<T>(0), item.int(1));
    item.put_text(2, expanded(text, size))
}

/// Pads the text to a width; `share` tells how much of the padding goes to the left.
fn pad<T: Char>(item: &Item<'_>, share: fn(usize, usize) -> usize) -> Done {
    let [fill] = *item.text::<T>(2) else {
        let words = "The fill character must be exactly one character long";
        return Err(Error::Type(words.into()));
    };
    let text = item.text::<T>(0);
    let width = usize::try_from(item.int(1)).unwrap_or(0);
    let missing = width.saturating_sub(text.len());
    let left = share(missing, width);
    let padded = repeat_n(fill, left)
        .chain(text.iter().copied())
        .chain(repeat_n(fill, missing - left));
    item.put_text(3, padded)
}

pub(super) fn center<T: Char>(item: &Item<'_>) -> Done {
    pad::<T>(item, |missing, width| missing / 2 + (missing & width & 1))
}

pub(super) fn ljust<T: Char>(item: &Item<'_>) -> Done {
    pad::<T>(item, |_, _| 0)
}

pub(super) fn rjust<T: Char>(item: &Item<'_>) -> Done {
    pad::<T>(item, |missing, _| missing)
}

pub(super) fn zfill<T: Char>(item: &Item<'_>) -> Done {
    let text = item.text::<T>(0);
    let width = usize::try_from(item.int(1)).unwrap_or(0);
    let signed = text
        .first()
        .is_some_and(|c| *c == T::of(b'+') || *c == T::of(b'-'));
    let (sign, digits) = text.split_at(usize::from(signed));
    let zeros = repeat_n(T::of(b'0'), width.saturating_sub(text.len()));
    let made = sign
        .iter()
        .copied()
        .chain(zeros)
        .chain(digits.iter().copied());
    item.put_text(2, made)
}

/// Splits at the place found; without one the whole text is the first part, or the last one.
fn split<T: Char>(item: &Item<'_>, whole_last: bool) -> Done {
    let (text, sep) = (item.text::<T>(0), item.text::<T>(1));
    if sep.is_empty() {
        return Err(Error::Value("empty separator".into()));
    }
    let empty: &[T] = &[];
    let parts = match usize::try_from(item.int(2)) {
        Ok(at) if at <= text.len() => {
            let behind = (at + sep.len()).min(text.len());
            [&text[..at], sep, &text[behind..]]
        }
        _ if whole_last => [empty, empty, text],
        _ => [text, empty, empty],
    };
    for (k, part) in parts.into_iter().enumerate() {
        item.put_text(3 + k, part.iter().copied())?;
    }
    Ok(())
}

pub(super) fn partition<T: Char>(item: &Item<'_>) -> Done {
    split::<T>(item, false)
}

pub(super) fn rpartition<T: Char>(item: &Item<'_>) -> Done {
    split::<T>(item, true)
}

/// The characters of a Python slice.
pub(super) fn slice<T: Char>(item: &Item<'_>) -> Done {
    let (text, step) = (item.text::<T>(0), item.int(3));
    if step == 0 {
        return Err(Error::Value("slice step cannot be zero".into()));
    }
    let len = text.len() as i64;
    let (low, high) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let clip =
        |at: i64| (if at < 0 { at.saturating_add(len) } else { at }).clamp(low, high.max(low));
    let (start, stop) = (clip(item.int(1)), clip(item.int(2)));
    let ahead = move |at: &i64| if step < 0 { *at > stop } else { *at < stop };
    let places = std::iter::successors(Some(start), |at| at.checked_add(step)).take_while(ahead);
    item.put_text(4, places.map(|i| text[i as usize]))
}
