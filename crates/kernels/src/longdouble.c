/* Loops over long double and its complex, which Rust has no type for.
 *
 * Each function is a strided loop (see loops.rs); reporting ones read the floating-point status of
 * the whole loop and hand it to the context. */
#include <complex.h>
#include <fenv.h>
#include <math.h>
#include <stdint.h>

typedef long double G;
typedef struct { G re, im; } C;
typedef unsigned char B;
typedef long double _Complex K;

extern void numoxide_report_fp(const void *ctx, int bits);

static void report(const void *ctx)
{
    int e = fetestexcept(FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID);
    numoxide_report_fp(ctx, (e & FE_DIVBYZERO ? 1 : 0) | (e & FE_OVERFLOW ? 2 : 0) |
                            (e & FE_UNDERFLOW ? 4 : 0) | (e & FE_INVALID ? 8 : 0));
}

#define LOOP(name) \
    int nx_##name(const void *ctx, char *const *args, const intptr_t *dims, \
                  const intptr_t *s, void *aux)
#define CLEAR (void)ctx, (void)aux, feclearexcept(FE_ALL_EXCEPT)
#define QUIET (void)ctx, (void)aux

/* One input x, two inputs x and y; the value is an expression. */
#define UNARY(name, I, O, value) LOOP(name) { CLEAR; \
    char *a = args[0], *o = args[1]; \
    for (intptr_t n = *dims; n > 0; n--, a += s[0], o += s[1]) { I x = *(I *)a; *(O *)o = value; } \
    report(ctx); return 0; }
#define TEST(name, I, value) LOOP(name) { QUIET; \
    char *a = args[0], *o = args[1]; \
    for (intptr_t n = *dims; n > 0; n--, a += s[0], o += s[1]) { I x = *(I *)a; *(B *)o = value; } \
    return 0; }
#define EACH2(I, J, O, value) \
    char *a = args[0], *b = args[1], *o = args[2]; \
    for (intptr_t n = *dims; n > 0; n--, a += s[0], b += s[1], o += s[2]) { \
        I x = *(I *)a; J y = *(J *)b; *(O *)o = value; }
#define BINARY(name, I, J, O, value) LOOP(name) { CLEAR; EACH2(I, J, O, value) report(ctx); return 0; }
#define TEST2(name, I, value) LOOP(name) { QUIET; EACH2(I, I, B, value) return 0; }
#define PICK2(name, I, value) LOOP(name) { QUIET; EACH2(I, I, I, value) return 0; }

/* Pairwise sums, in the tree of reduce/sum.rs. */
#define PAIRWISE(T, name, LANES, LEAF, ZERO, ADD) \
static T name(const char *b, intptr_t sb, intptr_t n) { \
    if (n < LANES) { \
        T r = ZERO; \
        for (; n > 0; n--, b += sb) { T v = *(T *)b; r = ADD(r, v); } \
        return r; \
    } \
    if (n <= LEAF) { \
        T r[LANES]; intptr_t i, k; \
        for (k = 0; k < LANES; k++) r[k] = *(T *)(b + k * sb); \
        for (i = LANES; i < n - n % LANES; i += LANES) \
            for (k = 0; k < LANES; k++) { T v = *(T *)(b + (i + k) * sb); r[k] = ADD(r[k], v); } \
        for (intptr_t w = 1; w < LANES; w *= 2) \
            for (k = 0; k < LANES; k += 2 * w) r[k] = ADD(r[k], r[k + w]); \
        for (; i < n; i++) { T v = *(T *)(b + i * sb); r[0] = ADD(r[0], v); } \
        return r[0]; \
    } \
    intptr_t half = n / 2; half -= half % LANES; \
    T left = name(b, sb, half), right = name(b + half * sb, sb, n - half); \
    return ADD(left, right); }

static C cadd(C x, C y) { return (C){x.re + y.re, x.im + y.im}; }
static C csub(C x, C y) { return (C){x.re - y.re, x.im - y.im}; }
static C cmul(C x, C y) { return (C){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}; }
static C cconj(C x) { return (C){x.re, -x.im}; }
static C from_k(K z) { return (C){creall(z), cimagl(z)}; }
static K to_k(C x) { return __builtin_complex(x.re, x.im); }

