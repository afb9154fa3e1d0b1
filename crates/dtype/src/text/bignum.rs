//! Natural numbers of any size, with just the operations that exact float text needs.

use std::cmp::Ordering;

/// A natural number in 64-bit limbs, least significant first, without leading zero limbs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Natural {
    limbs: Vec<u64>,
}

impl Natural {
    /// The number `value`.
    pub fn new(value: u64) -> Self {
        let mut out = Natural { limbs: vec![value] };
        out.trim();
        out
    }

    /// The number `10^power`.
    pub fn power_of_ten(power: u32) -> Self {
        let mut out = Natural::new(1);
        out.scale_by_ten(power);
        out
    }

    /// Whether the number is zero.
    pub fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    /// How many bits the number has.
    pub fn bits(&self) -> u64 {
        match self.limbs.last() {
            None => 0,
            Some(top) => 64 * self.limbs.len() as u64 - u64::from(top.leading_zeros()),
        }
    }

    /// Multiplies by `10^power`.
    pub fn scale_by_ten(&mut self, mut power: u32) {
        const CHUNK: u32 = 19;
        while power >= CHUNK {
            self.mul_add(10u64.pow(CHUNK), 0);
            power -= CHUNK;
        }
        self.mul_add(10u64.pow(power), 0);
    }

    /// Multiplies by `factor` and adds `addend`.
    pub fn mul_add(&mut self, factor: u64, addend: u64) {
        let mut carry = u128::from(addend);
        for limb in &mut self.limbs {
            carry += u128::from(*limb) * u128::from(factor);
            *limb = carry as u64;
            carry >>= 64;
        }
        if carry != 0 {
            self.limbs.push(carry as u64);
        }
        self.trim();
    }

    /// Multiplies by `2^count`.
    pub fn shift_left(&mut self, count: u32) {
        if self.is_zero() {
            return;
        }
        let bits = count % 64;
        if bits != 0 {
            let mut carry = 0;
            for limb in &mut self.limbs {
                let next = *limb >> (64 - bits);
                *limb = *limb << bits | carry;
                carry = next;
            }
            if carry != 0 {
                self.limbs.push(carry);
            }
        }
        self.limbs
            .splice(0..0, std::iter::repeat_n(0, count as usize / 64));
    }

    /// Becomes a copy of `other` in the memory it has.
    pub fn assign(&mut self, other: &Natural) {
        self.limbs.clone_from(&other.limbs);
    }

    /// Adds `other`.
    pub fn add(&mut self, other: &Natural) {
        if self.limbs.len() < other.limbs.len() {
            self.limbs.resize(other.limbs.len(), 0);
        }
        let mut carry = false;
        for (index, limb) in self.limbs.iter_mut().enumerate() {
            let addend = other.limbs.get(index).copied().unwrap_or(0);
            let (sum, over) = limb.overflowing_add(addend);
            let (sum, over_carry) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = over || over_carry;
        }
        if carry {
            self.limbs.push(1);
        }
    }

    /// Subtracts `other`, which is not larger.
    pub fn sub(&mut self, other: &Natural) {
        debug_assert!(self.compare(other) != Ordering::Less);
        let mut borrow = false;
        for (index, limb) in self.limbs.iter_mut().enumerate() {
            let taken = other.limbs.get(index).copied().unwrap_or(0);
            let (rest, under) = limb.overflowing_sub(taken);
            let (rest, under_borrow) = rest.overflowing_sub(u64::from(borrow));
            *limb = rest;
            borrow = under || under_borrow;
        }
        self.trim();
    }

    /// Which of the two numbers is larger.
    pub fn compare(&self, other: &Natural) -> Ordering {
        self.limbs
            .len()
            .cmp(&other.limbs.len())
            .then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }

    /// Leaves the remainder of a division by `divisor` and returns the quotient, a small number.
    pub fn divide_small_quotient(&mut self, divisor: &Natural) -> u8 {
        let mut quotient = 0;
        while self.compare(divisor) != Ordering::Less {
            self.sub(divisor);
            quotient += 1;
        }
        quotient
    }

    /// The product with `other`.
    pub fn product(&self, other: &Natural) -> Natural {
        let mut limbs = vec![0u64; self.limbs.len() + other.limbs.len()];
        for (i, &a) in self.limbs.iter().enumerate() {
            let mut carry = 0u128;
            for (j, &b) in other.limbs.iter().enumerate() {
                carry += u128::from(a) * u128::from(b) + u128::from(limbs[i + j]);
                limbs[i + j] = carry as u64;
                carry >>= 64;
            }
            limbs[i + other.limbs.len()] = carry as u64;
        }
        let mut out = Natural { limbs };
        out.trim();
        out
    }

    /// The top 64 bits (leading bit set), how many bits lie below them, and whether any of those is set.
    pub fn top_bits(&self) -> (u64, u64, bool) {
        let bits = self.bits();
        if bits <= 64 {
            let value = self.limbs.first().copied().unwrap_or(0);
            return (value << ((64 - bits) % 64), 0, false);
        }
        let below = bits - 64;
        let (limb, bit) = ((below / 64) as usize, below % 64);
        let mut top = self.limbs[limb] >> bit;
        if bit != 0 {
            top |= self.limbs[limb + 1] << (64 - bit);
        }
        let partial = self.limbs[limb] & ((1u64 << bit) - 1) != 0;
        (
            top,
            below,
            partial || self.limbs[..limb].iter().any(|&l| l != 0),
        )
    }

    fn trim(&mut self) {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }
}
