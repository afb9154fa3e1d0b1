/* Reads arrays, dtypes, scalars, ufuncs and iterators as compiled extensions do: through the fields and
   macros of NumPy's public headers. What it gives must be the same on NumPy and on numoxide. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>
#include <numpy/npy_2_compat.h>
#include <numpy/ufuncobject.h>

static PyObject *list_of(const npy_intp *values, int n)
{
    PyObject *made = PyTuple_New(n);
    for (int i = 0; made != NULL && i < n; i++) {
        PyTuple_SET_ITEM(made, i, PyLong_FromSsize_t(values[i]));
    }
    return made;
}

static PyObject *or_none(PyObject *ob)
{
    return Py_NewRef(ob != NULL ? ob : Py_None);
}

/* Name, basic size, declared size; equal for fixed layouts, at least as large for the others. */
#define SIZE(type, object) \
    if (PyObject_CallMethod(out, "append", "((snnii))", #type, (type).tp_basicsize, (Py_ssize_t)sizeof(object), \
                            !!((type).tp_flags & Py_TPFLAGS_BASETYPE), !!((type).tp_flags & Py_TPFLAGS_HAVE_GC)) == NULL) { \
        return NULL; \
    }
#define SCALAR(name) SIZE(Py##name##ArrType_Type, Py##name##ScalarObject)

static PyObject *sizes(PyObject *self, PyObject *args)
{
    PyObject *out = PyList_New(0);
    SIZE(PyArray_Type, PyArrayObject_fields)
    SIZE(PyArrayDescr_Type, PyArray_Descr)
    SIZE(PyArrayIter_Type, PyArrayIterObject)
    SIZE(PyUFunc_Type, PyUFuncObject)
    SCALAR(Bool) SCALAR(Byte) SCALAR(Short) SCALAR(Int) SCALAR(Long) SCALAR(LongLong)
    SCALAR(UByte) SCALAR(UShort) SCALAR(UInt) SCALAR(ULong) SCALAR(ULongLong)
    SCALAR(Half) SCALAR(Float) SCALAR(Double) SCALAR(LongDouble)
    SCALAR(CFloat) SCALAR(CDouble) SCALAR(CLongDouble)
    SCALAR(Object) SCALAR(Datetime) SCALAR(Timedelta) SCALAR(Void) SCALAR(Unicode)
    SIZE(PyGenericArrType_Type, PyObject)
    SIZE(PyNumberArrType_Type, PyObject)
    SIZE(PyFlexibleArrType_Type, PyObject)
    return out;
}

static PyObject *versions(PyObject *self, PyObject *args)
{
    return Py_BuildValue("IIi", PyArray_GetNDArrayCVersion(), PyArray_GetNDArrayCFeatureVersion(),
                         PyArray_GetEndianness());
}

static PyObject *array(PyObject *self, PyObject *ob)
{
    PyArrayObject *a = (PyArrayObject *)ob;
    npy_intp n = PyArray_SIZE(a);
    return Py_BuildValue(
        "(iNNnnciiNNin)", PyArray_NDIM(a), list_of(PyArray_DIMS(a), PyArray_NDIM(a)),
        list_of(PyArray_STRIDES(a), PyArray_NDIM(a)), n, PyArray_ITEMSIZE(a), PyArray_DESCR(a)->kind,
        PyArray_TYPE(a), PyArray_FLAGS(a), Py_NewRef((PyObject *)PyArray_DESCR(a)),
        or_none(PyArray_BASE(a)), PyArray_CHKFLAGS(a, NPY_ARRAY_BEHAVED), PyArray_NBYTES(a));
}

static PyObject *address(PyObject *self, PyObject *ob)
{
    return PyLong_FromVoidPtr(PyArray_DATA((PyArrayObject *)ob));
}

