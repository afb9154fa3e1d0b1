//! Names of dtypes: `float64`, `<i4`, `dtype('>f8')`.

use crate::dtype::{DType, DateTimeUnit};
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
            TypeNum::LongLong | TypeNum::ULongLong => {
                TypeNum::from_code(row.code.to_ascii_lowercase())
                    .map_or(row.name, |_| {
                        if self.num == TypeNum::LongLong {
                            "int64"
                        } else {
                            "uint64"
                        }
                    })
                    .into()
            }
            n if n.is_flexible() && self.size > 0 => format!("{}{}", row.name, self.size * 8),
            TypeNum::DateTime | TypeNum::TimeDelta => format!("{}{}", row.name, self.unit_text()),
            _ => row.name.into(),
        }
    }

    /// `dtype.str`: byte order, kind and size, as `<f8`.
    pub fn typestr(&self) -> String {
        let row = self.num.row();
        let order = match (self.num, self.swapped) {
            (TypeNum::VString, _) => return "|T16".into(),
            (TypeNum::Object, _) => return "|O".into(),
            (TypeNum::Bytes | TypeNum::Void | TypeNum::Bool, _) => '|',
            (_, false) if row.size == 1 => '|',
            (_, true) if row.size == 1 => '|',
            (_, false) => {
                if cfg!(target_endian = "little") {
                    '<'
                } else {
                    '>'
                }
            }
            (_, true) => {
                if cfg!(target_endian = "little") {
                    '>'
                } else {
                    '<'
                }
            }
        };
        let size = if self.num == TypeNum::Str {
            self.size / 4
        } else {
            self.size
        };
        match self.num {
            TypeNum::DateTime | TypeNum::TimeDelta => {
                format!("{order}{}{size}{}", row.kind as char, self.unit_text())
            }
            _ => format!("{order}{}{size}", row.kind as char),
        }
    }
}

impl fmt::Display for DType {
    /// The `repr` form, `dtype('float64')`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flexible = self.num.is_flexible()
            || self.swapped
            || self.num.kind() == b'M'
            || self.num.kind() == b'm';
        match self.num {
            TypeNum::Object => write!(f, "dtype('O')"),
            _ if flexible => write!(f, "dtype('{}')", self.typestr()),
            _ => write!(f, "dtype('{}')", self.name()),
        }
    }
}
