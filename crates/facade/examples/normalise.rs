//! Columns of a matrix brought to mean 0 and standard deviation 1.

use numoxide::prelude::*;

fn main() -> Result<()> {
    let data = array![[1.0, 200.0], [2.0, 220.0], [3.0, 270.0], [6.0, 310.0]];
    let rows = data.shape()[0] as f64;
    let mean = &data.sum_axis(0)? / rows;
    let centred = &data - &mean;
    let variance = &(&centred * &centred).sum_axis(0)? / rows;
    let scaled = &centred / &variance.sqrt()?;
    let check = scaled.sum_axis(0)?.to_vec::<f64>()?;
    assert!(
        check.iter().all(|s| s.abs() < 1e-12),
        "columns add up to zero"
    );
    let text = format!("{scaled}");
    assert!(text.starts_with("[["));
    Ok(())
}
