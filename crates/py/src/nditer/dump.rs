//! The state of an iterator as text, for debugging.

use super::flags::{global, reads, writes};
use super::state::NdIter;
use crate::array::ArrayRef;
use crate::descr;
use pyo3::prelude::*;
use std::fmt::Write;

fn list<T>(parts: impl Iterator<Item = T>, show: impl Fn(T) -> String) -> String {
    parts.map(|p| show(p) + " ").collect()
}

fn flag_names(it: &NdIter) -> String {
    let turned = it.walk.axes().is_some_and(|axes| axes.iter().any(|a| a.1));
    let rows = [
        ("NEGPERM", turned),
        ("HASINDEX", it.walk.has_index()),
        ("HASMULTIINDEX", it.walk.has_multi_index()),
        ("EXLOOP", it.external()),
        ("RANGE", it.flags & global::RANGED != 0),
        ("BUFFER", it.buffers.is_some()),
        ("GROWINNER", it.flags & global::GROWINNER != 0),
        ("DELAYBUF", it.delayed),
        ("NEEDSAPI", it.needs_api),
        ("REDUCE", it.reduces.contains(&true)),
    ];
    list(rows.iter().filter(|r| r.1), |r| r.0.to_owned())
}

fn operand_flags(it: &NdIter, i: usize) -> String {
    let buffered = it.buffers.as_ref().is_some_and(|b| b.is_buffered(i));
    let rows = [
        ("READ", reads(it.op_flags[i])),
        ("WRITE", writes(it.op_flags[i])),
        ("CAST", it.casts[i]),
        ("BUFNEVER", it.buffers.is_some() && !buffered),
        ("REDUCE", it.reduces[i]),
    ];
    list(rows.iter().filter(|r| r.1), |r| r.0.to_owned())
}

/// Order of axes from the innermost; turned ones count down from -1.
fn perm(it: &NdIter) -> String {
    match it.walk.axes() {
        None => list(0..it.walk.ndim(), |a| a.to_string()),
        Some(axes) => list(axes.iter().rev(), |&(axis, turned)| {
            let from_inner = (axes.len() - 1 - axis) as isize;
            (if turned { -1 - from_inner } else { from_inner }).to_string()
        }),
    }
}

/// The whole dump.
pub(super) fn text(py: Python<'_>, it: &NdIter) -> PyResult<String> {
    let mut out = String::from("\n------ BEGIN ITERATOR DUMP ------\n");
    let pointer = |p: &*mut u8| format!("{:p}", *p);
    let (nop, range) = (it.nop(), it.walk.range());
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "| {name}: {value}");
    };
    line("Iterator Address", format!("{it:p}"));
    line("ItFlags", flag_names(it));
    line("NDim", it.walk.ndim().to_string());
    line("NOp", nop.to_string());
    line("IterSize", it.walk.size().to_string());
    line("IterStart", range.start.to_string());
    line("IterEnd", range.end.to_string());
    line("IterIndex", it.iterindex().to_string());
    line("Iterator SizeOf", size_of::<NdIter>().to_string());
    let sizes = [
        size_of::<numoxide_core::iter::Buffers>(),
        size_of::<isize>() * (nop + 2),
    ];
    line(
        "BufferData SizeOf",
        sizes[usize::from(it.buffers.is_none())]
            .min(sizes[0])
            .to_string(),
    );
    line("AxisData SizeOf", sizes[1].to_string());
    out += "|\n";
    operands(py, it, &mut out, pointer)?;
    if it.buffers.is_some() {
        buffers(it, &mut out);
    }
    axes(it, &mut out);
    out += "------- END ITERATOR DUMP -------\n\n";
    Ok(out)
}

fn operands(
    py: Python<'_>,
    it: &NdIter,
    out: &mut String,
    pointer: impl Fn(&*mut u8) -> String + Copy,
) -> PyResult<()> {
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "| {name}: {value}");
    };
    let texts = |of: &dyn Fn(usize) -> *mut crate::layout::Descr| -> PyResult<String> {
        let all: PyResult<Vec<String>> =
            (0..it.nop()).map(|i| descr::repr_text(py, of(i))).collect();
        Ok(list(all?.into_iter(), |t| t))
    };
    line("Perm", perm(it));
    line(
        "DTypes",
        list(it.dtypes.iter(), |d| format!("{:p}", d.as_ptr())),
    );
    line("DTypes", texts(&|i| it.dtypes[i].as_ptr().cast())?);
    line("InitDataPtrs", list(it.walk.first_ptrs().iter(), pointer));
    line(
        "BaseOffsets",
        list(it.walk.offsets().iter(), |o| o.to_string()),
    );
    line("Ptrs", list(it.walk.ptrs().iter(), pointer));
    if it.buffers.is_some() {
        line("User/buffer ptrs", list(it.ptrs().iter(), pointer));
    }
    line(
        "Operands",
        list(it.operands.iter(), |o| format!("{:p}", o.as_ptr())),
    );
    let own = |i: usize| ArrayRef::of(it.operands[i].bind(py)).descr();
    line("Operand DTypes", texts(&own)?);
    line("OpItFlags", String::new());
    for i in 0..it.nop() {
        line(&format!("  Flags[{i}]"), operand_flags(it, i));
    }
    *out += "|\n";
    Ok(())
}

fn buffers(it: &NdIter, out: &mut String) {
    let Some(b) = &it.buffers else { return };
    let (core, passes, axes, double) = b.describe();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "| {name}: {value}");
    };
    line("BufferData", String::new());
    line("  BufferSize", (core * passes).to_string());
    line("  Size", b.run_len().to_string());
    line("  BufIterEnd", (it.iterindex() + b.run_len()).to_string());
    line("  BUFFER CoreSize", core.to_string());
    if double {
        line("  REDUCE Pos", "0".to_owned());
        line("  REDUCE OuterSize", passes.to_string());
        line("  REDUCE OuterDim", axes.to_string());
    }
    line("  Strides", list(b.strides().iter(), |s| s.to_string()));
    if double {
        line(
            "  REDUCE Outer Strides",
            list(b.pass_strides().iter(), |s| s.to_string()),
        );
        line(
            "  REDUCE Outer Ptrs",
            list(b.ptrs().iter(), |p| format!("{:p}", *p)),
        );
    }
    for name in [
        "ReadTransferFn",
        "ReadTransferData",
        "WriteTransferFn",
        "WriteTransferData",
    ] {
        line(&format!("  {name}"), String::new());
    }
    line("  Buffers", list(b.ptrs().iter(), |p| format!("{:p}", *p)));
    *out += "|\n";
}

fn axes(it: &NdIter, out: &mut String) {
    let (n, nop) = (it.walk.ndim(), it.nop());
    for k in 0..n {
        let axis = n - 1 - k;
        let _ = writeln!(out, "| AxisData[{k}]:");
        let _ = writeln!(out, "|   Shape: {}", it.walk.lengths()[axis]);
        let _ = writeln!(out, "|   Index: {}", it.walk.coords()[axis]);
        let strides = list(0..nop, |i| it.walk.stride(axis, i).to_string());
        let _ = writeln!(out, "|   Strides: {strides}");
    }
}