static PyObject *descr(PyObject *self, PyObject *ob)
{
    PyArray_Descr *d = (PyArray_Descr *)ob;
    PyObject *shape = Py_None, *base = Py_None, *unit = Py_NewRef(Py_None);
    if (PyDataType_SUBARRAY(d) != NULL) {
        shape = PyDataType_SUBARRAY(d)->shape;
        base = (PyObject *)PyDataType_SUBARRAY(d)->base;
    }
    if (PyDataType_ISDATETIME(d)) {
        PyArray_DatetimeMetaData *meta = &((PyArray_DatetimeDTypeMetaData *)PyDataType_C_METADATA(d))->meta;
        Py_SETREF(unit, Py_BuildValue("(ii)", (int)meta->base, meta->num));
    }
    return Py_BuildValue(
        "(ccciKnnNNOON)", d->kind, d->type, d->byteorder, d->type_num,
        (unsigned long long)PyDataType_FLAGS(d), PyDataType_ELSIZE(d), PyDataType_ALIGNMENT(d),
        or_none(PyDataType_NAMES(d)), or_none(PyDataType_FIELDS(d)), shape, base, unit);
}

static PyObject *class_of(PyObject *self, PyObject *ob)
{
    PyArray_DTypeMeta *c = NPY_DTYPE((PyArray_Descr *)ob);
    PyTypeObject *t = (PyTypeObject *)c;
    return Py_BuildValue("(siOO)", t->tp_name, c->type_num, (PyObject *)c->scalar_type,
                         Py_TYPE(c) == &PyArrayDTypeMeta_Type ? Py_True : Py_False);
}

static PyObject *scalar(PyObject *self, PyObject *ob)
{
    if (PyArray_IsScalar(ob, Bool)) return PyLong_FromLong(PyArrayScalar_VAL(ob, Bool));
    if (PyArray_IsScalar(ob, Byte)) return PyLong_FromLong(PyArrayScalar_VAL(ob, Byte));
    if (PyArray_IsScalar(ob, Short)) return PyLong_FromLong(PyArrayScalar_VAL(ob, Short));
    if (PyArray_IsScalar(ob, Int)) return PyLong_FromLong(PyArrayScalar_VAL(ob, Int));
    if (PyArray_IsScalar(ob, Long)) return PyLong_FromLong(PyArrayScalar_VAL(ob, Long));
    if (PyArray_IsScalar(ob, LongLong)) return PyLong_FromLongLong(PyArrayScalar_VAL(ob, LongLong));
    if (PyArray_IsScalar(ob, ULong)) return PyLong_FromUnsignedLong(PyArrayScalar_VAL(ob, ULong));
    if (PyArray_IsScalar(ob, UByte)) return PyLong_FromLong(PyArrayScalar_VAL(ob, UByte));
    if (PyArray_IsScalar(ob, Half)) return PyLong_FromLong(PyArrayScalar_VAL(ob, Half));
    if (PyArray_IsScalar(ob, Float)) return PyFloat_FromDouble(PyArrayScalar_VAL(ob, Float));
    if (PyArray_IsScalar(ob, Double)) return PyFloat_FromDouble(PyArrayScalar_VAL(ob, Double));
    if (PyArray_IsScalar(ob, LongDouble)) return PyFloat_FromDouble((double)PyArrayScalar_VAL(ob, LongDouble));
    if (PyArray_IsScalar(ob, CFloat)) {
        npy_cfloat v = PyArrayScalar_VAL(ob, CFloat);
        return PyComplex_FromDoubles(((float *)&v)[0], ((float *)&v)[1]);
    }
    if (PyArray_IsScalar(ob, CDouble)) {
        npy_cdouble v = PyArrayScalar_VAL(ob, CDouble);
        return PyComplex_FromDoubles(((double *)&v)[0], ((double *)&v)[1]);
    }
    if (PyArray_IsScalar(ob, Datetime)) {
        PyDatetimeScalarObject *s = (PyDatetimeScalarObject *)ob;
        return Py_BuildValue("(Lii)", (long long)s->obval, (int)s->obmeta.base, s->obmeta.num);
    }
    if (PyArray_IsScalar(ob, Timedelta)) {
        PyTimedeltaScalarObject *s = (PyTimedeltaScalarObject *)ob;
        return Py_BuildValue("(Lii)", (long long)s->obval, (int)s->obmeta.base, s->obmeta.num);
    }
    if (PyArray_IsScalar(ob, Void)) {
        PyVoidScalarObject *s = (PyVoidScalarObject *)ob;
        return Py_BuildValue("(y#Oi)", (char *)s->obval, (Py_ssize_t)PyDataType_ELSIZE((PyArray_Descr *)s->descr),
                             (PyObject *)s->descr, s->flags);
    }
    if (PyArray_IsScalar(ob, String)) return PyBytes_FromString(PyBytes_AS_STRING(ob));
    if (PyArray_IsScalar(ob, Unicode)) return PyUnicode_FromObject(ob);
    PyErr_SetString(PyExc_TypeError, "not a scalar that is looked at");
    return NULL;
}

