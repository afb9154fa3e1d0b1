//! Docstrings of ufuncs, from their row.

use numoxide_ufunc::table::Op;

/// Signature line, sentence and the arguments all ufuncs share.
pub(crate) fn full(op: &Op) -> String {
    let ins: Vec<String> = match op.nin {
        1 => vec!["x".into()],
        n => (1..=n).map(|i| format!("x{i}")).collect(),
    };
    let (positional, named) = match op.nout {
        0 | 1 => (String::new(), ", /, out=None".to_string()),
        n => {
            let outs: Vec<String> = (1..=n).map(|i| format!("out{i}")).collect();
            let nones = vec!["None"; usize::from(n)].join(", ");
            let outs = outs.join(", ");
            (format!("[, {outs}]"), format!(", / [, out=({nones})]"))
        }
    };
    let mask = if op.signature.is_none() {
        "where=True, "
    } else {
        ""
    };
    let core = if op.signature.is_some() {
        ", axes, axis"
    } else {
        ""
    };
    format!(
        "{}({}{positional}{named}, *, {mask}casting='same_kind', order='K', dtype=None, \
         subok=True[, signature{core}]){}{}",
        op.name,
        ins.join(", "),
        if op.doc.is_empty() { "" } else { "\n\n" },
        op.doc
    )
}
