//! Compiles the variadic functions of the C interface.

fn main() {
    println!("cargo:rerun-if-changed=src/capi/variadic.c");
    cc::Build::new()
        .file("src/capi/variadic.c")
        .opt_level(2)
        .compile("numoxide_variadic");
}