static PyObject *bools(PyObject *self, PyObject *args)
{
    return Py_BuildValue("(OO)", PyArrayScalar_False, PyArrayScalar_True);
}

static PyObject *ufunc(PyObject *self, PyObject *ob)
{
    PyUFuncObject *u = (PyUFuncObject *)ob;
    PyObject *types = PyList_New(0), *core = Py_NewRef(Py_None);
    for (int i = 0; i < u->ntypes; i++) {
        char text[NPY_MAXARGS + 3];
        int n = 0;
        for (int k = 0; k < u->nargs; k++) {
            if (k == u->nin) {
                text[n++] = '-';
                text[n++] = '>';
            }
            PyArray_Descr *d = PyArray_DescrFromType((unsigned char)u->types[i * u->nargs + k]);
            text[n++] = d->type;
            Py_DECREF(d);
        }
        text[n] = 0;
        if (u->functions[i] == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "a loop is missing");
            return NULL;
        }
        PyObject *made = PyUnicode_FromString(text);
        PyList_Append(types, made);
        Py_DECREF(made);
    }
    if (u->core_enabled) {
        Py_SETREF(core, Py_BuildValue("(is)", u->core_num_dim_ix, u->core_signature));
    }
    return Py_BuildValue("(iiiisNNi)", u->nin, u->nout, u->nargs, u->ntypes, u->name, types, core,
                         u->op_flags != NULL);
}

/* Calls one of a ufunc's own loops over two arrays of doubles. */
static PyObject *run_loop(PyObject *self, PyObject *args)
{
    PyUFuncObject *u;
    PyArrayObject *a, *b, *out;
    if (!PyArg_ParseTuple(args, "OOOO", &u, &a, &b, &out)) return NULL;
    for (int i = 0; i < u->ntypes; i++) {
        const char *t = u->types + i * u->nargs;
        if (t[0] == NPY_DOUBLE && t[1] == NPY_DOUBLE && t[2] == NPY_DOUBLE) {
            char *data[3] = {PyArray_BYTES(a), PyArray_BYTES(b), PyArray_BYTES(out)};
            npy_intp n = PyArray_DIM(a, 0);
            npy_intp strides[3] = {PyArray_STRIDE(a, 0), PyArray_STRIDE(b, 0), PyArray_STRIDE(out, 0)};
            u->functions[i](data, &n, strides, u->data == NULL ? NULL : (void *)u->data[i]);
            Py_RETURN_NONE;
        }
    }
    PyErr_SetString(PyExc_TypeError, "no loop for doubles");
    return NULL;
}

