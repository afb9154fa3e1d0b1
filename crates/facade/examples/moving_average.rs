//! A moving average by slices that share memory, against a plain loop.

use numoxide::prelude::*;

fn main() -> Result<()> {
    let x = Array::linspace(0.0, 1.0, 1000)?.sin()?;
    let (n, window) = (x.size() as isize, 5);
    let mut total = x.slice(&s![..n - window + 1])?;
    for k in 1..window {
        total = &total + &x.slice(&s![k..n - window + 1 + k])?;
    }
    let average = &total / window as f64;
    let items = x.to_vec::<f64>()?;
    let plain: Vec<f64> = items
        .windows(window as usize)
        .map(|w| w.iter().sum::<f64>() / window as f64)
        .collect();
    let distance = (&average - &Array::from_slice(&plain)?)
        .abs()?
        .max()?
        .item::<f64>()?;
    assert!(distance < 1e-15);
    Ok(())
}
