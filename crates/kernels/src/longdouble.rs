//! Long double, whose arithmetic is in C (longdouble.c); each static holds the one row of its type.

use crate::loops::LoopCtx;
use numoxide_dtype::{Complex, F80};
use std::ffi::c_int;

/// Takes the status bits of a C loop.
///
/// # Safety
/// - `ctx` points to a live context.
#[unsafe(no_mangle)]
unsafe extern "C" fn numoxide_report_fp(ctx: *const LoopCtx, bits: c_int) {
    // SAFETY: live by contract.
    unsafe { &*ctx }.report_fp(bits as u8);
}

/// Declares C loops and the statics that hold their rows.
macro_rules! c_loops {
    ($($NAME:ident $sig:literal $f:ident;)+) => {
        // The context is opaque to C.
        #[allow(improper_ctypes)]
        unsafe extern "C" {
            $(fn $f(
                ctx: *const $crate::loops::LoopCtx,
                args: *const *mut u8,
                dims: *const isize,
                strides: *const isize,
                aux: *mut std::ffi::c_void,
            ) -> std::ffi::c_int;)+
        }
        $(pub(crate) static $NAME: &[$crate::table::OpLoop] = &[
            $crate::table::row!($sig, $crate::Levels::one($f), $crate::table::REPORTED),
        ];)+
    };
}

c_loops! {
    NEGATIVE "g->g" nx_negative_g;
    POSITIVE "g->g" nx_positive_g;
    ABSOLUTE "g->g" nx_absolute_g;
    FABS "g->g" nx_fabs_g;
    SQUARE "g->g" nx_square_g;
    RECIPROCAL "g->g" nx_reciprocal_g;
    SIGN "g->g" nx_sign_g;
    CONJUGATE "g->g" nx_conjugate_g;
    ONES_LIKE "g->g" nx_ones_like_g;
    SPACING "g->g" nx_spacing_g;
    FLOOR "g->g" nx_floor_g;
    CEIL "g->g" nx_ceil_g;
    TRUNC "g->g" nx_trunc_g;
    RINT "g->g" nx_rint_g;
    DEGREES "g->g" nx_degrees_g;
    RADIANS "g->g" nx_radians_g;
    EXP "g->g" nx_exp_g;
    EXP2 "g->g" nx_exp2_g;
    EXPM1 "g->g" nx_expm1_g;
    LOG "g->g" nx_log_g;
    LOG2 "g->g" nx_log2_g;
    LOG10 "g->g" nx_log10_g;
    LOG1P "g->g" nx_log1p_g;
    SQRT "g->g" nx_sqrt_g;
    CBRT "g->g" nx_cbrt_g;
    SIN "g->g" nx_sin_g;
    COS "g->g" nx_cos_g;
    TAN "g->g" nx_tan_g;
    ARCSIN "g->g" nx_arcsin_g;
    ARCCOS "g->g" nx_arccos_g;
    ARCTAN "g->g" nx_arctan_g;
    SINH "g->g" nx_sinh_g;
    COSH "g->g" nx_cosh_g;
    TANH "g->g" nx_tanh_g;
    ARCSINH "g->g" nx_arcsinh_g;
    ARCCOSH "g->g" nx_arccosh_g;
    ARCTANH "g->g" nx_arctanh_g;
    ADD "gg->g" nx_add_g;
    SUBTRACT "gg->g" nx_subtract_g;
    MULTIPLY "gg->g" nx_multiply_g;
    DIVIDE "gg->g" nx_divide_g;
    FLOOR_DIVIDE "gg->g" nx_floor_divide_g;
    REMAINDER "gg->g" nx_remainder_g;
    FMOD "gg->g" nx_fmod_g;
    POWER "gg->g" nx_power_g;
    NEXTAFTER "gg->g" nx_nextafter_g;
    HYPOT "gg->g" nx_hypot_g;
    ARCTAN2 "gg->g" nx_arctan2_g;
    LOGADDEXP "gg->g" nx_logaddexp_g;
    LOGADDEXP2 "gg->g" nx_logaddexp2_g;
    COPYSIGN "gg->g" nx_copysign_g;
    HEAVISIDE "gg->g" nx_heaviside_g;
    MAXIMUM "gg->g" nx_maximum_g;
    MINIMUM "gg->g" nx_minimum_g;
    FMAX "gg->g" nx_fmax_g;
    FMIN "gg->g" nx_fmin_g;
    EQUAL "gg->?" nx_equal_g;
    NOT_EQUAL "gg->?" nx_not_equal_g;
    LESS "gg->?" nx_less_g;
    LESS_EQUAL "gg->?" nx_less_equal_g;
    GREATER "gg->?" nx_greater_g;
    GREATER_EQUAL "gg->?" nx_greater_equal_g;
    LOGICAL_AND "gg->?" nx_logical_and_g;
    LOGICAL_OR "gg->?" nx_logical_or_g;
    LOGICAL_XOR "gg->?" nx_logical_xor_g;
    LOGICAL_NOT "g->?" nx_logical_not_g;
    ISNAN "g->?" nx_isnan_g;
    ISINF "g->?" nx_isinf_g;
    ISFINITE "g->?" nx_isfinite_g;
    SIGNBIT "g->?" nx_signbit_g;
    DIVMOD "gg->gg" nx_divmod_g;
    MODF "g->gg" nx_modf_g;
    FREXP "g->gi" nx_frexp_g;
    LDEXP_INT "gi->g" nx_ldexp_gi;
    LDEXP_LONG "gl->g" nx_ldexp_gl;
    CLIP "ggg->g" nx_clip_g;
    ARGMAX "g->l" nx_argmax_g;
    ARGMIN "g->l" nx_argmin_g;
    COUNT_NONZERO "g->l" nx_count_nonzero_g;
    DOT "gg->g" nx_dot_g;
}

