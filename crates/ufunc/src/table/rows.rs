//! The rows.

use super::{Identity, Op, ResolveKind};
use numoxide_kernels::arith;

/// All ufuncs.
pub fn ops() -> &'static [Op] {
    OPS
}

/// Builds the table from `name(nin, nout), identity, resolve, loops, doc` lines.
macro_rules! ops {
    ($($name:literal $(= $alias:literal)* ($nin:literal, $nout:literal) $identity:ident $resolve:ident
        $loops:expr, $doc:literal;)+) => {
        static OPS: &[Op] = &[$(Op {
            name: $name,
            aliases: &[$($alias),*],
            nin: $nin,
            nout: $nout,
            identity: Identity::$identity,
            loops: $loops,
            resolve: ResolveKind::$resolve,
            signature: None,
            doc: $doc,
        }),+];
    };
}

ops! {
    "add"(2, 1) Zero Add arith::ADD, "Add arguments element by element.";
    "subtract"(2, 1) None Subtract arith::SUBTRACT, "Subtract arguments element by element.";
    "multiply"(2, 1) One Multiply arith::MULTIPLY, "Multiply arguments element by element.";
}
