//! Bodies against the obvious way to say the same.

use super::{TextOp, TEXT_OPS};
use crate::loops::LoopCtx;
use numoxide_dtype::{DType, TypeNum};

fn op(name: &str) -> &'static TextOp {
    TEXT_OPS.iter().find(|op| op.name == name).unwrap()
}

/// An item of wide characters.
fn wide(text: &str, width: usize) -> (DType, Vec<u8>) {
    let mut chars: Vec<u32> = text.chars().map(u32::from).collect();
    chars.resize(width, 0);
    let bytes = chars.iter().flat_map(|c| c.to_ne_bytes()).collect();
    (DType::flexible(TypeNum::Str, 4 * width), bytes)
}

fn int(value: i64) -> (DType, Vec<u8>) {
    (DType::new(TypeNum::Long), value.to_ne_bytes().to_vec())
}

/// Runs an operation once; the bytes of its last operand.
fn run(name: &str, mut operands: Vec<(DType, Vec<u8>)>) -> Result<Vec<u8>, String> {
    let dtypes: Vec<DType> = operands.iter().map(|o| o.0.clone()).collect();
    let aligned: Vec<Vec<u64>> = operands
        .iter()
        .map(|o| vec![0; o.1.len().div_ceil(8)])
        .collect();
    let mut ptrs = Vec::new();
    for (room, (_, bytes)) in aligned.iter().zip(&operands) {
        let ptr = room.as_ptr().cast::<u8>().cast_mut();
        // SAFETY: the room holds at least as many bytes.
        unsafe { ptr.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        ptrs.push(ptr);
    }
    let ctx = LoopCtx::new(&dtypes);
    let strides = vec![0; ptrs.len()];
    // SAFETY: one aligned item an operand, as the row says.
    let status = unsafe { op(name).bind(true).call(&ctx, &ptrs, &[1], &strides) };
    if status != 0 {
        return Err(ctx.take_error().to_string());
    }
    let (_, out) = operands.last_mut().unwrap();
    // SAFETY: as above.
    unsafe {
        out.as_mut_ptr()
            .copy_from_nonoverlapping(*ptrs.last().unwrap(), out.len())
    };
    Ok(out.clone())
}

fn text_of(bytes: &[u8]) -> String {
    let chars = bytes
        .chunks(4)
        .map(|c| u32::from_ne_bytes(c.try_into().unwrap()));
    chars
        .take_while(|c| *c != 0)
        .map(|c| char::from_u32(c).unwrap())
        .collect()
}

#[test]
fn searches_agree_with_str() {
    for text in ["", "a", "abab", "aXbéab", "bbbb"] {
        for sub in ["", "a", "ab", "b", "bb", "zz"] {
            let operands = |out| vec![wide(text, 8), wide(sub, 3), int(0), int(99), out];
            let number = |name| {
                let out = run(name, operands(int(7))).unwrap();
                i64::from_ne_bytes(out.try_into().unwrap())
            };
            let place = |at: Option<usize>| at.map_or(-1, |b| text[..b].chars().count() as i64);
            assert_eq!(number("find"), place(text.find(sub)), "{text} {sub}");
            assert_eq!(number("rfind"), place(text.rfind(sub)), "{text} {sub}");
            assert_eq!(
                number("count"),
                text.matches(sub).count() as i64,
                "{text} {sub}"
            );
            let made = run(
                "_replace",
                vec![
                    wide(text, 8),
                    wide(sub, 3),
                    wide("--", 2),
                    int(-1),
                    wide("", 40),
                ],
            );
            assert_eq!(
                text_of(&made.unwrap()),
                text.replace(sub, "--"),
                "{text} {sub}"
            );
        }
    }
}

#[test]
fn slices_stay_inside() {
    let text = "abcdef";
    for (start, stop, step, wanted) in [
        (0, 3, 1, "abc"),
        (-2, i64::MAX, 1, "ef"),
        (i64::MAX, i64::MIN, -1, "fedcba"),
        (i64::MIN, i64::MAX, 5, "af"),
        (4, 1, -2, "ec"),
        (9, 12, 1, ""),
    ] {
        let operands = vec![wide(text, 6), int(start), int(stop), int(step), wide("", 6)];
        assert_eq!(text_of(&run("_slice", operands).unwrap()), wanted);
    }
    assert!(run(
        "_slice",
        vec![wide("", 1), int(0), int(1), int(0), wide("", 1)]
    )
    .is_err());
}