static C cdiv(C x, C y)
{
    G r = fabsl(y.re), i = fabsl(y.im);
    if (r >= i) {
        if (r == 0 && i == 0) return (C){x.re / r, x.im / r};
        G q = y.im / y.re, d = 1 / (y.re + y.im * q);
        return (C){(x.re + x.im * q) * d, (x.im - x.re * q) * d};
    }
    G q = y.re / y.im, d = 1 / (y.im + y.re * q);
    return (C){(x.re * q + x.im) * d, (x.im * q - x.re) * d};
}

static C crecip(C x)
{
    if (fabsl(x.im) <= fabsl(x.re)) {
        G q = x.im / x.re, d = x.re + x.im * q;
        return (C){1 / d, -q / d};
    }
    G q = x.re / x.im, d = x.re * q + x.im;
    return (C){q / d, -1 / d};
}

static C csign(C x)
{
    G size = hypotl(x.re, x.im);
    if (isnan(size)) return (C){NAN, NAN};
    if (isinf(size)) {
        if (isinf(x.re) && isinf(x.im)) return (C){NAN, NAN};
        if (isinf(x.re)) return (C){copysignl(1, x.re), 0};
        if (isinf(x.im)) return (C){0, copysignl(1, x.im)};
    }
    if (size == 0) return (C){0, 0};
    return (C){x.re / size, x.im / size};
}

/* Small integer powers by multiplication, powers of zero as limits, else the C library's. */
static C cpower(C x, C y)
{
    if (y.re == 0 && y.im == 0) return (C){1, 0};
    if (x.re == 0 && x.im == 0) {
        if (y.re > 0) return (C){0, 0};
        feraiseexcept(FE_INVALID);
        return (C){NAN, NAN};
    }
    if (y.im == 0 && fabsl(y.re) < 100 && y.re == truncl(y.re)) {
        int n = (int)y.re;
        if (n == 1) return x;
        if (n == 2) return cmul(x, x);
        if (n == 3) return cmul(x, cmul(x, x));
        C out = {1, 0}, base = x;
        for (int e = n < 0 ? -n : n;;) {
            if (e & 1) out = cmul(out, base);
            if (!(e >>= 1)) break;
            base = cmul(base, base);
        }
        return n < 0 ? cdiv((C){1, 0}, out) : out;
    }
    return from_k(cpowl(to_k(x), to_k(y)));
}

/* Python's division: quotient rounded down, remainder with the divisor's sign. */
static G divmodg(G x, G y, G *mod)
{
    G m = fmodl(x, y);
    if (y == 0) { *mod = m; return x / y; }
    G q = (x - m) / y;
    if (m != 0) {
        if (isless(y, 0) != isless(m, 0)) { m += y; q -= 1; }
    } else m = copysignl(0, y);
    *mod = m;
    if (q == 0) return copysignl(0, x / y);
    G f = floorl(q);
    return isgreater(q - f, 0.5L) ? f + 1 : f;
}
static G floordivg(G x, G y) { G m; return y == 0 ? x / y : divmodg(x, y, &m); }
static G modg(G x, G y) { G m; if (y == 0) return fmodl(x, y); divmodg(x, y, &m); return m; }

static G logadd(G x, G y, G two, G scale, G (*ex)(G))
{
    if (x == y) return x + two;
    G d = x - y;
    if (d > 0) return x + scale * log1pl(ex(-d));
    if (d <= 0) return y + scale * log1pl(ex(d));
    return d;
}
#define LN2 0.693147180559945309417232121458176568L
#define LOG2E 1.442695040888963407359924681001892137L
#define LOG10E 0.434294481903251827651128918916605082L
#define PI 3.141592653589793238462643383279502884L

