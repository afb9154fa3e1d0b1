//! Compiles the long double loops.

fn main() {
    println!("cargo:rerun-if-changed=src/longdouble.c");
    cc::Build::new()
        .file("src/longdouble.c")
        .flag("-ffp-contract=off")
        .opt_level(2)
        .compile("numoxide_longdouble");
}
