//! The literal tables behind promotion and casting safety, indexed by type number 0 to 23.

/// Code of the common DType class of row and column; `-` where there is none.
pub(super) static PROMOTE: [&[u8; 24]; 24] = [
    b"?bBhHiIlLqQfdgFDGOSU--me", // bool
    b"bbhhiilldqdfdgFDGOSU--me", // int8
    b"BhBhHiIlLqQfdgFDGOSU--me", // uint8
    b"hhhhiilldqdfdgFDGOSU--mf", // int16
    b"HiHiHiIlLqQfdgFDGOSU--mf", // uint16
    b"iiiiiilldqdddgDDGOSU--md", // int32
    b"IlIlIlIlLqQddgDDGOSU--md", // uint32
    b"lllllllldqdddgDDGOSU--md", // long
    b"LdLdLdLdLdQddgDDGOSU---d", // ulong
    b"qqqqqqqqdqdddgDDGOSU--md", // longlong
    b"QdQdQdQdQdQddgDDGOSU---d", // ulonglong
    b"fffffddddddfdgFDGOSU---f", // float32
    b"dddddddddddddgDDGOSU---d", // float64
    b"ggggggggggggggGGGOSU---g", // longdouble
    b"FFFFFDDDDDDFDGFDGOSU---F", // complex64
    b"DDDDDDDDDDDDDGDDGOSU---D", // complex128
    b"GGGGGGGGGGGGGGGGGOSU---G", // clongdouble
    b"OOOOOOOOOOOOOOOOOOOOOOOO", // object
    b"SSSSSSSSSSSSSSSSSOSU---S", // bytes
    b"UUUUUUUUUUUUUUUUUOUU---U", // str
    b"-----------------O--V---", // void
    b"-----------------O---MM-", // datetime64
    b"mmmmmmmm-m-------O---Mm-", // timedelta64
    b"eeeffddddddfdgFDGOSU---e", // float16
];

/// Safety of a cast from row to column, sizes and units aside: `=` no change, `s` safe, `k` same
/// kind, `u` unsafe.
pub(super) static CAST: [&[u8; 24]; 24] = [
    b"=ssssssssssssssssssssuss", // bool
    b"u=ususususussssssssssuss", // int8
    b"uk=ssssssssssssssssssuss", // uint8
    b"uku=usususussssssssssusk", // int16
    b"ukkk=ssssssssssssssssusk", // uint16
    b"ukuku=ususuksskssssssusk", // int32
    b"ukkkkk=ssssksskssssssusk", // uint32
    b"ukukuku=u=uksskssssssusk", // long
    b"ukkkkkkk=k=ksskssssssukk", // ulong
    b"ukukuku=u=uksskssssssusk", // longlong
    b"ukkkkkkk=k=ksskssssssukk", // ulonglong
    b"uuuuuuuuuuu=sssssssssuuk", // float32
    b"uuuuuuuuuuuk=skssssssuuk", // float64
    b"uuuuuuuuuuukk=kksssssuuk", // longdouble
    b"uuuuuuuuuuuuuu=ssssssuuu", // complex64
    b"uuuuuuuuuuuuuuk=sssssuuu", // complex128
    b"uuuuuuuuuuuuuukk=ssssuuu", // clongdouble
    b"uuuuuuuuuuuuuuuuu=uuuuuu", // object
    b"uuuuuuuuuuuuuuuuus=ssuuu", // bytes
    b"uuuuuuuuuuuuuuuuusu=suuu", // str
    b"uuuuuuuuuuuuuuuuusuu=uuu", // void
    b"uuuuuuuuuuuuuuuuusuus=uu", // datetime64
    b"uuuuuuuuuuuuuuuuusuusu=u", // timedelta64
    b"uuuuuuuuuuussssssssssuu=", // float16
];

/// Characters that the text of any value takes, for bool and the numbers; 0 elsewhere.
pub(super) static TEXT_CHARS: [usize; 24] = [
    5, 4, 3, 6, 5, 11, 10, 21, 20, 21, 20, 32, 32, 48, 64, 64, 96, 0, 0, 0, 0, 0, 0, 32,
];
