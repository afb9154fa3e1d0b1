//! Ufuncs and operators.

use crate::Array;
use numoxide_core::iter::broadcast_shapes;
use numoxide_core::{DType, Error, RawView, Result};
use numoxide_dtype::promote::WeakKind;
use numoxide_ufunc::exec::core_dims::{run as run_core, CoreCall, CoreShape, CoreSig};
use numoxide_ufunc::exec::{Call, Plan};
use numoxide_ufunc::resolve::{resolve, Arg};
use numoxide_ufunc::table::{ops, Op};

/// The row of a ufunc.
pub(crate) fn find(name: &str) -> Result<&'static Op> {
    ops()
        .iter()
        .find(|op| op.name == name || op.aliases.contains(&name))
        .ok_or_else(|| Error::Value(format!("no ufunc named {name}")))
}

/// An operand: an array, or a number that takes its precision from the other.
pub(crate) enum Operand<'a> {
    Array(&'a Array),
    Float(f64),
}

impl Operand<'_> {
    fn arg(&self) -> Arg<'_> {
        match self {
            Operand::Array(a) => Arg::DType(a.dtype()),
            Operand::Float(_) => Arg::Weak(WeakKind::Float),
        }
    }

    /// The operand as an array of the loop's dtype where it was a plain number.
    fn settle(&self, dtype: &DType) -> Result<Array> {
        match self {
            Operand::Array(a) => Ok((*a).clone()),
            Operand::Float(v) => Array::scalar(*v)?.astype(dtype),
        }
    }
}

/// Runs a ufunc; one result an output.
pub(crate) fn run(op: &'static Op, operands: &[Operand<'_>]) -> Result<Vec<Array>> {
    if operands.len() != usize::from(op.nin) {
        return Err(Error::Type(format!("{} takes {} inputs", op.name, op.nin)));
    }
    let args: Vec<Arg<'_>> = operands.iter().map(Operand::arg).collect();
    let found = resolve(op, &args, &[])?;
    let inputs: Vec<Array> = operands
        .iter()
        .zip(&found.dtypes)
        .map(|(o, d)| o.settle(d))
        .collect::<Result<_>>()?;
    if let Some(signature) = op.signature {
        return core(op, signature, &inputs, &found);
    }
    let shapes: Vec<&[usize]> = inputs.iter().map(Array::shape).collect();
    let shape = broadcast_shapes(&shapes)?;
    let outs: Vec<Array> = found.dtypes[inputs.len()..]
        .iter()
        .map(|d| Array::empty(&shape, d))
        .collect::<Result<_>>()?;
    let views: Vec<RawView<'_>> = inputs.iter().chain(&outs).map(Array::view).collect();
    let call = Call {
        lp: &found.lp,
        dtypes: &found.dtypes,
        ops: &views,
        nin: inputs.len(),
        shape: &shape,
        mask: None,
    };
    Plan::new(&call)?.run()?;
    Ok(outs)
}

/// A ufunc with core dimensions.
fn core(
    op: &'static Op,
    signature: &str,
    inputs: &[Array],
    found: &numoxide_ufunc::resolve::Resolved,
) -> Result<Vec<Array>> {
    let sig = CoreSig::parse(signature).ok_or_else(|| Error::Value("bad signature".into()))?;
    let shapes: Vec<Option<&[usize]>> = inputs.iter().map(|a| Some(a.shape())).collect();
    let shape = CoreShape::find(&sig, op.name, &shapes)?;
    let outs: Vec<Array> = (inputs.len()..sig.ops.len())
        .map(|i| Array::empty(&shape.shape_of(&sig, i), &found.dtypes[i]))
        .collect::<Result<_>>()?;
    let views: Vec<RawView<'_>> = inputs.iter().chain(&outs).map(Array::view).collect();
    let call = CoreCall {
        lp: &found.lp,
        dtypes: &found.dtypes,
        ops: &views,
        sig: &sig,
        shape: &shape,
    };
    run_core(&call)?;
    Ok(outs)
}

