//! Casts of text, dates and structures, element by element, against values that NumPy gave.

use numoxide_core::cast::get_cast;
use numoxide_core::{DType, Error};
use numoxide_kernels::LoopCtx;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hexadecimal"))
        .collect()
}

fn error_text(error: &Error) -> String {
    match error {
        Error::UnicodeDecode { .. } => "!UnicodeDecodeError ".into(),
        Error::UnicodeEncode { .. } => "!UnicodeEncodeError ".into(),
        Error::Value(s) => format!("!ValueError {s}"),
        Error::Overflow(s) => format!("!OverflowError {s}"),
        Error::Runtime(s) => format!("!RuntimeError {s}"),
        other => format!("!TypeError {other}"),
    }
}

fn run(from: &DType, to: &DType, input: &[u8]) -> Result<String, Error> {
    #[repr(align(16))]
    struct Aligned([u8; 4096]);
    let (mut a, mut o) = (Aligned([0; 4096]), Aligned([0xee; 4096]));
    let work = get_cast(from, to)?;
    let n = 3;
    for i in 0..n {
        a.0[i * from.size..(i + 1) * from.size].copy_from_slice(input);
    }
    let dtypes = [from.clone(), to.clone()];
    let ctx = LoopCtx::new(&dtypes);
    let strides = [from.size as isize, to.size as isize];
    let args = [a.0.as_mut_ptr(), o.0.as_mut_ptr()];
    // SAFETY: both arrays hold three elements and are aligned.
    if unsafe { work.call(&ctx, &args, &[n as isize], &strides) } != 0 {
        return Err(ctx.take_error());
    }
    let last = &o.0[2 * to.size..3 * to.size];
    Ok(last.iter().map(|b| format!("{b:02x}")).collect())
}

#[test]
fn table() {
    let mut wrong = Vec::new();
    for line in include_str!("data/other_casts.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let c: Vec<&str> = line.split('\t').collect();
        let parse = |s| DType::parse(s).expect("a dtype");
        let (from, to) = (parse(c[0]), parse(c[1]));
        let got = run(&from, &to, &bytes(c[2])).unwrap_or_else(|e| error_text(&e));
        let long = c[1] == "g" && got.len() == 32 && got[..20] == c[3][..20.min(c[3].len())];
        if got != c[3] && !long {
            wrong.push(format!(
                "{} -> {}: {}\n  got  {got}\n  want {}",
                c[0], c[1], c[2], c[3]
            ));
        }
    }
    let shown = &wrong[..wrong.len().min(60)];
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}
