//! The op table: one row for each ufunc; everything else reads it.

mod rows;
#[cfg(test)]
mod tests;

pub use numoxide_kernels::OpLoop;
pub use rows::ops;

/// The value a reduction starts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identity {
    /// No identity, and the order of several axes matters.
    None,
    /// No identity, but several axes may be reduced in any order.
    ReorderableNone,
    /// Zero (`False` for bool).
    Zero,
    /// One (`True` for bool).
    One,
    /// All bits set.
    MinusOne,
    /// Negative infinity.
    NegInf,
    /// `True`, whatever the dtype.
    True,
    /// `False`, whatever the dtype.
    False,
    /// An object that the interpreter's side keeps.
    Foreign,
}

/// How the loop's types follow from the operands'.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResolveKind {
    /// The first loop that all inputs cast to safely, after promotion.
    Default,
    /// `==`, `<` and their kin: mixed signedness, strings, Python integers out of range.
    Comparison,
    /// `logical_*`: operands without a loop are taken as bool.
    Logical,
    /// `add`: datetimes.
    Add,
    /// `subtract`: datetimes, no bool.
    Subtract,
    /// `multiply`: timedeltas.
    Multiply,
    /// `divide`: integers as float64, timedeltas.
    TrueDivide,
    /// `floor_divide`: timedeltas.
    FloorDivide,
    /// `remainder` and `divmod`: timedeltas.
    Remainder,
    /// `power`: integer exponents as NumPy treats them.
    Power,
    /// `negative`: no bool.
    Negative,
    /// `absolute`: complex gives its real type.
    Absolute,
    /// One dtype for all operands and the result, datetimes with their unit.
    Uniform,
    /// `isnat`: datetimes only.
    IsNat,
    /// `isfinite`, `isinf`, `isnan`: datetimes too.
    IsFinite,
    /// Strings and bytes only, by the rows of `numoxide_kernels::text`.
    Text,
}

/// A ufunc.
#[derive(Clone, Copy)]
pub struct Op {
    /// Its name.
    pub name: &'static str,
    /// Other public names of the same object.
    pub aliases: &'static [&'static str],
    /// Number of inputs.
    pub nin: u8,
    /// Number of outputs.
    pub nout: u8,
    /// Start of reductions.
    pub identity: Identity,
    /// Loops for built-in types, in NumPy's order.
    pub loops: &'static [OpLoop],
    /// Type resolution.
    pub resolve: ResolveKind,
    /// Core dimensions of a generalised ufunc.
    pub signature: Option<&'static str>,
    /// Fills in core dimensions that the results alone have; those not known yet are -1.
    pub sizes: Option<fn(&mut [isize])>,
    /// One sentence for the documentation.
    pub doc: &'static str,
    /// Address of what the interpreter's side keeps for an op made from a Python function; 0 for the
    /// built-in ones.
    pub foreign: usize,
}