/* Items of an array of doubles in the order of the iterator, by its macros. */
static PyObject *iterate(PyObject *self, PyObject *ob)
{
    PyArrayIterObject *it = (PyArrayIterObject *)PyArray_IterNew(ob);
    if (it == NULL) return NULL;
    PyObject *out = PyList_New(0);
    while (PyArray_ITER_NOTDONE(it)) {
        PyList_Append(out, PyFloat_FromDouble(*(double *)PyArray_ITER_DATA(it)));
        PyArray_ITER_NEXT(it);
    }
    npy_intp last = it->size - 1;
    if (last >= 0) {
        PyArray_ITER_GOTO1D(it, last);
        PyList_Append(out, PyFloat_FromDouble(*(double *)PyArray_ITER_DATA(it)));
        PyArray_ITER_RESET(it);
        PyList_Append(out, PyFloat_FromDouble(*(double *)PyArray_ITER_DATA(it)));
    }
    Py_DECREF(it);
    return out;
}

static PyObject *all_but_axis(PyObject *self, PyObject *args)
{
    PyObject *ob;
    int axis;
    if (!PyArg_ParseTuple(args, "Oi", &ob, &axis)) return NULL;
    PyArrayIterObject *it = (PyArrayIterObject *)PyArray_IterAllButAxis(ob, &axis);
    if (it == NULL) return NULL;
    PyObject *out = PyList_New(0);
    while (PyArray_ITER_NOTDONE(it)) {
        PyList_Append(out, PyFloat_FromDouble(*(double *)PyArray_ITER_DATA(it)));
        PyArray_ITER_NEXT(it);
    }
    PyObject *made = Py_BuildValue("(iniN)", axis, it->size, it->nd_m1, out);
    Py_DECREF(it);
    return made;
}

static PyObject *broadcast(PyObject *self, PyObject *args)
{
    PyObject *a, *b;
    if (!PyArg_ParseTuple(args, "OO", &a, &b)) return NULL;
    PyArrayMultiIterObject *m = (PyArrayMultiIterObject *)PyArray_MultiIterNew(2, a, b);
    if (m == NULL) return NULL;
    PyObject *out = PyList_New(0);
    while (PyArray_MultiIter_NOTDONE(m)) {
        double x = *(double *)PyArray_MultiIter_DATA(m, 0), y = *(double *)PyArray_MultiIter_DATA(m, 1);
        PyList_Append(out, PyFloat_FromDouble(x * 100 + y));
        PyArray_MultiIter_NEXT(m);
    }
    PyObject *made = Py_BuildValue("(inNN)", m->numiter, m->size, list_of(m->dimensions, m->nd), out);
    Py_DECREF(m);
    return made;
}

static PyObject *neighbours(PyObject *self, PyObject *args)
{
    PyObject *ob;
    int mode;
    if (!PyArg_ParseTuple(args, "Oi", &ob, &mode)) return NULL;
    PyArrayIterObject *it = (PyArrayIterObject *)PyArray_IterNew(ob);
    if (it == NULL) return NULL;
    npy_intp bounds[] = {-1, 1, -1, 1};
    PyArrayObject *fill = (PyArrayObject *)PyArray_Zeros(0, NULL, PyArray_DescrFromType(NPY_DOUBLE), 0);
    PyArrayNeighborhoodIterObject *near =
        (PyArrayNeighborhoodIterObject *)PyArray_NeighborhoodIterNew(it, bounds, mode, fill);
    Py_DECREF(fill);
    if (near == NULL) {
        Py_DECREF(it);
        return NULL;
    }
    PyObject *out = PyList_New(0);
    for (npy_intp i = 0; i < it->size; i++) {
        PyArrayNeighborhoodIter_Reset(near);
        for (npy_intp k = 0; k < near->size; k++) {
            PyList_Append(out, PyFloat_FromDouble(*(double *)near->dataptr));
            PyArrayNeighborhoodIter_Next(near);
        }
        PyArray_ITER_NEXT(it);
    }
    Py_DECREF(near);
    Py_DECREF(it);
    return out;
}

