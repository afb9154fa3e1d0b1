//! Values taken from NumPy, and round trips.

use super::*;

type Options = (i32, i32, bool, bool, Trim);

/// A number, (precision, min_digits, unique, fractional, trim), positional and scientific text.
#[rustfmt::skip]
const FORMATTED: &[(&str, Options, &str, &str)] = &[
    ("0.1", (-1, -1, true, true, Trim::Keep), "0.1", "1.e-01"),
    ("0.1", (1, -1, true, true, Trim::Keep), "0.1", "1.e-01"),
    ("0.1", (0, -1, true, true, Trim::Keep), "0.", "1.e-01"),
    ("0.1", (3, -1, false, true, Trim::Keep), "0.100", "1.000e-01"),
    ("0.1", (3, -1, false, true, Trim::All), "0.1", "1.e-01"),
    ("0.1", (2, -1, true, false, Trim::Keep), "0.1", "1.e-01"),
    ("0.1", (8, -1, false, false, Trim::Zero), "0.1", "1.0e-01"),
    ("0.1", (-1, 20, true, true, Trim::Point), "0.10000000000000000555", "1.00000000000000005551e-01"),
    ("0.15", (-1, -1, true, true, Trim::Keep), "0.15", "1.5e-01"),
    ("0.15", (1, -1, true, true, Trim::Keep), "0.1", "1.5e-01"),
    ("0.15", (0, -1, true, true, Trim::Keep), "0.", "1.e-01"),
    ("0.15", (3, -1, false, true, Trim::Keep), "0.150", "1.500e-01"),
    ("0.15", (3, -1, false, true, Trim::All), "0.15", "1.5e-01"),
    ("0.15", (2, -1, true, false, Trim::Keep), "0.15", "1.5e-01"),
    ("0.15", (8, -1, false, false, Trim::Zero), "0.15", "1.5e-01"),
    ("0.15", (-1, 20, true, true, Trim::Point), "0.14999999999999999445", "1.49999999999999994449e-01"),
    ("99.95", (-1, -1, true, true, Trim::Keep), "99.95", "9.995e+01"),
    ("99.95", (1, -1, true, true, Trim::Keep), "100.", "1.e+02"),
    ("99.95", (0, -1, true, true, Trim::Keep), "100.", "1.e+02"),
    ("99.95", (3, -1, false, true, Trim::Keep), "99.950", "9.995e+01"),
    ("99.95", (3, -1, false, true, Trim::All), "99.95", "9.995e+01"),
    ("99.95", (2, -1, true, false, Trim::Keep), "100.", "1.e+02"),
    ("99.95", (8, -1, false, false, Trim::Zero), "99.95", "9.995e+01"),
    ("99.95", (-1, 20, true, true, Trim::Point), "99.95000000000000284217", "9.99500000000000028422e+01"),
    ("2.5", (-1, -1, true, true, Trim::Keep), "2.5", "2.5e+00"),
    ("2.5", (1, -1, true, true, Trim::Keep), "2.5", "2.5e+00"),
    ("2.5", (0, -1, true, true, Trim::Keep), "2.", "2.e+00"),
    ("2.5", (3, -1, false, true, Trim::Keep), "2.500", "2.500e+00"),
    ("2.5", (3, -1, false, true, Trim::All), "2.5", "2.5e+00"),
    ("2.5", (2, -1, true, false, Trim::Keep), "2.5", "2.5e+00"),
    ("2.5", (8, -1, false, false, Trim::Zero), "2.5", "2.5e+00"),
    ("2.5", (-1, 20, true, true, Trim::Point), "2.5", "2.5e+00"),
    ("1e23", (-1, -1, true, true, Trim::Keep), "100000000000000000000000.", "1.e+23"),
    ("1e23", (1, -1, true, true, Trim::Keep), "100000000000000000000000.", "1.e+23"),
    ("1e23", (0, -1, true, true, Trim::Keep), "100000000000000000000000.", "1.e+23"),
    ("1e23", (3, -1, false, true, Trim::Keep), "99999999999999991611392.000", "1.000e+23"),
    ("1e23", (3, -1, false, true, Trim::All), "99999999999999991611392", "1e+23"),
    ("1e23", (2, -1, true, false, Trim::Keep), "100000000000000000000000.", "1.e+23"),
    ("1e23", (8, -1, false, false, Trim::Zero), "100000000000000000000000.0", "1.0e+23"),
    ("1e23", (-1, 20, true, true, Trim::Point), "99999999999999991611392.", "9.99999999999999916114e+22"),
    ("9.995", (-1, -1, true, true, Trim::Keep), "9.995", "9.995e+00"),
    ("9.995", (1, -1, true, true, Trim::Keep), "10.", "1.e+01"),
    ("9.995", (0, -1, true, true, Trim::Keep), "10.", "1.e+01"),
    ("9.995", (3, -1, false, true, Trim::Keep), "9.995", "9.995e+00"),
    ("9.995", (3, -1, false, true, Trim::All), "9.995", "9.995e+00"),
    ("9.995", (2, -1, true, false, Trim::Keep), "10.", "9.99e+00"),
    ("9.995", (8, -1, false, false, Trim::Zero), "9.995", "9.995e+00"),
    ("9.995", (-1, 20, true, true, Trim::Point), "9.9949999999999992184", "9.9949999999999992184e+00"),
    ("0.05", (-1, -1, true, true, Trim::Keep), "0.05", "5.e-02"),
    ("0.05", (1, -1, true, true, Trim::Keep), "0.1", "5.e-02"),
    ("0.05", (0, -1, true, true, Trim::Keep), "0.", "5.e-02"),
    ("0.05", (3, -1, false, true, Trim::Keep), "0.050", "5.000e-02"),
    ("0.05", (3, -1, false, true, Trim::All), "0.05", "5.e-02"),
    ("0.05", (2, -1, true, false, Trim::Keep), "0.05", "5.e-02"),
    ("0.05", (8, -1, false, false, Trim::Zero), "0.05", "5.0e-02"),
    ("0.05", (-1, 20, true, true, Trim::Point), "0.05000000000000000278", "5.00000000000000027756e-02"),
    ("1e-7", (-1, -1, true, true, Trim::Keep), "0.0000001", "1.e-07"),
    ("1e-7", (1, -1, true, true, Trim::Keep), "0.0", "1.e-07"),
    ("1e-7", (0, -1, true, true, Trim::Keep), "0.", "1.e-07"),
    ("1e-7", (3, -1, false, true, Trim::Keep), "0.000", "1.000e-07"),
    ("1e-7", (3, -1, false, true, Trim::All), "0", "1e-07"),
    ("1e-7", (2, -1, true, false, Trim::Keep), "0.0000001", "1.e-07"),
    ("1e-7", (8, -1, false, false, Trim::Zero), "0.0000001", "1.0e-07"),
    ("1e-7", (-1, 20, true, true, Trim::Point), "0.0000001", "9.99999999999999954748e-08"),
    ("123456.789", (-1, -1, true, true, Trim::Keep), "123456.789", "1.23456789e+05"),
    ("123456.789", (1, -1, true, true, Trim::Keep), "123456.8", "1.2e+05"),
    ("123456.789", (0, -1, true, true, Trim::Keep), "123457.", "1.e+05"),
    ("123456.789", (3, -1, false, true, Trim::Keep), "123456.789", "1.235e+05"),
    ("123456.789", (3, -1, false, true, Trim::All), "123456.789", "1.235e+05"),
    ("123456.789", (2, -1, true, false, Trim::Keep), "120000.", "1.23e+05"),
    ("123456.789", (8, -1, false, false, Trim::Zero), "123456.79", "1.23456789e+05"),
    ("123456.789", (-1, 20, true, true, Trim::Point), "123456.78900000000430736691", "1.23456789000000004307e+05"),
    ("5e-324", (3, -1, false, true, Trim::Keep), "0.000", "4.941e-324"),
    ("5e-324", (3, -1, false, true, Trim::All), "0", "4.941e-324"),
    ("-0.0", (-1, -1, true, true, Trim::Keep), "-0.", "-0.e+00"),
    ("-0.0", (1, -1, true, true, Trim::Keep), "-0.", "-0.e+00"),
    ("-0.0", (0, -1, true, true, Trim::Keep), "-0.", "-0.e+00"),
    ("-0.0", (3, -1, false, true, Trim::Keep), "-0.000", "-0.000e+00"),
    ("-0.0", (3, -1, false, true, Trim::All), "-0", "-0e+00"),
    ("-0.0", (2, -1, true, false, Trim::Keep), "-0.", "-0.e+00"),
    ("-0.0", (8, -1, false, false, Trim::Zero), "-0.0", "-0.0e+00"),
    ("-0.0", (-1, 20, true, true, Trim::Point), "-0.", "-0.e+00"),
    ("nan", (-1, -1, true, true, Trim::Keep), "nan", "nan"),
    ("nan", (1, -1, true, true, Trim::Keep), "nan", "nan"),
    ("nan", (0, -1, true, true, Trim::Keep), "nan", "nan"),
    ("nan", (3, -1, false, true, Trim::Keep), "nan", "nan"),
    ("nan", (3, -1, false, true, Trim::All), "nan", "nan"),
    ("nan", (2, -1, true, false, Trim::Keep), "nan", "nan"),
    ("nan", (8, -1, false, false, Trim::Zero), "nan", "nan"),
    ("nan", (-1, 20, true, true, Trim::Point), "nan", "nan"),
    ("-inf", (-1, -1, true, true, Trim::Keep), "-inf", "-inf"),
    ("-inf", (1, -1, true, true, Trim::Keep), "-inf", "-inf"),
    ("-inf", (0, -1, true, true, Trim::Keep), "-inf", "-inf"),
    ("-inf", (3, -1, false, true, Trim::Keep), "-inf", "-inf"),
    ("-inf", (3, -1, false, true, Trim::All), "-inf", "-inf"),
    ("-inf", (2, -1, true, false, Trim::Keep), "-inf", "-inf"),
    ("-inf", (8, -1, false, false, Trim::Zero), "-inf", "-inf"),
    ("-inf", (-1, 20, true, true, Trim::Point), "-inf", "-inf"),
];

