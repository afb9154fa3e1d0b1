//! Strings, formats, promotion and casting safety against tables that NumPy gave.

use super::{buffer_format, parse_buffer_format};
use crate::promote::{cast_level, promote_types, result_type, Operand, WeakKind};
use crate::{DType, Error, Result, TypeNum};

/// A dtype the way the tables write it.
fn describe(dtype: &DType) -> String {
    if let Some((base, shape)) = dtype.subarray() {
        let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
        return format!("({}){}", lengths.join(","), describe(base));
    }
    if let Some(fields) = dtype.fields() {
        let parts: Vec<String> = fields
            .iter()
            .map(|f| format!("{}:{}@{}", f.name, describe(&f.dtype), f.offset))
            .collect();
        return format!("{{{}}}{}", parts.join(" "), dtype.size);
    }
    let order = if dtype.swapped { ">" } else { "" };
    let code = char::from(dtype.num.row().code);
    let meta = dtype.datetime_meta();
    match dtype.num {
        n if n.is_flexible() => format!("{order}{code}{}", dtype.size),
        TypeNum::DateTime | TypeNum::TimeDelta => {
            format!("{order}{code}{}{}", meta.unit.name(), meta.num)
        }
        _ => format!("{order}{code}"),
    }
}

fn error_class(error: &Error) -> &'static str {
    match error {
        Error::Promotion(_) => "DTypePromotionError",
        Error::Value(_) => "ValueError",
        Error::Overflow(_) => "OverflowError",
        Error::Syntax(_) => "SyntaxError",
        Error::Runtime(_) => "RuntimeError",
        Error::NotImplemented(_) => "NotImplementedError",
        _ => "TypeError",
    }
}

fn outcome(result: Result<DType>) -> String {
    match result {
        Ok(dtype) => describe(&dtype),
        Err(e) => format!("!{} {e}", error_class(&e)),
    }
}

/// Runs a table of tab-separated rows, the last column being what is wanted.
fn check(table: &str, run: impl Fn(&[&str]) -> String) {
    let mut wrong = Vec::new();
    for line in table.lines().filter(|l| !l.starts_with("# ")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (want, given) = columns.split_last().expect("columns");
        let got = run(given);
        if got != *want {
            wrong.push(format!("{given:?}\n  got  {got}\n  want {want}"));
        }
    }
    let shown = &wrong[..wrong.len().min(12)];
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}

#[test]
fn strings() {
    check(include_str!("../../tests/data/parse.txt"), |c| {
        outcome(DType::parse(c[0]))
    });
}

#[test]
fn buffer_formats() {
    check(include_str!("../../tests/data/buffer_parse.txt"), |c| {
        outcome(parse_buffer_format(c[0]))
    });
    check(include_str!("../../tests/data/buffer_write.txt"), |c| {
        let dtype = DType::parse(c[0]).expect("a dtype");
        match buffer_format(&dtype, dtype.size | 64) {
            Ok(text) => text,
            Err(e) => format!("!{} {e}", error_class(&e)),
        }
    });
}

#[test]
fn promotion_and_casting() {
    let make = |text: &str| DType::parse(text).expect("a dtype");
    let table = include_str!("../../tests/data/promotion.txt");
    let levels = std::cell::Cell::new(0);
    check(table, |c| {
        let (a, b) = (make(c[0]), make(c[1]));
        let level = cast_level(&a, &b).map_or(5, |l| l as usize);
        levels.set(levels.get() + 1);
        if level.to_string() != c[2] {
            return format!("level {level}, not {}", c[2]);
        }
        outcome(promote_types(&a, &b))
    });
    assert!(levels.get() > 1000);
}

#[test]
fn many_operands() {
    check(include_str!("../../tests/data/result_type.txt"), |c| {
        // `numpy.result_type` looks at dtypes before arrays and scalars.
        let mut words: Vec<&str> = c[0].split(' ').collect();
        words.sort_by_key(|w| w.starts_with('1'));
        let dtypes: Vec<Option<DType>> = words
            .iter()
            .map(|w| {
                if w.starts_with('1') {
                    None
                } else {
                    DType::parse(w).ok()
                }
            })
            .collect();
        let operands: Vec<Operand> = words
            .iter()
            .zip(&dtypes)
            .map(|(w, d)| match (d, *w) {
                (Some(d), _) => Operand::DType(d),
                (_, "1") => Operand::Weak(WeakKind::Int),
                (_, "1j") => Operand::Weak(WeakKind::Complex),
                _ => Operand::Weak(WeakKind::Float),
            })
            .collect();
        outcome(result_type(&operands))
    });
}

#[test]
fn names_and_representations() {
    check(include_str!("../../tests/data/display.txt"), |c| {
        let d = DType::parse(c[0]).expect("a dtype");
        if [&d.to_string()[..], &d.text(), &d.name()] != c[1..] {
            return format!("{d} {} {}", d.text(), d.name());
        }
        d.typestr()
    });
}

#[test]
fn padded_structures() {
    let field = |name: &str, code: &str, offset| crate::Field {
        name: name.into(),
        title: None,
        offset,
        dtype: DType::parse(code).expect("a dtype"),
    };
    let aligned = DType::packed(vec![field("a", "i1", 0), field("b", "f8", 0)], true).unwrap();
    assert_eq!(
        aligned.to_string(),
        "dtype([('a', 'i1'), ('b', '<f8')], align=True)"
    );
    assert_eq!(
        aligned.text(),
        "{'names': ['a', 'b'], 'formats': ['i1', '<f8'], 'offsets': [0, 8], 'itemsize': 16, \
         'aligned': True}"
    );
    let apart = DType::with_offsets(vec![field("a", "i4", 4)], false, Some(16)).unwrap();
    assert_eq!(
        apart.to_string(),
        "dtype({'names': ['a'], 'formats': ['<i4'], 'offsets': [4], 'itemsize': 16})"
    );
    assert!(DType::packed(vec![field("a", "i1", 0), field("a", "f8", 0)], false).is_err());
}