/* An item taken out and put back by the functions of the dtype. */
static PyObject *get_and_set(PyObject *self, PyObject *ob)
{
    PyArrayObject *a = (PyArrayObject *)ob;
    PyObject *first = PyArray_GETITEM(a, PyArray_BYTES(a));
    if (first == NULL) return NULL;
    if (PyArray_SETITEM(a, PyArray_BYTES(a) + PyArray_STRIDE(a, 0), first) < 0) return NULL;
    return first;
}

/* Memory of the caller, handed over by flag: libc frees it. */
static PyObject *wrap(PyObject *self, PyObject *args)
{
    npy_intp n = 3;
    double *data = malloc(n * sizeof(double));
    for (npy_intp i = 0; i < n; i++) data[i] = i + 0.5;
    PyObject *made = PyArray_SimpleNewFromData(1, &n, NPY_DOUBLE, data);
    if (made != NULL) PyArray_ENABLEFLAGS((PyArrayObject *)made, NPY_ARRAY_OWNDATA);
    return made;
}

/* What requirement flags do to an array. */
static PyObject *from_any(PyObject *self, PyObject *args)
{
    PyObject *ob;
    int num, min, max, flags;
    if (!PyArg_ParseTuple(args, "Oiiii", &ob, &num, &min, &max, &flags)) return NULL;
    PyArray_Descr *d = num < 0 ? NULL : PyArray_DescrFromType(num);
    if (num >= 0 && d == NULL) return NULL;
    return PyArray_CheckFromAny(ob, d, min, max, flags, NULL);
}

/* A memory handler that counts blocks. */
static long blocks;

static void *count_malloc(void *ctx, size_t n) { ++*(long *)ctx; return malloc(n); }
static void *count_calloc(void *ctx, size_t n, size_t size) { ++*(long *)ctx; return calloc(n, size); }
static void *count_realloc(void *ctx, void *p, size_t n) { return realloc(p, n); }
static void count_free(void *ctx, void *p, size_t n) { --*(long *)ctx; free(p); }

static PyDataMem_Handler HANDLER = {
    "counting", 1, {&blocks, count_malloc, count_calloc, count_realloc, count_free},
};

/* Calls a function while the counting handler is in force; what it gives, and the blocks in use then. */
static PyObject *counted(PyObject *self, PyObject *function)
{
    PyObject *capsule = PyCapsule_New(&HANDLER, "mem_handler", NULL);
    PyObject *before = PyDataMem_SetHandler(capsule);
    Py_DECREF(capsule);
    if (before == NULL) return NULL;
    PyObject *made = PyObject_CallNoArgs(function);
    long used = blocks;
    PyObject *current = PyDataMem_GetHandler();
    int same = current == capsule;
    Py_XDECREF(current);
    Py_XDECREF(PyDataMem_SetHandler(before));
    Py_DECREF(before);
    return made == NULL ? NULL : Py_BuildValue("(Nli)", made, used, same);
}

static PyObject *in_use(PyObject *self, PyObject *args)
{
    return PyLong_FromLong(blocks);
}