/// Text, significand, sign and exponent, shortest text.
const LONG: &[(&str, u64, u16, &str)] = &[
    ("1", 0x8000000000000000, 0x3fff, "1.0"),
    ("0.1", 0xcccccccccccccccd, 0x3ffb, "0.1"),
    ("1e-4", 0xd1b71758e219652c, 0x3ff1, "0.0001"),
    (
        "9.9999999999999999999e-5",
        0xd1b71758e219652c,
        0x3ff1,
        "0.0001",
    ),
    ("1e16", 0x8e1bc9bf04000000, 0x4034, "1e+16"),
    (
        "9999999999999999.5",
        0x8e1bc9bf03fffe00,
        0x4034,
        "9999999999999999.5",
    ),
    (
        "3.14159265358979323846",
        0xc90fdaa22168c235,
        0x4000,
        "3.1415926535897932385",
    ),
    ("1e4932", 0xd72cb2a95c7ef6cd, 0x7ffe, "1e+4932"),
    ("3.6e-4951", 0x0000000000000001, 0x0000, "4e-4951"),
    ("-1.5e300", 0x8f596b3002c1a5e2, 0xc3e4, "-1.5e+300"),
];

fn options((precision, min_digits, unique, fractional, trim): Options) -> FloatOptions {
    FloatOptions {
        precision: u32::try_from(precision).ok(),
        min_digits: u32::try_from(min_digits).ok(),
        unique,
        fractional,
        trim,
        ..FloatOptions::default()
    }
}

