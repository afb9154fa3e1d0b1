//! Random numbers: seeding, bit generators and distributions.
//!
//! Every stream equals NumPy's bit for bit from the same seed. Distributions are generic over
//! [`BitGen`]; those that are filled in bulk are also methods of the trait, so that a call
//! through `dyn BitGen` pays for dispatch once per fill and not once per element.

pub mod binomial;
pub mod bitgen;
pub mod bounded;
pub mod continuous;
mod dd;
pub mod discrete;
pub mod hypergeometric;
pub mod legacy;
pub mod mt19937;
pub mod pcg64;
pub mod philox;
pub mod raw;
pub mod seed_sequence;
pub mod sfc64;
pub mod shuffle;
pub mod source;
pub mod table;
pub mod ziggurat;

pub use bitgen::{BitGen, Half};
pub use mt19937::Mt19937;
pub use pcg64::{Pcg64, Pcg64Dxsm};
pub use philox::Philox;
pub use seed_sequence::{int_words, SeedSequence, DEFAULT_POOL_SIZE};
pub use sfc64::Sfc64;

#[cfg(test)]
mod tests;