static C cscale(C x, G k) { return (C){x.re * k, x.im * k}; }
static C clogg(C x) { return from_k(clogl(to_k(x))); }
static C cexpm1g(C x)
{
    G h = sinl(x.im / 2);
    return (C){expm1l(x.re) * cosl(x.im) - 2 * h * h, expl(x.re) * sinl(x.im)};
}
static C clog1pg(C x) { return (C){logl(hypotl(x.re + 1, x.im)), atan2l(x.im, x.re + 1)}; }
static G spacingg(G x)
{
    if (!isfinite(x)) return NAN;
    return x == 0 ? nextafterl(0, 1) : nextafterl(x, copysignl(INFINITY, x)) - x;
}
#define ADDG(x, y) ((x) + (y))
PAIRWISE(G, sum_g, 8, 128, -0.0L, ADDG)
PAIRWISE(C, sum_c, 4, 64, ((C){-0.0L, -0.0L}), cadd)

#define IS_REDUCE (args[0] == args[2] && s[0] == 0 && s[2] == 0)
LOOP(add_g) { CLEAR;
    if (IS_REDUCE) *(G *)args[0] += sum_g(args[1], s[1], *dims);
    else { EACH2(G, G, G, x + y) }
    report(ctx); return 0; }
LOOP(add_c) { CLEAR;
    if (IS_REDUCE) *(C *)args[0] = cadd(*(C *)args[0], sum_c(args[1], s[1], *dims));
    else { EACH2(C, C, C, cadd(x, y)) }
    report(ctx); return 0; }

BINARY(subtract_g, G, G, G, x - y)
BINARY(multiply_g, G, G, G, x * y)
BINARY(divide_g, G, G, G, x / y)
BINARY(floor_divide_g, G, G, G, floordivg(x, y))
BINARY(remainder_g, G, G, G, modg(x, y))
BINARY(fmod_g, G, G, G, fmodl(x, y))
BINARY(power_g, G, G, G, powl(x, y))
BINARY(nextafter_g, G, G, G, nextafterl(x, y))
BINARY(hypot_g, G, G, G, hypotl(x, y))
BINARY(arctan2_g, G, G, G, atan2l(x, y))
BINARY(logaddexp_g, G, G, G, logadd(x, y, LN2, 1, expl))
BINARY(logaddexp2_g, G, G, G, logadd(x, y, 1, LOG2E, exp2l))
BINARY(ldexp_gi, G, int, G, ldexpl(x, y))
BINARY(ldexp_gl, G, long, G, scalblnl(x, y))
PICK2(copysign_g, G, copysignl(x, y))
PICK2(heaviside_g, G, (isnan(x) ? x : x == 0 ? y : x < 0 ? 0 : 1))
PICK2(maximum_g, G, (x >= y || isnan(x) ? x : y))
PICK2(minimum_g, G, (x <= y || isnan(x) ? x : y))
PICK2(fmax_g, G, (x >= y || isnan(y) ? x : y))
PICK2(fmin_g, G, (x <= y || isnan(y) ? x : y))
TEST2(equal_g, G, x == y)
TEST2(not_equal_g, G, x != y)
TEST2(less_g, G, x < y)
TEST2(less_equal_g, G, x <= y)
TEST2(greater_g, G, x > y)
TEST2(greater_equal_g, G, x >= y)
TEST2(logical_and_g, G, (x != 0) & (y != 0))
TEST2(logical_or_g, G, (x != 0) | (y != 0))
TEST2(logical_xor_g, G, (x != 0) ^ (y != 0))
TEST(logical_not_g, G, x == 0)
TEST(isnan_g, G, isnan(x) != 0)
TEST(isinf_g, G, isinf(x) != 0)
TEST(isfinite_g, G, isfinite(x) != 0)
TEST(signbit_g, G, signbit(x) != 0)
UNARY(negative_g, G, G, -x)
UNARY(positive_g, G, G, x)
UNARY(absolute_g, G, G, fabsl(x))
UNARY(fabs_g, G, G, fabsl(x))
UNARY(square_g, G, G, x * x)
UNARY(reciprocal_g, G, G, 1 / x)
UNARY(sign_g, G, G, isnan(x) ? x : (G)((x > 0) - (x < 0)))
UNARY(conjugate_g, G, G, x)
UNARY(ones_like_g, G, G, ((void)x, 1))
UNARY(spacing_g, G, G, spacingg(x))
UNARY(floor_g, G, G, floorl(x))
UNARY(ceil_g, G, G, ceill(x))
UNARY(trunc_g, G, G, truncl(x))
UNARY(rint_g, G, G, rintl(x))
UNARY(degrees_g, G, G, x * (180 / PI))
UNARY(radians_g, G, G, x * (PI / 180))
UNARY(exp_g, G, G, expl(x))
UNARY(exp2_g, G, G, exp2l(x))
UNARY(expm1_g, G, G, expm1l(x))
UNARY(log_g, G, G, logl(x))
UNARY(log2_g, G, G, log2l(x))
UNARY(log10_g, G, G, log10l(x))
UNARY(log1p_g, G, G, log1pl(x))
UNARY(sqrt_g, G, G, sqrtl(x))
UNARY(cbrt_g, G, G, cbrtl(x))
UNARY(sin_g, G, G, sinl(x))
UNARY(cos_g, G, G, cosl(x))
UNARY(tan_g, G, G, tanl(x))
UNARY(arcsin_g, G, G, asinl(x))
UNARY(arccos_g, G, G, acosl(x))
UNARY(arctan_g, G, G, atanl(x))
UNARY(sinh_g, G, G, sinhl(x))
UNARY(cosh_g, G, G, coshl(x))
UNARY(tanh_g, G, G, tanhl(x))
UNARY(arcsinh_g, G, G, asinhl(x))
UNARY(arccosh_g, G, G, acoshl(x))
UNARY(arctanh_g, G, G, atanhl(x))

