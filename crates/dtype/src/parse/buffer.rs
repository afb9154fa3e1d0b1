//! Format strings of the buffer protocol (PEP 3118).

use crate::dtype::{DType, Field};
use crate::error::{shape_text, Error, Result};
use crate::num::TypeNum;

/// The format of elements that lie at addresses which are multiples of `base`'s lowest set bit:
/// `base` is the bitwise or of data pointer and strides.
pub fn buffer_format(dtype: &DType, base: usize) -> Result<String> {
    let mut out = String::new();
    Writer {
        out: &mut out,
        order: '@',
        base,
    }
    .write(dtype, 0)?;
    Ok(out)
}

struct Writer<'a> {
    out: &'a mut String,
    order: char,
    base: usize,
}

impl Writer<'_> {
    fn write(&mut self, dtype: &DType, offset: usize) -> Result<()> {
        if let Some((item, shape)) = dtype.subarray() {
            let lengths = shape_text(shape).replace(' ', "").replace(",)", ")");
            self.out.push_str(&lengths);
            return self.write(item, offset);
        }
        if let Some(fields) = dtype.fields() {
            return self.write_fields(fields, offset);
        }
        match dtype.num {
            TypeNum::Void => self.out.push_str(&format!("{}x", dtype.size)),
            TypeNum::Bytes => self.out.push_str(&format!("{}s", dtype.size)),
            TypeNum::Str => {
                self.switch(dtype, offset)?;
                self.out.push_str(&format!("{}w", dtype.size / 4));
            }
            _ => {
                let code = code_of(dtype.num).ok_or_else(|| {
                    let code = char::from(dtype.num.row().code);
                    Error::Value(format!("cannot include dtype '{code}' in a buffer"))
                })?;
                self.switch(dtype, offset)?;
                self.out.push_str(match (code, self.order) {
                    ("l", '>' | '<' | '=') => "q",
                    ("L", '>' | '<' | '=') => "Q",
                    _ => code,
                });
            }
        }
        Ok(())
    }

    fn write_fields(&mut self, fields: &[Field], offset: usize) -> Result<()> {
        self.out.push_str("T{");
        let mut at = 0;
        for f in fields {
            if f.offset < at {
                let text =
                    "dtypes with overlapping or out-of-order fields are not representable as \
                            buffers. Consider reordering the fields.";
                return Err(Error::Value(text.into()));
            }
            self.out.extend(std::iter::repeat_n('x', f.offset - at));
            self.write(&f.dtype, offset + f.offset)?;
            if f.name.contains(':') {
                let text = "':' is not an allowed character in buffer field names";
                return Err(Error::Value(text.into()));
            }
            self.out.push_str(&format!(":{}:", f.name));
            at = f.offset + f.dtype.size;
        }
        self.out.push('}');
        Ok(())
    }

    /// Names the byte order where it is another than before; elements off their alignment need an
    /// order without one.
    fn switch(&mut self, dtype: &DType, offset: usize) -> Result<()> {
        let class = dtype.num;
        if class.row().size == 1 || class == TypeNum::Object {
            return Ok(());
        }
        let native_only = matches!(class, TypeNum::LongDouble | TypeNum::CLongDouble);
        let aligned = (self.base | offset).is_multiple_of(dtype.align.max(1));
        let order = match (dtype.swapped, native_only) {
            (true, true) => {
                let foreign = if cfg!(target_endian = "little") {
                    '>'
                } else {
                    '<'
                };
                return Err(Error::Value(format!(
                    "cannot expose native-only dtype '{}' in non-native byte order '{foreign}' via \
                     buffer interface",
                    char::from(class.row().code)
                )));
            }
            (true, false) if cfg!(target_endian = "little") => '>',
            (true, false) => '<',
            (false, _) if aligned => '@',
            (false, true) => '^',
            (false, false) => '=',
        };
        if order != self.order {
            self.order = order;
            self.out.push(order);
        }
        Ok(())
    }
}

/// PEP 3118's code of a class.
fn code_of(num: TypeNum) -> Option<&'static str> {
    use TypeNum as N;
    Some(match num {
        N::Bool => "?",
        N::Byte => "b",
        N::UByte => "B",
        N::Short => "h",
        N::UShort => "H",
        N::Int => "i",
        N::UInt => "I",
        N::Long => "l",
        N::ULong => "L",
        N::LongLong => "q",
        N::ULongLong => "Q",
        N::Half => "e",
        N::Float => "f",
        N::Double => "d",
        N::LongDouble => "g",
        N::CFloat => "Zf",
        N::CDouble => "Zd",
        N::CLongDouble => "Zg",
        N::Object => "O",
        _ => return None,
    })
}

/// The dtype that a format string describes.
pub fn parse_buffer_format(format: &str) -> Result<DType> {
    let mut reader = Reader {
        rest: format,
        order: '@',
    };
    Ok(reader.items()?.0)
}

struct Reader<'a> {
    rest: &'a str,
    order: char,
}

/// Modifiers before an item.
#[derive(Default)]
struct Prefix {
    shape: Option<Vec<usize>>,
    count: Option<usize>,
}

