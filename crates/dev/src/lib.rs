//! Generators of files that follow from the engine's tables, each with a check mode.

use numoxide_ufunc::table::{ops, Op};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A generated file: its path in the repository and the function that gives its text.
type Generated = (&'static str, fn() -> String);

const FILES: &[Generated] = &[("docs/reference/ufuncs.md", ufunc_reference)];

/// Write every generated file; none is out of date afterwards.
///
/// # Errors
/// When a file cannot be written.
pub fn generate() -> io::Result<Vec<&'static str>> {
    for (name, text) in FILES {
        let path = root().join(name);
        fs::create_dir_all(path.parent().expect("a file in a folder"))?;
        fs::write(path, text())?;
    }
    Ok(Vec::new())
}

/// The names of the generated files whose text is no longer what the tables say.
///
/// # Errors
/// Never; a file that cannot be read is out of date.
pub fn check() -> io::Result<Vec<&'static str>> {
    let current =
        |(name, text): &&Generated| fs::read_to_string(root().join(name)).ok() != Some(text());
    Ok(FILES
        .iter()
        .filter(current)
        .map(|(name, _)| *name)
        .collect())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The reference of the universal functions, one line each.
fn ufunc_reference() -> String {
    let mut text = String::from(
        "# Universal functions\n\nWritten by `make gen` from the op table in `crates/ufunc`. \
         Types are NumPy's type characters.\n\n\
         | name | operands | start of reductions | loops | what it gives |\n|---|---|---|---|---|\n",
    );
    let mut rows: Vec<&Op> = ops().iter().collect();
    rows.sort_by_key(|op| op.name);
    for op in rows {
        let loops: Vec<String> = op
            .loops
            .iter()
            .map(|one| types(one.types, op.nin))
            .collect();
        let names = [&[op.name], op.aliases].concat().join(", ");
        writeln!(
            text,
            "| {names} | {} → {} | {:?} | {} | {} |",
            op.nin,
            op.nout,
            op.identity,
            loops.join(" "),
            op.doc
        )
        .expect("writing to a string");
    }
    text
}

/// A loop's types as `inputs->outputs`.
fn types(types: &[numoxide_dtype::TypeNum], nin: u8) -> String {
    let mut text: String = types.iter().map(|num| num.row().code as char).collect();
    text.insert_str(usize::from(nin), "->");
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn reference_names_every_ufunc_once() {
        let text = super::ufunc_reference();
        for op in super::ops() {
            let row = format!("\n| {}", op.name);
            assert_eq!(
                text.matches(&format!("{row} |")).count()
                    + text.matches(&format!("{row},")).count(),
                1,
                "{}",
                op.name
            );
        }
    }
}
