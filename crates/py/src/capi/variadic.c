/* What Rust cannot write: functions of any number of arguments, and long doubles passed by value. */
#include <stddef.h>
#include <stdarg.h>

typedef struct PyObject PyObject;

enum { MOST = 64 };

extern PyObject *numoxide_multi_iter(PyObject *const *objects, int n);

PyObject *numoxide_multi_iter_new(int n, ...)
{
    PyObject *objects[MOST];
    va_list rest;
    va_start(rest, n);
    for (int i = 0; i < n && i < MOST; i++) {
        objects[i] = va_arg(rest, PyObject *);
    }
    va_end(rest);
    return numoxide_multi_iter(objects, n);
}

PyObject *numoxide_multi_iter_from(PyObject **arrays, int n, int more, ...)
{
    PyObject *objects[MOST];
    va_list rest;
    if (n < 0 || more < 0 || n > MOST || more > MOST - n) {
        return numoxide_multi_iter(objects, MOST + 1);
    }
    for (int i = 0; i < n; i++) {
        objects[i] = arrays[i];
    }
    va_start(rest, more);
    for (int i = 0; i < more; i++) {
        objects[n + i] = va_arg(rest, PyObject *);
    }
    va_end(rest);
    return numoxide_multi_iter(objects, n + more);
}

/* Loops over functions of long doubles, which only C passes by value. */
void numoxide_loop_g_g(char **args, const ptrdiff_t *dims, const ptrdiff_t *strides, void *data)
{
    long double (*f)(long double) = (long double (*)(long double))data;
    for (ptrdiff_t i = 0; i < dims[0]; i++) {
        *(long double *)(args[1] + i * strides[1]) = f(*(long double *)(args[0] + i * strides[0]));
    }
}

void numoxide_loop_gg_g(char **args, const ptrdiff_t *dims, const ptrdiff_t *strides, void *data)
{
    long double (*f)(long double, long double) = (long double (*)(long double, long double))data;
    for (ptrdiff_t i = 0; i < dims[0]; i++) {
        *(long double *)(args[2] + i * strides[2]) =
            f(*(long double *)(args[0] + i * strides[0]), *(long double *)(args[1] + i * strides[1]));
    }
}