LOOP(divmod_g) { CLEAR;
    char *a = args[0], *b = args[1], *o = args[2], *p = args[3];
    for (intptr_t n = *dims; n > 0; n--, a += s[0], b += s[1], o += s[2], p += s[3]) {
        G m, q = divmodg(*(G *)a, *(G *)b, &m);
        *(G *)o = q; *(G *)p = m;
    }
    report(ctx); return 0; }
LOOP(modf_g) { QUIET;
    char *a = args[0], *o = args[1], *p = args[2];
    for (intptr_t n = *dims; n > 0; n--, a += s[0], o += s[1], p += s[2]) {
        G whole, part = modfl(*(G *)a, &whole);
        *(G *)o = part; *(G *)p = whole;
    }
    return 0; }
LOOP(frexp_g) { QUIET;
    char *a = args[0], *o = args[1], *p = args[2];
    for (intptr_t n = *dims; n > 0; n--, a += s[0], o += s[1], p += s[2]) {
        int e = 0; G x = *(G *)a; G m = isfinite(x) ? frexpl(x, &e) : x + x;
        *(G *)o = m; *(int *)p = e;
    }
    return 0; }

/* Complex order: by real part, then imaginary part, never with a NaN. */
#define ORDERED(x, y) (!isnan((x).im) && !isnan((y).im))
static int cgt(C x, C y) { return (isgreater(x.re, y.re) && ORDERED(x, y)) || (x.re == y.re && isgreater(x.im, y.im)); }
static int cge(C x, C y) { return (isgreater(x.re, y.re) && ORDERED(x, y)) || (x.re == y.re && isgreaterequal(x.im, y.im)); }
static int cnan(C x) { return isnan(x.re) || isnan(x.im); }
static int ctrue(C x) { return x.re != 0 || x.im != 0; }
#define CFUN(name, f) UNARY(name, C, C, from_k(f(to_k(x))))
BINARY(subtract_c, C, C, C, csub(x, y))
BINARY(multiply_c, C, C, C, cmul(x, y))
BINARY(divide_c, C, C, C, cdiv(x, y))
BINARY(power_c, C, C, C, cpower(x, y))
PICK2(maximum_c, C, (cge(x, y) || cnan(x) ? x : y))
PICK2(minimum_c, C, (cge(y, x) || cnan(x) ? x : y))
PICK2(fmax_c, C, (cge(x, y) || cnan(y) ? x : y))
PICK2(fmin_c, C, (cge(y, x) || cnan(y) ? x : y))
TEST2(equal_c, C, x.re == y.re && x.im == y.im)
TEST2(not_equal_c, C, x.re != y.re || x.im != y.im)
BINARY(less_c, C, C, B, (B)((x.re < y.re && ORDERED(x, y)) || (x.re == y.re && x.im < y.im)))
BINARY(less_equal_c, C, C, B, (B)((x.re < y.re && ORDERED(x, y)) || (x.re == y.re && x.im <= y.im)))
BINARY(greater_c, C, C, B, (B)((x.re > y.re && ORDERED(x, y)) || (x.re == y.re && x.im > y.im)))
BINARY(greater_equal_c, C, C, B, (B)((x.re > y.re && ORDERED(x, y)) || (x.re == y.re && x.im >= y.im)))
TEST2(logical_and_c, C, ctrue(x) & ctrue(y))
TEST2(logical_or_c, C, ctrue(x) | ctrue(y))
TEST2(logical_xor_c, C, ctrue(x) ^ ctrue(y))
TEST(logical_not_c, C, !ctrue(x))
TEST(isnan_c, C, cnan(x))
TEST(isinf_c, C, isinf(x.re) || isinf(x.im))
TEST(isfinite_c, C, isfinite(x.re) && isfinite(x.im))
UNARY(negative_c, C, C, ((C){-x.re, -x.im}))
UNARY(positive_c, C, C, x)
UNARY(absolute_c, C, G, hypotl(x.re, x.im))
UNARY(square_c, C, C, cmul(x, x))
UNARY(reciprocal_c, C, C, crecip(x))
UNARY(sign_c, C, C, csign(x))
UNARY(conjugate_c, C, C, cconj(x))
UNARY(ones_like_c, C, C, ((void)x, (C){1, 0}))
UNARY(rint_c, C, C, ((C){rintl(x.re), rintl(x.im)}))
CFUN(exp_c, cexpl)
UNARY(exp2_c, C, C, from_k(cexpl(to_k(cscale(x, LN2)))))
UNARY(expm1_c, C, C, cexpm1g(x))
CFUN(log_c, clogl)
UNARY(log2_c, C, C, cscale(clogg(x), LOG2E))
UNARY(log10_c, C, C, cscale(clogg(x), LOG10E))
UNARY(log1p_c, C, C, clog1pg(x))
CFUN(sqrt_c, csqrtl)
CFUN(sin_c, csinl)
CFUN(cos_c, ccosl)
CFUN(tan_c, ctanl)
CFUN(arcsin_c, casinl)
CFUN(arccos_c, cacosl)
CFUN(arctan_c, catanl)
CFUN(sinh_c, csinhl)
CFUN(cosh_c, ccoshl)
CFUN(tanh_c, ctanhl)
CFUN(arcsinh_c, casinhl)
CFUN(arccosh_c, cacoshl)
CFUN(arctanh_c, catanhl)