#[test]
fn formats_like_numpy() {
    for &(text, choice, positional, scientific) in FORMATTED {
        let x = FloatRepr::from_f64(parse_float(text).unwrap());
        let options = options(choice);
        assert_eq!(
            format_positional(&x, &options),
            positional,
            "{text} {choice:?}"
        );
        assert_eq!(
            format_scientific(&x, &options),
            scientific,
            "{text} {choice:?}"
        );
    }
}

#[test]
fn long_doubles_like_numpy() {
    for &(text, mantissa, head, printed) in LONG {
        let bytes = parse_long_double(text).unwrap().bytes;
        assert_eq!(bytes[..8], mantissa.to_le_bytes(), "{text}");
        assert_eq!(bytes[8..10], head.to_le_bytes(), "{text}");
        let text = float_text(&FloatRepr::from_f80_bytes(bytes), ScalarStyle::Modern);
        assert_eq!(text, printed);
    }
    assert!(parse_long_double("1e5000").unwrap().overflow);
    assert_eq!(parse_long_double(" 1 "), None);
}

#[test]
fn pads_and_signs() {
    let options = FloatOptions {
        sign: true,
        pad_left: 5,
        pad_right: 4,
        ..FloatOptions::default()
    };
    assert_eq!(
        format_positional(&FloatRepr::from_f64(1.5), &options),
        "   +1.5   "
    );
    assert_eq!(
        format_scientific(&FloatRepr::from_f64(1.5), &options),
        "   +1.5e+00"
    );
}

