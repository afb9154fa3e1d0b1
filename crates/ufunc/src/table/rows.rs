//! The rows.

use super::{Identity, Op, ResolveKind};
use numoxide_kernels::{arith, bits, compare, datetime, floats, gemm, math, reduce};

/// All ufuncs.
pub fn ops() -> &'static [Op] {
    OPS
}

/// The signature of a generalised ufunc, if given.
macro_rules! signature {
    () => {
        None
    };
    ($text:literal) => {
        Some($text)
    };
}

/// Builds the table from `name = alias (nin, nout) identity resolve loops, doc` lines.
macro_rules! ops {
    ($($name:literal $(= $alias:literal)* ($nin:literal, $nout:literal) $identity:ident $resolve:ident
        $loops:expr, $(signature $signature:literal,)? $doc:literal;)+) => {
        static OPS: &[Op] = &[$(Op {
            name: $name,
            aliases: &[$($alias),*],
            nin: $nin,
            nout: $nout,
            identity: Identity::$identity,
            loops: $loops,
            resolve: ResolveKind::$resolve,
            signature: signature!($($signature)?),
            doc: $doc,
            sizes: None,
            foreign: 0,
        }),+];
    };
}

ops! {
    // Arithmetic.
    "add"(2, 1) Zero Add arith::ADD, "Add arguments element by element.";
    "subtract"(2, 1) None Subtract arith::SUBTRACT, "Subtract the second argument from the first.";
    "multiply"(2, 1) One Multiply arith::MULTIPLY, "Multiply arguments element by element.";
    "divide" = "true_divide"(2, 1) None TrueDivide arith::DIVIDE, "Divide the first argument by the second.";
    "floor_divide"(2, 1) None FloorDivide arith::FLOOR_DIVIDE, "The quotient, rounded down.";
    "remainder" = "mod"(2, 1) None Remainder arith::REMAINDER, "The remainder, with the divisor's sign.";
    "divmod"(2, 2) None Remainder arith::DIVMOD, "Quotient rounded down and remainder at once.";
    "fmod"(2, 1) None Default arith::FMOD, "The remainder, with the dividend's sign.";
    "power" = "pow"(2, 1) None Power arith::POWER, "The first argument to the power of the second.";
    "float_power"(2, 1) None Default arith::FLOAT_POWER, "Power, computed in at least double precision.";
    "negative"(1, 1) None Negative arith::NEGATIVE, "The argument with its sign turned.";
    "positive"(1, 1) None Uniform arith::POSITIVE, "The argument as it is.";
    "absolute" = "abs"(1, 1) None Absolute arith::ABSOLUTE, "The distance from zero.";
    "fabs"(1, 1) None Default floats::FABS, "The distance from zero, as a float.";
    "square"(1, 1) None Default arith::SQUARE, "The argument times itself.";
    "reciprocal"(1, 1) None Default arith::RECIPROCAL, "One divided by the argument.";
    "sign"(1, 1) None Uniform arith::SIGN, "Which side of zero the argument is on.";
    "conjugate" = "conj"(1, 1) None Default arith::CONJUGATE, "The complex conjugate.";
    "_arg"(1, 1) None Default math::ARG, "The angle of a complex number.";
    "_ones_like"(1, 1) None Uniform arith::ONES_LIKE, "One of the argument's type.";
    // Comparisons and logic.
    "equal"(2, 1) None Comparison compare::EQUAL, "Whether the arguments are equal.";
    "not_equal"(2, 1) None Comparison compare::NOT_EQUAL, "Whether the arguments differ.";
    "less"(2, 1) None Comparison compare::LESS, "Whether the first argument is below the second.";
    "less_equal"(2, 1) None Comparison compare::LESS_EQUAL, "Whether the first argument is not above the second.";
    "greater"(2, 1) None Comparison compare::GREATER, "Whether the first argument is above the second.";
    "greater_equal"(2, 1) None Comparison compare::GREATER_EQUAL, "Whether the first argument is not below the second.";
    "logical_and"(2, 1) True Logical compare::LOGICAL_AND, "Whether both arguments are true.";
    "logical_or"(2, 1) False Logical compare::LOGICAL_OR, "Whether an argument is true.";
    "logical_xor"(2, 1) False Logical compare::LOGICAL_XOR, "Whether exactly one argument is true.";
    "logical_not"(1, 1) None Logical compare::LOGICAL_NOT, "Whether the argument is false.";
    "maximum"(2, 1) ReorderableNone Uniform compare::MAXIMUM, "The larger argument; NaN if one is.";
    "minimum"(2, 1) ReorderableNone Uniform compare::MINIMUM, "The smaller argument; NaN if one is.";
    "fmax"(2, 1) ReorderableNone Uniform compare::FMAX, "The larger argument, passing over NaN.";
    "fmin"(2, 1) ReorderableNone Uniform compare::FMIN, "The smaller argument, passing over NaN.";
    "clip"(3, 1) None Uniform compare::CLIP, "The first argument, kept between the others.";
    // Bits.
    "bitwise_and"(2, 1) MinusOne Default bits::BITWISE_AND, "The bits set in both arguments.";
    "bitwise_or"(2, 1) Zero Default bits::BITWISE_OR, "The bits set in an argument.";
    "bitwise_xor"(2, 1) Zero Default bits::BITWISE_XOR, "The bits set in exactly one argument.";
    "invert" = "bitwise_not" = "bitwise_invert"(1, 1) None Default bits::INVERT, "The bits not set.";
    "left_shift" = "bitwise_left_shift"(2, 1) None Default bits::LEFT_SHIFT, "The bits moved up.";
    "right_shift" = "bitwise_right_shift"(2, 1) None Default bits::RIGHT_SHIFT, "The bits moved down.";
    "bitwise_count"(1, 1) None Default bits::BITWISE_COUNT, "How many bits of the absolute value are set.";
    "gcd"(2, 1) Zero Default bits::GCD, "The greatest common divisor.";
    "lcm"(2, 1) None Default bits::LCM, "The least common multiple.";
    // Tests and parts of floats.
    "isnan"(1, 1) None IsFinite floats::ISNAN, "Whether the argument is not a number.";
    "isinf"(1, 1) None IsFinite floats::ISINF, "Whether the argument is infinite.";
    "isfinite"(1, 1) None IsFinite floats::ISFINITE, "Whether the argument is a finite number.";
    "isnat"(1, 1) None IsNat datetime::ISNAT, "Whether the argument is not a time.";
    "signbit"(1, 1) None Default floats::SIGNBIT, "Whether the sign bit is set.";
    "copysign"(2, 1) None Default floats::COPYSIGN, "The first argument with the second's sign.";
    "nextafter"(2, 1) None Default floats::NEXTAFTER, "The next number towards the second argument.";
    "spacing"(1, 1) None Default floats::SPACING, "The distance to the next number.";
    "modf"(1, 2) None Default floats::MODF, "Fractional and whole part.";
    "frexp"(1, 2) None Default floats::FREXP, "Mantissa and exponent of two.";
    "ldexp"(2, 1) None Default floats::LDEXP, "The first argument times two to the second.";
    "floor"(1, 1) None Default floats::FLOOR, "The argument, rounded down.";
    "ceil"(1, 1) None Default floats::CEIL, "The argument, rounded up.";
    "trunc"(1, 1) None Default floats::TRUNC, "The argument, rounded towards zero.";
    "rint"(1, 1) None Default floats::RINT, "The argument, rounded to the nearest integer, ties to even.";
    "heaviside"(2, 1) None Default floats::HEAVISIDE, "The step function; the second argument is its value at zero.";
    "degrees"(1, 1) None Default floats::DEGREES, "Radians in degrees.";
    "rad2deg"(1, 1) None Default floats::DEGREES, "Radians in degrees.";
    "radians"(1, 1) None Default floats::RADIANS, "Degrees in radians.";
    "deg2rad"(1, 1) None Default floats::RADIANS, "Degrees in radians.";
    // Mathematical functions.
    "exp"(1, 1) None Default math::EXP, "The exponential.";
    "exp2"(1, 1) None Default math::EXP2, "Two to the power of the argument.";
    "expm1"(1, 1) None Default math::EXPM1, "The exponential less one, exact near zero.";
    "log"(1, 1) None Default math::LOG, "The natural logarithm.";
    "log2"(1, 1) None Default math::LOG2, "The logarithm to base two.";
    "log10"(1, 1) None Default math::LOG10, "The logarithm to base ten.";
    "log1p"(1, 1) None Default math::LOG1P, "The natural logarithm of one more than the argument.";
    "sqrt"(1, 1) None Default math::SQRT, "The square root.";
    "cbrt"(1, 1) None Default math::CBRT, "The cube root.";
    "sin"(1, 1) None Default math::SIN, "The sine.";
    "cos"(1, 1) None Default math::COS, "The cosine.";
    "tan"(1, 1) None Default math::TAN, "The tangent.";
    "arcsin" = "asin"(1, 1) None Default math::ARCSIN, "The inverse sine.";
    "arccos" = "acos"(1, 1) None Default math::ARCCOS, "The inverse cosine.";
    "arctan" = "atan"(1, 1) None Default math::ARCTAN, "The inverse tangent.";
    "arctan2" = "atan2"(2, 1) None Default math::ARCTAN2, "The angle of the point (second, first).";
    "sinh"(1, 1) None Default math::SINH, "The hyperbolic sine.";
    "cosh"(1, 1) None Default math::COSH, "The hyperbolic cosine.";
    "tanh"(1, 1) None Default math::TANH, "The hyperbolic tangent.";
    "arcsinh" = "asinh"(1, 1) None Default math::ARCSINH, "The inverse hyperbolic sine.";
    "arccosh" = "acosh"(1, 1) None Default math::ARCCOSH, "The inverse hyperbolic cosine.";
    "arctanh" = "atanh"(1, 1) None Default math::ARCTANH, "The inverse hyperbolic tangent.";
    "hypot"(2, 1) Zero Default math::HYPOT, "The length of the vector of both arguments.";
    "logaddexp"(2, 1) NegInf Default math::LOGADDEXP, "The logarithm of the sum of exponentials.";
    "logaddexp2"(2, 1) NegInf Default math::LOGADDEXP2, "The same to base two.";
    // Inner products.
    "vecdot"(2, 1) None Uniform reduce::VECDOT, signature "(n),(n)->()", "The inner product of vectors, the first conjugated.";
    "matmul"(2, 1) None Uniform gemm::MATMUL, signature "(n?,k),(k,m?)->(n?,m?)", "Matrix product of the last two axes.";
    "matvec"(2, 1) None Uniform gemm::MATVEC, signature "(m,n),(n)->(m)", "Products of matrices with vectors.";
    "vecmat"(2, 1) None Uniform gemm::VECMAT, signature "(n),(n,m)->(m)", "Products of conjugated vectors with matrices.";
    // Text.
    "str_len"(1, 1) Zero Text &[], "The number of characters.";
    "isalpha"(1, 1) False Text &[], "Whether all characters are letters, and there is one.";
    "isdigit"(1, 1) False Text &[], "Whether all characters are digits, and there is one.";
    "isspace"(1, 1) False Text &[], "Whether all characters are white space, and there is one.";
    "isalnum"(1, 1) False Text &[], "Whether all characters are letters or digits, and there is one.";
    "islower"(1, 1) False Text &[], "Whether all letters are small, and there is one.";
    "isupper"(1, 1) False Text &[], "Whether all letters are capitals, and there is one.";
    "istitle"(1, 1) False Text &[], "Whether each word starts with its only capital.";
    "isdecimal"(1, 1) False Text &[], "Whether all characters are decimal digits, and there is one.";
    "isnumeric"(1, 1) False Text &[], "Whether all characters have a numeric value, and there is one.";
    "find"(4, 1) None Text &[], "The first place of the second argument in the first, or -1.";
    "rfind"(4, 1) None Text &[], "The last place of the second argument in the first, or -1.";
    "index"(4, 1) None Text &[], "The first place of the second argument in the first.";
    "rindex"(4, 1) None Text &[], "The last place of the second argument in the first.";
    "count"(4, 1) None Text &[], "How often the second argument stands in the first.";
    "startswith"(4, 1) False Text &[], "Whether the first argument starts with the second.";
    "endswith"(4, 1) False Text &[], "Whether the first argument ends with the second.";
    "_lstrip_whitespace"(1, 1) None Text &[], "The text without white space at its start.";
    "_rstrip_whitespace"(1, 1) None Text &[], "The text without white space at its end.";
    "_strip_whitespace"(1, 1) None Text &[], "The text without white space at its ends.";
    "_lstrip_chars"(2, 1) None Text &[], "The text without certain characters at its start.";
    "_rstrip_chars"(2, 1) None Text &[], "The text without certain characters at its end.";
    "_strip_chars"(2, 1) None Text &[], "The text without certain characters at its ends.";
    "_replace"(4, 1) None Text &[], "The text with the second argument as the third.";
    "_expandtabs_length"(2, 1) None Text &[], "The length of the text without its tabs.";
    "_expandtabs"(2, 1) None Text &[], "The text with spaces for its tabs.";
    "_center"(3, 1) None Text &[], "The text amid fill characters.";
    "_ljust"(3, 1) None Text &[], "The text before fill characters.";
    "_rjust"(3, 1) None Text &[], "The text behind fill characters.";
    "_zfill"(2, 1) None Text &[], "The text with zeros behind its sign.";
    "_partition_index"(3, 3) None Text &[], "The text before, at and behind a separator.";
    "_rpartition_index"(3, 3) None Text &[], "The same for its last place.";
    "_slice"(4, 1) None Text &[], "Characters from a start to a stop by a step.";
}