#define CLIP(name, T, MAX, MIN) LOOP(name) { QUIET; \
    char *a = args[0], *b = args[1], *c = args[2], *o = args[3]; \
    for (intptr_t n = *dims; n > 0; n--, a += s[0], b += s[1], c += s[2], o += s[3]) { \
        T x = *(T *)a, low = *(T *)b, high = *(T *)c; \
        x = MAX; *(T *)o = MIN; \
    } \
    return 0; }
CLIP(clip_g, G, (x < low || isnan(low) ? low : x), (x > high || isnan(high) ? high : x))
CLIP(clip_c, C, (cgt(x, low) || cnan(x) ? x : low), (cgt(high, x) || cnan(x) ? x : high))

/* Reductions in the form of reduce/mod.rs: outer length, core length. */
#define ARG(name, T, NANS, BEATS) LOOP(name) { QUIET; \
    char *a = args[0], *o = args[1]; \
    for (intptr_t n = dims[0]; n > 0; n--, a += s[0], o += s[1]) { \
        T best = *(T *)a; intptr_t at = 0; \
        for (intptr_t i = 1; i < dims[1] && !NANS(best); i++) { \
            T x = *(T *)(a + i * s[2]); \
            if (NANS(x) || BEATS(x, best)) { best = x; at = i; } \
        } \
        *(int64_t *)o = at; \
    } \
    return 0; }