impl Array {
    /// Applies a ufunc with one result by name: `a.ufunc("hypot", &[&b])`.
    ///
    /// # Errors
    /// If the name is unknown, no loop takes the dtypes, or shapes do not broadcast.
    pub fn ufunc(&self, name: &str, others: &[&Array]) -> Result<Array> {
        let operands: Vec<Operand<'_>> = std::iter::once(self)
            .chain(others.iter().copied())
            .map(Operand::Array)
            .collect();
        let mut outs = run(find(name)?, &operands)?;
        if outs.len() == 1 {
            Ok(outs.remove(0))
        } else {
            Err(Error::Value(format!("{name} has {} results", outs.len())))
        }
    }

    /// Matrix product of the last two axes.
    ///
    /// # Errors
    /// If the sizes do not fit.
    pub fn matmul(&self, other: &Array) -> Result<Array> {
        self.ufunc("matmul", &[other])
    }
}

macro_rules! named {
    ($($(#[$meta:meta])* $fn:ident $name:literal;)+) => { impl Array { $(
        $(#[$meta])*
        ///
        /// # Errors
        /// If no loop takes the dtype.
        pub fn $fn(&self) -> Result<Array> {
            self.ufunc($name, &[])
        }
    )+ } };
}
named! {
    /// Square roots.
    sqrt "sqrt";
    /// Exponentials.
    exp "exp";
    /// Natural logarithms.
    log "log";
    /// Sines.
    sin "sin";
    /// Cosines.
    cos "cos";
    /// Distances from zero.
    abs "absolute";
    /// Items with their sign turned.
    negative "negative";
}

macro_rules! compared {
    ($($(#[$meta:meta])* $fn:ident $name:literal;)+) => { impl Array { $(
        $(#[$meta])*
        ///
        /// # Errors
        /// If shapes do not broadcast.
        pub fn $fn(&self, other: &Array) -> Result<Array> {
            self.ufunc($name, &[other])
        }
    )+ } };
}
compared! {
    /// Where items are below the other's; bool.
    less "less";
    /// Where items are above the other's; bool.
    greater "greater";
    /// Where items are equal; bool.
    equal "equal";
    /// The larger of both, item by item.
    maximum "maximum";
    /// The smaller of both, item by item.
    minimum "minimum";
}

fn must(op: &str, operands: &[Operand<'_>]) -> Array {
    match find(op).and_then(|op| run(op, operands)) {
        Ok(mut outs) => outs.remove(0),
        Err(error) => panic!("{error}"),
    }
}

/// Operators between arrays and with numbers; they panic where the named methods give an error.
macro_rules! operator {
    ($($trait:ident $fn:ident $name:literal;)+) => { $(
        impl std::ops::$trait<&Array> for &Array {
            type Output = Array;
            fn $fn(self, rhs: &Array) -> Array {
                must($name, &[Operand::Array(self), Operand::Array(rhs)])
            }
        }
        impl std::ops::$trait<&Array> for Array {
            type Output = Array;
            fn $fn(self, rhs: &Array) -> Array {
                must($name, &[Operand::Array(&self), Operand::Array(rhs)])
            }
        }
        impl std::ops::$trait<f64> for &Array {
            type Output = Array;
            fn $fn(self, rhs: f64) -> Array {
                must($name, &[Operand::Array(self), Operand::Float(rhs)])
            }
        }
        impl std::ops::$trait<&Array> for f64 {
            type Output = Array;
            fn $fn(self, rhs: &Array) -> Array {
                must($name, &[Operand::Float(self), Operand::Array(rhs)])
            }
        }
    )+ };
}
operator! {
    Add add "add";
    Sub sub "subtract";
    Mul mul "multiply";
    Div div "divide";
    Rem rem "remainder";
}

impl std::ops::Neg for &Array {
    type Output = Array;
    fn neg(self) -> Array {
        must("negative", &[Operand::Array(self)])
    }
}
