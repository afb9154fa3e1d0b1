//! Building structured and sub-array dtypes: offsets, alignment, item size.

use crate::dtype::{DType, Extra, Field, StructInfo};
use crate::error::{Error, Result};
use crate::num::TypeNum;
use std::sync::Arc;

impl DType {
    /// A structured dtype with fields one after another, padded to their alignment if `aligned`;
    /// the fields' own offsets are ignored.
    pub fn packed(mut fields: Vec<Field>, aligned: bool) -> Result<DType> {
        let mut end = 0usize;
        for field in &mut fields {
            if aligned {
                end = end.next_multiple_of(field.dtype.align.max(1));
            }
            field.offset = end;
            end = end.checked_add(field.dtype.size).ok_or(Error::TooBig)?;
        }
        DType::with_offsets(fields, aligned, None)
    }

    /// A structured dtype whose fields lie at their own offsets, in an item of at least `itemsize`.
    pub fn with_offsets(
        fields: Vec<Field>,
        aligned: bool,
        itemsize: Option<usize>,
    ) -> Result<DType> {
        let mut align = 1;
        let mut end = 0;
        for f in &fields {
            check_offset(f, aligned)?;
            align = align.max(f.dtype.align);
            end = end.max(f.offset + f.dtype.size);
        }
        if !aligned {
            align = 1;
        }
        let size = match itemsize {
            None => end.next_multiple_of(align),
            Some(size) if size < end => {
                return Err(Error::Value(format!(
                    "NumPy dtype descriptor requires {end} bytes, cannot override to smaller \
                     itemsize of {size}"
                )));
            }
            Some(size) if size % align != 0 => {
                return Err(Error::Value(format!(
                    "NumPy dtype descriptor requires alignment of {align} bytes, which is not \
                     divisible into the specified itemsize {size}"
                )));
            }
            Some(size) => size,
        };
        check_objects(&fields)?;
        check_names(&fields)?;
        let extra = Some(Arc::new(Extra::Struct(StructInfo { fields, aligned })));
        Ok(DType {
            num: TypeNum::Void,
            swapped: false,
            align,
            size,
            extra,
        })
    }

    /// A sub-array of the given shape; a sub-array of a sub-array joins their shapes.
    pub fn subarray_of(base: DType, shape: &[usize]) -> Result<DType> {
        if shape.is_empty() {
            return Ok(base);
        }
        let mut full = shape.to_vec();
        let base = match base.subarray() {
            Some((inner, more)) => {
                full.extend_from_slice(more);
                inner.clone()
            }
            None => base,
        };
        let too_big = || {
            let text =
                "invalid shape in fixed-type tuple: dtype size in bytes must fit into a C int.";
            Error::Value(text.into())
        };
        let size = full
            .iter()
            .try_fold(base.size, |n, &m| n.checked_mul(m))
            .filter(|&n| n <= i32::MAX as usize)
            .ok_or_else(too_big)?;
        let align = base.align;
        let extra = Some(Arc::new(Extra::SubArray { base, shape: full }));
        Ok(DType {
            num: TypeNum::Void,
            swapped: false,
            align,
            size,
            extra,
        })
    }
}

impl DType {
    /// Whether every byte of an item belongs to a field; true for items without fields.
    pub fn is_dense(&self) -> bool {
        if let Some((base, _)) = self.subarray() {
            return base.is_dense();
        }
        let Some(fields) = self.fields() else {
            return true;
        };
        let mut spans: Vec<_> = fields.iter().map(|f| (f.offset, f.dtype.size)).collect();
        spans.sort_unstable();
        let mut end = 0;
        for (offset, size) in spans {
            if offset > end {
                return false;
            }
            end = end.max(offset + size);
        }
        end == self.size && fields.iter().all(|f| f.dtype.is_dense())
    }
}

fn check_offset(field: &Field, aligned: bool) -> Result<()> {
    let (offset, align) = (field.offset, field.dtype.align.max(1));
    if aligned && offset % align != 0 {
        return Err(Error::Value(format!(
            "offset {offset} for NumPy dtype with fields is not divisible by the field alignment \
             {align} with align=True"
        )));
    }
    match offset.checked_add(field.dtype.size) {
        Some(end) if end <= i32::MAX as usize => Ok(()),
        _ => Err(Error::TooBig),
    }
}

/// Object pointers may not share bytes with another field.
fn check_objects(fields: &[Field]) -> Result<()> {
    let span = |f: &Field| (f.offset, f.offset + f.dtype.size);
    for (i, f) in fields
        .iter()
        .enumerate()
        .filter(|(_, f)| f.dtype.has_objects())
    {
        let (start, end) = span(f);
        let clash = |g: &Field| span(g).0 < end && start < span(g).1;
        if fields.iter().enumerate().any(|(j, g)| i != j && clash(g)) {
            let text = "Cannot create a NumPy dtype with overlapping object fields";
            return Err(Error::Type(text.into()));
        }
    }
    Ok(())
}

/// Names and titles share one name space.
fn check_names(fields: &[Field]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for f in fields {
        if !seen.insert(f.name.as_str()) {
            return Err(Error::Value(format!(
                "field '{}' occurs more than once",
                f.name
            )));
        }
        if let Some(title) = &f.title {
            if !seen.insert(title.as_str()) {
                return Err(Error::Value(
                    "title already used as a name or title.".into(),
                ));
            }
        }
    }
    Ok(())
}
