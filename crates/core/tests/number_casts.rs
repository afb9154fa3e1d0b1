//! Every number cast, element by element, against values that NumPy gave.

use numoxide_core::cast::{get_cast, get_cast_unaligned};
use numoxide_core::{DType, TypeNum};
use numoxide_kernels::{FpClass, LoopCtx};

fn dtype(code: &str) -> DType {
    DType::new(TypeNum::from_code(code.as_bytes()[0]).expect("a code"))
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

/// Ten of the sixteen bytes of a long double count.
fn masked(code: &str, bytes: &[u8]) -> Vec<u8> {
    let long = matches!(code, "g" | "G");
    bytes
        .iter()
        .enumerate()
        .map(|(i, &b)| if long && i % 16 >= 10 { 0 } else { b })
        .collect()
}

/// Reads the CPU's floating-point status, as NumPy numbers it, and clears it.
#[cfg(target_arch = "x86_64")]
fn hardware_flags() -> u8 {
    let mut csr = 0u32;
    // SAFETY: the register is stored to and loaded from a local; only status bits change.
    unsafe {
        std::arch::asm!("stmxcsr [{}]", in(reg) &mut csr);
        let clear = csr & !0x3f;
        std::arch::asm!("ldmxcsr [{}]", in(reg) &clear);
    }
    let bit = |at: u32, to: u8| ((csr >> at & 1) as u8) * to;
    bit(0, 8) | bit(2, 1) | bit(3, 2) | bit(4, 4)
}

#[repr(align(16))]
struct Aligned<const N: usize>([u8; N]);

#[test]
fn one_element_at_a_time() {
    let data = include_str!("data/number_casts.txt");
    let mut source = ("", Vec::new());
    let mut wrong = Vec::new();
    for line in data.lines().filter(|l| !l.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        if words[0] == "<" {
            source = (words[1], words[2..].iter().map(|w| bytes(w)).collect());
            continue;
        }
        let (from, to) = (dtype(source.0), dtype(words[1]));
        let work = get_cast(&from, &to).expect("a loop");
        for ((input, status), want) in source.1.iter().zip(words[2].chars()).zip(&words[3..]) {
            let mut a = Aligned([0u8; 1024]);
            let mut o = Aligned([0u8; 1024]);
            // NumPy's vector code gives other unsigned 32-bit results out of range, so these go alone.
            let n = if words[1] == "I" { 1 } else { 32 };
            for i in 0..n {
                a.0[i * from.size..(i + 1) * from.size].copy_from_slice(input);
            }
            let dtypes = [from.clone(), to.clone()];
            let ctx = LoopCtx::new(&dtypes);
            let strides = [from.size as isize, to.size as isize];
            hardware_flags();
            let args = [a.0.as_mut_ptr(), o.0.as_mut_ptr()];
            // SAFETY: both buffers have room for `n` items.
            let rc = unsafe { work.call(&ctx, &args, &[n as isize], &strides) };
            let hardware = hardware_flags();
            assert_eq!(rc, 0);
            let want = bytes(want);
            for i in [0, n - 1] {
                let got = masked(words[1], &o.0[i * to.size..(i + 1) * to.size]);
                if got != want {
                    wrong.push(format!(
                        "{} -> {}: {input:x?}: {got:x?}, not {want:x?}",
                        source.0, words[1]
                    ));
                    break;
                }
            }
            let status = status.to_digit(16).unwrap() as u8;
            let told = match work.flags.fp {
                FpClass::Hardware => hardware,
                FpClass::Reported => ctx.fp(),
                FpClass::Never => 0,
            };
            if told != status {
                wrong.push(format!(
                    "{} -> {}: {input:x?}: status {told}, not {status}",
                    source.0, words[1]
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(60)].join("\n")
    );
}

#[test]
fn swapped_and_unaligned_operands() {
    let (from, to) = (dtype("d"), dtype("i"));
    let (mut swapped_from, mut swapped_to) = (from.clone(), to.clone());
    swapped_from.swapped = true;
    swapped_to.swapped = true;
    let work = get_cast_unaligned(&swapped_from, &swapped_to).unwrap();
    let n = 3000usize;
    let mut a = vec![0u8; 9 * n + 1];
    let mut o = vec![0u8; 5 * n + 1];
    for i in 0..n {
        a[1 + 9 * i..9 + 9 * i].copy_from_slice(&(i as f64 - 7.5).to_be_bytes());
    }
    let dtypes = [swapped_from, swapped_to];
    let ctx = LoopCtx::new(&dtypes);
    let args = [a[1..].as_mut_ptr(), o[1..].as_mut_ptr()];
    // SAFETY: `n` items in each buffer at these strides.
    let rc = unsafe { work.call(&ctx, &args, &[n as isize], &[9, 5]) };
    assert_eq!(rc, 0);
    for i in 0..n {
        let got = i32::from_be_bytes(o[1 + 5 * i..5 + 5 * i].try_into().unwrap());
        assert_eq!(got, (i as f64 - 7.5) as i32);
    }
}