#define ABOVE(x, y) ((x) > (y))
#define BELOW(x, y) ((x) < (y))
#define CBELOW(x, y) cgt(y, x)
ARG(argmax_g, G, isnan, ABOVE)
ARG(argmin_g, G, isnan, BELOW)
ARG(argmax_c, C, cnan, cgt)
ARG(argmin_c, C, cnan, CBELOW)
#define COUNT(name, T, TRUE) LOOP(name) { QUIET; \
    char *a = args[0], *o = args[1]; \
    for (intptr_t n = dims[0]; n > 0; n--, a += s[0], o += s[1]) { \
        int64_t found = 0; \
        for (intptr_t i = 0; i < dims[1]; i++) { T x = *(T *)(a + i * s[2]); found += TRUE; } \
        *(int64_t *)o = found; \
    } \
    return 0; }
COUNT(count_nonzero_g, G, x != 0)
COUNT(count_nonzero_c, C, ctrue(x))
#define DOT(name, T, ZERO, VALUE) LOOP(name) { CLEAR; \
    char *a = args[0], *b = args[1], *o = args[2]; \
    for (intptr_t n = dims[0]; n > 0; n--, a += s[0], b += s[1], o += s[2]) { \
        T sum = ZERO; \
        for (intptr_t i = 0; i < dims[1]; i++) { \
            T x = *(T *)(a + i * s[3]), y = *(T *)(b + i * s[4]); sum = VALUE; \
        } \
        *(T *)o = sum; \
    } \
    report(ctx); return 0; }
DOT(dot_g, G, 0, sum + x * y)
DOT(dot_c, C, ((C){0, 0}), cadd(sum, cmul(x, y)))
DOT(vecdot_c, C, ((C){0, 0}), cadd(sum, cmul(cconj(x), y)))

/* Discrete Fourier transform of n points at x, `step` apart, by decimation in time over the
 * smallest factor of each length (Cooley and Tukey, 1965); w holds the whole roots of unity,
 * `turn` of them to a root of this length. `t` is room for n points. */
static void dft(intptr_t n, const C *x, intptr_t step, C *out, C *t, const C *w, intptr_t turn)
{
    intptr_t p = 2, total = n * turn;
    if (n == 1) { *out = *x; return; }
    while (p * p <= n && n % p) p++;
    if (n % p) p = n;
    intptr_t m = n / p;
    for (intptr_t k = 0; k < p; k++)
        dft(m, x + k * step, step * p, t + k * m, out + k * m, w, turn * p);
    for (intptr_t i = 0; i < n; i++) {
        C sum = t[i % m];
        for (intptr_t k = 1; k < p; k++) {
            C v = t[k * m + i % m], r = w[k * i % n * turn % total];
            sum.re += v.re * r.re - v.im * r.im;
            sum.im += v.re * r.im + v.im * r.re;
        }
        out[i] = sum;
    }
}

/* In place; room for 2 n points at `work`, which holds n roots and n intermediate points. */
void nx_dft_g(intptr_t n, C *x, C *out, C *work, int inverse)
{
    C *w = work, *t = work + n;
    for (intptr_t k = 0; k < n; k++) {
        /* Octants keep the angle small and the roots symmetric. */
        intptr_t e = 8 * k, q = (e + n) / (2 * n);
        G a = 2 * acosl(-1.0L) * (G)(4 * k - q * n) / (4 * (G)n), c = cosl(a), s = sinl(a);
        switch (q & 3) {
        case 0: w[k] = (C){c, s}; break;
        case 1: w[k] = (C){-s, c}; break;
        case 2: w[k] = (C){-c, -s}; break;
        default: w[k] = (C){s, -c};
        }
        if (!inverse) w[k].im = -w[k].im;
    }
    dft(n, x, 1, out, t, w, 1);
}

void nx_scale_g(intptr_t n, G *x, const G *by)
{
    for (intptr_t i = 0; i < n; i++) x[i] *= *by;
}
