//! Docstrings of ufuncs, from their row.

use numoxide_ufunc::table::Op;

/// Signature line, sentence and the arguments all ufuncs share.
pub(crate) fn full(op: &Op) -> String {
    let ins: Vec<String> = match op.nin {
        1 => vec!["x".into()],
        n => (1..=n).map(|i| format!("x{i}")).collect(),
    };
    let outs = match op.nout {
        0 | 1 => "out=None".to_string(),
        n => format!("out=({})", vec!["None"; usize::from(n)].join(", ")),
    };
    format!(
        "{}({}, /, {outs}, *, where=True, casting='same_kind', order='K', dtype=None, \
         subok=True[, signature])\n\n{}\n",
        op.name,
        ins.join(", "),
        op.doc
    )
}
