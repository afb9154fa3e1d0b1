//! Names of dtypes: `float64`, `<i4`, `dtype('>f8')`.

use crate::dtype::{DType, DateTimeUnit, Extra, Field};
use crate::error::shape_text;
use crate::num::TypeNum;
use std::fmt;

impl DateTimeUnit {
    /// The unit's short name as used in dtype strings.
    pub fn name(self) -> &'static str {
        match self {
            DateTimeUnit::Year => "Y",
            DateTimeUnit::Month => "M",
            DateTimeUnit::Week => "W",
            DateTimeUnit::Day => "D",
            DateTimeUnit::Hour => "h",
            DateTimeUnit::Minute => "m",
            DateTimeUnit::Second => "s",
            DateTimeUnit::Milli => "ms",
            DateTimeUnit::Micro => "us",
            DateTimeUnit::Nano => "ns",
            DateTimeUnit::Pico => "ps",
            DateTimeUnit::Femto => "fs",
            DateTimeUnit::Atto => "as",
            DateTimeUnit::Generic => "generic",
        }
    }
}

impl DType {
    /// The `[25s]` suffix of a datetime dtype; empty when generic.
    pub fn unit_text(&self) -> String {
        let meta = self.datetime_meta();
        match (meta.unit, meta.num) {
            (DateTimeUnit::Generic, _) => String::new(),
            (unit, 1) => format!("[{}]", unit.name()),
            (unit, n) => format!("[{n}{}]", unit.name()),
        }
    }

    /// `dtype.name`: `float64`, `str96`, `datetime64[ns]`.
    pub fn name(&self) -> String {
        let row = self.num.row();
        match self.num {
            TypeNum::LongLong => "int64".into(),
            TypeNum::ULongLong => "uint64".into(),
            n if n.is_flexible() && self.size > 0 => format!("{}{}", row.name, self.size * 8),
            TypeNum::DateTime | TypeNum::TimeDelta => format!("{}{}", row.name, self.unit_text()),
            TypeNum::User => self.user_name().unwrap_or_else(|| row.name.into()),
            _ => row.name.into(),
        }
    }

    /// The name under which the dtype is registered.
    fn user_name(&self) -> Option<String> {
        match self.extra.as_deref() {
            Some(Extra::User(num)) => crate::promote::user_name(*num),
            _ => None,
        }
    }

    /// `dtype.str`: byte order, kind and size, as `<f8`.
    pub fn typestr(&self) -> String {
        let row = self.num.row();
        let little = cfg!(target_endian = "little") != self.swapped;
        let order = match self.num {
            TypeNum::VString => return "|T16".into(),
            TypeNum::Object => return "|O".into(),
            TypeNum::Bytes | TypeNum::Void => '|',
            _ if row.size == 1 => '|',
            _ if little => '<',
            _ => '>',
        };
        let size = if self.num == TypeNum::Str {
            self.size / 4
        } else {
            self.size
        };
        match self.num {
            TypeNum::Bool => "|b1".into(),
            TypeNum::DateTime | TypeNum::TimeDelta => {
                format!("{order}{}{size}{}", row.kind as char, self.unit_text())
            }
            _ => format!("{order}{}{size}", row.kind as char),
        }
    }
}

impl DType {
    /// How a dtype is spelled inside another one: `<f8`, `?`, `S3`, `[('x', '<i4')]`, quotes included.
    fn spelled(&self) -> String {
        if self.fields().is_some() {
            return self.structure_text(false);
        }
        if let Some((base, shape)) = self.subarray() {
            return format!("({}, {})", base.spelled(), shape_text(shape));
        }
        let plain = |code: &str| format!("'{code}'");
        match self.num {
            TypeNum::Bool => plain("?"),
            num if num.is_flexible() && self.size == 0 => {
                plain(self.typestr().trim_start_matches('|').trim_end_matches('0'))
            }
            _ => plain(self.typestr().trim_start_matches('|')),
        }
    }

    /// Whether the fields lie one after another, with no more padding than alignment asks for.
    fn is_packed(&self, fields: &[Field]) -> bool {
        let aligned = self.is_aligned_struct();
        let mut end = 0usize;
        for f in fields {
            if aligned {
                end = end.next_multiple_of(f.dtype.align.max(1));
            }
            if f.offset != end {
                return false;
            }
            end += f.dtype.size;
        }
        if aligned {
            end = end.next_multiple_of(self.align.max(1));
        }
        end == self.size
    }

    /// Made with `align=True`.
    pub fn is_aligned_struct(&self) -> bool {
        matches!(self.extra.as_deref(), Some(Extra::Struct(info)) if info.aligned)
    }

    /// A structured dtype as a list of fields, or as a dict where the list would not say it all.
    fn structure_text(&self, say_aligned: bool) -> String {
        let fields = self.fields().unwrap_or_default();
        let aligned = say_aligned && self.is_aligned_struct();
        if aligned || !self.is_packed(fields) {
            return self.dict_text(fields, aligned);
        }
        let items: Vec<String> = fields
            .iter()
            .map(|f| {
                let name = match &f.title {
                    Some(title) => format!("({}, {})", quoted(title), quoted(&f.name)),
                    None => quoted(&f.name),
                };
                match f.dtype.subarray() {
                    Some((base, shape)) => {
                        format!("({name}, {}, {})", base.spelled(), shape_text(shape))
                    }
                    None => format!("({name}, {})", f.dtype.spelled()),
                }
            })
            .collect();
        format!("[{}]", items.join(", "))
    }

    fn dict_text(&self, fields: &[Field], aligned: bool) -> String {
        let list = |part: &dyn Fn(&Field) -> String| {
            let parts: Vec<String> = fields.iter().map(part).collect();
            format!("[{}]", parts.join(", "))
        };
        let mut out = format!(
            "{{'names': {}, 'formats': {}, 'offsets': {}",
            list(&|f| quoted(&f.name)),
            list(&|f| f.dtype.spelled()),
            list(&|f| f.offset.to_string())
        );
        if fields.iter().any(|f| f.title.is_some()) {
            let title = |f: &Field| f.title.as_deref().map_or("None".into(), quoted);
            out.push_str(&format!(", 'titles': {}", list(&title)));
        }
        out.push_str(&format!(", 'itemsize': {}", self.size));
        if aligned {
            out.push_str(", 'aligned': True");
        }
        out.push('}');
        out
    }

    /// `str(dtype)`: `float64`, `>i4`, `[('x', '<i4')]`.
    pub fn text(&self) -> String {
        if self.fields().is_some() {
            return self.structure_text(true);
        }
        if self.subarray().is_some() {
            return self.spelled();
        }
        if self.num.is_flexible() || self.swapped {
            return self.typestr();
        }
        self.name()
    }
}

fn quoted(text: &str) -> String {
    crate::python_repr::str_repr(&text.chars().map(u32::from).collect::<Vec<_>>())
}

impl fmt::Display for DType {
    /// The `repr` form, `dtype('float64')`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelled = matches!(
            self.num,
            TypeNum::Object | TypeNum::DateTime | TypeNum::TimeDelta
        ) || self.num.is_flexible()
            || self.swapped;
        if self.num == TypeNum::VString {
            return write!(f, "StringDType()");
        }
        if self.fields().is_some() {
            let align = if self.is_aligned_struct() {
                ", align=True"
            } else {
                ""
            };
            return write!(f, "dtype({}{align})", self.structure_text(false));
        }
        if self.num == TypeNum::User {
            return write!(f, "dtype({})", self.name());
        }
        if spelled {
            return write!(f, "dtype({})", self.spelled());
        }
        write!(f, "dtype('{}')", self.name())
    }
}