/* Sums of an array of doubles in the chunks of a buffered iterator, and how many there were. */
static PyObject *chunks(PyObject *self, PyObject *args)
{
    PyArrayObject *a;
    npy_intp size;
    if (!PyArg_ParseTuple(args, "On", &a, &size)) return NULL;
    PyArray_Descr *d = PyArray_DescrFromType(NPY_DOUBLE);
    npy_uint32 reads = NPY_ITER_READONLY | NPY_ITER_ALIGNED;
    NpyIter *it = NpyIter_AdvancedNew(
        1, &a, NPY_ITER_EXTERNAL_LOOP | NPY_ITER_BUFFERED | NPY_ITER_GROWINNER | NPY_ITER_ZEROSIZE_OK | NPY_ITER_RANGED,
        NPY_KEEPORDER, NPY_UNSAFE_CASTING, &reads, &d, -1, NULL, NULL, size);
    Py_DECREF(d);
    if (it == NULL) return NULL;
    double sum = 0;
    int runs = 0;
    npy_intp n = NpyIter_GetIterSize(it);
    NpyIter_IterNextFunc *next = NpyIter_GetIterNext(it, NULL);
    char **data = NpyIter_GetDataPtrArray(it);
    npy_intp *stride = NpyIter_GetInnerStrideArray(it), *len = NpyIter_GetInnerLoopSizePtr(it);
    for (int part = 0; n > 0 && part < 2; part++) {
        /* Both halves, the lock released as worker threads have it. */
        char *error = NULL;
        Py_BEGIN_ALLOW_THREADS
        if (NpyIter_ResetToIterIndexRange(it, part ? n / 2 : 0, part ? n : n / 2, &error) == NPY_SUCCEED && n > part) {
            do {
                for (npy_intp i = 0; i < *len; i++) sum += *(double *)(data[0] + i * *stride);
                runs++;
            } while (next(it));
        }
        Py_END_ALLOW_THREADS
    }
    if (NpyIter_Deallocate(it) != NPY_SUCCEED) return NULL;
    return Py_BuildValue("(dni)", sum, n, runs > 0);
}

/* Places of an iterator that tracks a multi-index. */
static PyObject *places(PyObject *self, PyObject *ob)
{
    NpyIter *it = NpyIter_New((PyArrayObject *)ob, NPY_ITER_READONLY | NPY_ITER_MULTI_INDEX | NPY_ITER_C_INDEX,
                              NPY_KEEPORDER, NPY_NO_CASTING, NULL);
    if (it == NULL) return NULL;
    npy_intp index[NPY_MAXDIMS], shape[NPY_MAXDIMS];
    NpyIter_GetMultiIndexFunc *get = NpyIter_GetGetMultiIndex(it, NULL);
    NpyIter_IterNextFunc *next = NpyIter_GetIterNext(it, NULL);
    PyObject *out = PyList_New(0);
    NpyIter_GetShape(it, shape);
    PyList_Append(out, list_of(shape, NpyIter_GetNDim(it)));
    do {
        get(it, index);
        PyObject *here = Py_BuildValue("(Nnd)", list_of(index, NpyIter_GetNDim(it)), *NpyIter_GetIndexPtr(it),
                                       *(double *)NpyIter_GetDataPtrArray(it)[0]);
        PyList_Append(out, here);
        Py_DECREF(here);
    } while (next(it));
    NpyIter_Deallocate(it);
    return out;
}

static PyMethodDef METHODS[] = {
    {"sizes", sizes, METH_NOARGS, ""},          {"versions", versions, METH_NOARGS, ""},
    {"array", array, METH_O, ""},               {"address", address, METH_O, ""},
    {"descr", descr, METH_O, ""},               {"class_of", class_of, METH_O, ""},
    {"scalar", scalar, METH_O, ""},             {"bools", bools, METH_NOARGS, ""},
    {"ufunc", ufunc, METH_O, ""},               {"run_loop", run_loop, METH_VARARGS, ""},
    {"iterate", iterate, METH_O, ""},           {"all_but_axis", all_but_axis, METH_VARARGS, ""},
    {"broadcast", broadcast, METH_VARARGS, ""}, {"neighbours", neighbours, METH_VARARGS, ""},
    {"get_and_set", get_and_set, METH_O, ""},   {"wrap", wrap, METH_NOARGS, ""},
    {"from_any", from_any, METH_VARARGS, ""},   {"counted", counted, METH_O, ""},
    {"in_use", in_use, METH_NOARGS, ""},        {"chunks", chunks, METH_VARARGS, ""},
    {"places", places, METH_O, ""},             {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "probe", NULL, -1, METHODS};

PyMODINIT_FUNC PyInit_probe(void)
{
    import_array();
    import_umath();
    return PyModule_Create(&MODULE);
}