#[test]
fn scalars_like_numpy() {
    let single = |x: f32| float_text(&FloatRepr::from_f32(x), ScalarStyle::Modern);
    assert_eq!(single(999_999.9), "999999.9");
    assert_eq!(single(1e6), "1e+06");
    assert_eq!(single(1e-4), "1e-04");
    let complex = |re: f64, im: f64, style| {
        complex_text(&FloatRepr::from_f64(re), &FloatRepr::from_f64(im), style)
    };
    assert_eq!(complex(0.0, -1.0, ScalarStyle::Modern), "-1j");
    assert_eq!(complex(-0.0, f64::NAN, ScalarStyle::Modern), "(-0+nanj)");
    assert_eq!(
        complex(f64::NAN, f64::INFINITY, ScalarStyle::V1_13Str),
        "(nan+inf*j)"
    );
    let third = FloatRepr::from_f64(1.0 / 3.0);
    assert_eq!(
        float_text(&third, ScalarStyle::V1_13Repr),
        "0.33333333333333331"
    );
}

#[test]
fn parses_like_python() {
    assert_eq!(parse_float(" 1_000.5\n"), Some(1000.5));
    assert_eq!(parse_float("\u{661}\u{662}"), Some(12.0));
    for bad in ["", "1__0", "_1", "1e", "0x10", "1 2", "nan(1)"] {
        assert_eq!(parse_float(bad), None, "{bad}");
    }
    assert_eq!(parse_complex(" ( 1e3-J ) "), Some((1000.0, -1.0)));
    assert_eq!(parse_complex_bytes(b"j", false), None);
    assert_eq!(parse_int("-1_000"), Ok(-1000));
    assert_eq!(parse_int("1.0"), Err(NumberError::Invalid));
    assert_eq!(parse_int(&"9".repeat(60)), Err(NumberError::OutOfRange));
}

/// Numbers with bits from a fixed generator.
fn random_bits() -> impl Iterator<Item = u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

#[test]
fn shortest_text_reads_back() {
    let text = |x: &FloatRepr| format_scientific(x, &FloatOptions::default());
    for bits in random_bits().take(20_000) {
        let double = f64::from_bits(bits);
        if double.is_finite() {
            let back = parse_float(&text(&FloatRepr::from_f64(double)));
            assert_eq!(back.map(f64::to_bits), Some(bits));
        }
        let single = f32::from_bits(bits as u32);
        if single.is_finite() {
            let back: f32 = text(&FloatRepr::from_f32(single)).parse().unwrap();
            assert_eq!(back.to_bits(), bits as u32);
        }
    }
    for bits in random_bits().take(500) {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(bits | 1 << 63).to_le_bytes());
        bytes[8..10].copy_from_slice(&((bits as u16).clamp(1, 0x7ffe)).to_le_bytes());
        let x = FloatRepr::from_f80_bytes(bytes);
        if x.is_finite() {
            assert_eq!(
                parse_long_double(&text(&x)).unwrap().bytes,
                bytes,
                "{}",
                text(&x)
            );
        }
    }
}

#[test]
fn exact_digits_agree_with_big_integers() {
    // The slow twin: the same double as an extended number takes the big-integer path.
    for bits in random_bits().take(2_000) {
        let double = f64::from_bits(bits & !(0x7ff << 52) | (1023 - 40 + bits % 80) << 52);
        let narrow = FloatRepr::from_f64(double);
        let wide = FloatRepr {
            format: FloatFormat::F80,
            ..narrow
        };
        for precision in [0, 1, 3, 8, 25] {
            let options = FloatOptions {
                precision: Some(precision),
                unique: false,
                ..Default::default()
            };
            let expected = format_positional(&wide, &options);
            assert_eq!(
                format_positional(&narrow, &options),
                expected,
                "{double} {precision}"
            );
        }
    }
}