/// The complex ones.
pub(crate) mod complex {
    c_loops! {
        NEGATIVE "G->G" nx_negative_c;
        POSITIVE "G->G" nx_positive_c;
        ABSOLUTE "G->g" nx_absolute_c;
        SQUARE "G->G" nx_square_c;
        RECIPROCAL "G->G" nx_reciprocal_c;
        SIGN "G->G" nx_sign_c;
        CONJUGATE "G->G" nx_conjugate_c;
        ONES_LIKE "G->G" nx_ones_like_c;
        RINT "G->G" nx_rint_c;
        EXP "G->G" nx_exp_c;
        EXP2 "G->G" nx_exp2_c;
        EXPM1 "G->G" nx_expm1_c;
        LOG "G->G" nx_log_c;
        LOG2 "G->G" nx_log2_c;
        LOG10 "G->G" nx_log10_c;
        LOG1P "G->G" nx_log1p_c;
        SQRT "G->G" nx_sqrt_c;
        SIN "G->G" nx_sin_c;
        COS "G->G" nx_cos_c;
        TAN "G->G" nx_tan_c;
        ARCSIN "G->G" nx_arcsin_c;
        ARCCOS "G->G" nx_arccos_c;
        ARCTAN "G->G" nx_arctan_c;
        SINH "G->G" nx_sinh_c;
        COSH "G->G" nx_cosh_c;
        TANH "G->G" nx_tanh_c;
        ARCSINH "G->G" nx_arcsinh_c;
        ARCCOSH "G->G" nx_arccosh_c;
        ARCTANH "G->G" nx_arctanh_c;
        ADD "GG->G" nx_add_c;
        SUBTRACT "GG->G" nx_subtract_c;
        MULTIPLY "GG->G" nx_multiply_c;
        DIVIDE "GG->G" nx_divide_c;
        POWER "GG->G" nx_power_c;
        MAXIMUM "GG->G" nx_maximum_c;
        MINIMUM "GG->G" nx_minimum_c;
        FMAX "GG->G" nx_fmax_c;
        FMIN "GG->G" nx_fmin_c;
        EQUAL "GG->?" nx_equal_c;
        NOT_EQUAL "GG->?" nx_not_equal_c;
        LESS "GG->?" nx_less_c;
        LESS_EQUAL "GG->?" nx_less_equal_c;
        GREATER "GG->?" nx_greater_c;
        GREATER_EQUAL "GG->?" nx_greater_equal_c;
        LOGICAL_AND "GG->?" nx_logical_and_c;
        LOGICAL_OR "GG->?" nx_logical_or_c;
        LOGICAL_XOR "GG->?" nx_logical_xor_c;
        LOGICAL_NOT "G->?" nx_logical_not_c;
        ISNAN "G->?" nx_isnan_c;
        ISINF "G->?" nx_isinf_c;
        ISFINITE "G->?" nx_isfinite_c;
        CLIP "GGG->G" nx_clip_c;
        ARGMAX "G->l" nx_argmax_c;
        ARGMIN "G->l" nx_argmin_c;
        COUNT_NONZERO "G->l" nx_count_nonzero_c;
        DOT "GG->G" nx_dot_c;
        VECDOT "GG->G" nx_vecdot_c;
    }
}

unsafe extern "C" {
    fn nx_dft_g(n: isize, x: *mut u8, out: *mut u8, work: *mut u8, inverse: c_int);
    fn nx_scale_g(n: isize, x: *mut u8, by: *const u8);
}

/// The discrete Fourier transform in place, unscaled.
pub fn dft(line: &mut [Complex<F80>], inverse: bool) {
    let n = line.len();
    if n < 2 {
        return;
    }
    let zero = Complex {
        re: F80([0; 16]),
        im: F80([0; 16]),
    };
    let (mut out, mut work) = (vec![zero; n], vec![zero; 2 * n]);
    let (x, to, room) = (line.as_mut_ptr(), out.as_mut_ptr(), work.as_mut_ptr());
    // SAFETY: as many items each as the function asks for; long doubles are 16 bytes.
    unsafe {
        nx_dft_g(
            n as isize,
            x.cast(),
            to.cast(),
            room.cast(),
            c_int::from(inverse),
        )
    };
    line.copy_from_slice(&out);
}

/// Multiplies each item.
pub fn scale(items: &mut [F80], by: F80) {
    // SAFETY: so many items; one factor.
    unsafe {
        nx_scale_g(
            items.len() as isize,
            items.as_mut_ptr().cast(),
            by.0.as_ptr(),
        )
    };
}