impl Reader<'_> {
    /// Items up to the closing bracket or the end: one unnamed item stands for itself.
    fn items(&mut self) -> Result<(DType, usize)> {
        let (mut fields, mut end, mut align) = (Vec::<Field>::new(), 0usize, 1usize);
        let (mut unnamed, mut plain) = (0, true);
        while !self.rest.is_empty() {
            if let Some(rest) = self.rest.strip_prefix('}') {
                self.rest = rest;
                break;
            }
            let prefix = self.prefix()?;
            let (dtype, item_align) = self.item(&prefix)?;
            let pads = dtype.is_none() && !self.rest.starts_with(':');
            let count = prefix.count.unwrap_or(1);
            let dtype = dtype.unwrap_or_else(|| DType::flexible(TypeNum::Void, count));
            if pads {
                end += count;
                plain = false;
                continue;
            }
            if self.order == '@' {
                let start = end.next_multiple_of(item_align);
                plain &= start == end;
                end = start;
                align = align.max(item_align);
            }
            let dtype = match prefix.shape {
                Some(shape) => DType::subarray_of(dtype, &shape)?,
                None => dtype,
            };
            let name = match self.name()? {
                Some(name) => {
                    plain = false;
                    name
                }
                None => {
                    unnamed += 1;
                    format!("f{}", unnamed - 1)
                }
            };
            if fields.iter().any(|f| f.name == name) {
                let text = format!("Duplicate field name '{name}' in PEP3118 format");
                return Err(Error::Runtime(text));
            }
            let size = dtype.size;
            fields.push(Field {
                name,
                title: None,
                offset: end,
                dtype,
            });
            end += size;
        }
        if let ([one], true) = (&fields[..], plain) {
            return Ok((one.dtype.clone(), align));
        }
        if self.order == '@' {
            end = end.next_multiple_of(align);
        }
        Ok((DType::with_offsets(fields, false, Some(end))?, align))
    }

    fn prefix(&mut self) -> Result<Prefix> {
        let mut prefix = Prefix::default();
        if let Some(rest) = self.rest.strip_prefix('(') {
            let Some((inside, rest)) = rest.split_once(')') else {
                return Err(Error::Value("substring not found".into()));
            };
            let lengths: Option<Vec<usize>> =
                inside.split(',').map(|p| p.trim().parse().ok()).collect();
            let bad = || {
                Error::Value(format!(
                    "invalid literal for int() with base 10: '{inside}'"
                ))
            };
            prefix.shape = Some(lengths.ok_or_else(bad)?);
            self.rest = rest;
        }
        if let Some(c @ ('@' | '=' | '<' | '>' | '^' | '!')) = self.rest.chars().next() {
            self.order = if c == '!' { '>' } else { c };
            self.rest = &self.rest[1..];
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            prefix.count = self.rest[..digits].parse().ok();
            self.rest = &self.rest[digits..];
        }
        Ok(prefix)
    }

    /// The item's dtype with its count, and its alignment; no dtype for padding.
    fn item(&mut self, prefix: &Prefix) -> Result<(Option<DType>, usize)> {
        let (dtype, align) = if let Some(rest) = self.rest.strip_prefix("T{") {
            self.rest = rest;
            self.items()?
        } else {
            let len = if self.rest.starts_with('Z') { 2 } else { 1 };
            let len = self
                .rest
                .char_indices()
                .nth(len)
                .map_or(self.rest.len(), |(i, _)| i);
            let (code, rest) = self.rest.split_at(len);
            let count = prefix.count.unwrap_or(1);
            let flexible = match code {
                "x" => Some(None),
                "c" => Some(Some(DType::flexible(TypeNum::Bytes, 1))),
                "s" => Some(Some(DType::flexible(TypeNum::Bytes, count))),
                "w" => Some(Some(DType::flexible(TypeNum::Str, count * 4))),
                _ => None,
            };
            let order = if self.order == '>' { '>' } else { '<' };
            if let Some(dtype) = flexible {
                self.rest = rest;
                let align = if code == "w" { 4 } else { 1 };
                let native = !matches!(self.order, '<' | '>');
                return Ok((
                    dtype.map(|d| if native { d } else { d.with_order(order) }),
                    align,
                ));
            }
            let native = matches!(self.order, '@' | '^');
            let num = class_of(code, native).ok_or_else(|| unknown(self.rest, code))?;
            self.rest = rest;
            let dtype = DType::new(num);
            let align = dtype.align;
            let as_is = !matches!(self.order, '<' | '>');
            (
                if as_is {
                    dtype
                } else {
                    dtype.with_order(order)
                },
                align,
            )
        };
        match prefix.count {
            Some(n) => Ok((Some(DType::subarray_of(dtype, &[n])?), align)),
            None => Ok((Some(dtype), align)),
        }
    }

    fn name(&mut self) -> Result<Option<String>> {
        let Some(rest) = self.rest.strip_prefix(':') else {
            return Ok(None);
        };
        let Some((name, rest)) = rest.split_once(':') else {
            return Err(Error::Value("substring not found".into()));
        };
        self.rest = rest;
        Ok(Some(name.into()))
    }
}

/// The class of a code; standard sizes are used beyond native orders.
fn class_of(code: &str, native: bool) -> Option<TypeNum> {
    use TypeNum as N;
    match (code, native) {
        ("l", false) => Some(N::Int),
        ("L", false) => Some(N::UInt),
        ("q", false) => Some(N::Long),
        ("Q", false) => Some(N::ULong),
        _ => TypeNum::legacy().find(|&n| code_of(n) == Some(code)),
    }
}

/// The error for a code that is none.
fn unknown(rest: &str, code: &str) -> Error {
    let kind = match code.chars().next() {
        Some('u') => "UCS-2 strings",
        Some('t') => "bitfields",
        Some('&') => "pointers",
        Some('X') => "function pointers",
        _ => return Error::Value(format!("Unknown PEP 3118 data type specifier '{rest}'")),
    };
    Error::NotImplemented(format!(
        "Unrepresentable PEP 3118 data type '{code}' ({kind})"
    ))
}
