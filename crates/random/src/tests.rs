//! Known answers, recorded from NumPy 2.4.6, and slow twins.

use super::*;

fn raw<G: BitGen>(mut gen: G) -> [u64; 5] {
    std::array::from_fn(|_| gen.next_raw())
}

#[test]
fn seed_sequence_words() {
    let mut entropy = vec![1];
    entropy.extend(int_words(&[0, 0, 64, 0]));
    let seq = SeedSequence::new(&entropy, &[3], DEFAULT_POOL_SIZE);
    assert_eq!(
        seq.generate_u32(3),
        [1_445_556_231, 936_183_047, 640_901_171]
    );
}

#[test]
fn seeded_state() {
    let pcg64 = Pcg64::seeded(&SeedSequence::from_u64(12345));
    assert_eq!(
        pcg64.state(),
        33_261_208_707_367_790_463_622_745_601_869_196_757
    );
    assert_eq!(
        pcg64.inc(),
        268_209_174_141_567_072_605_526_753_992_732_310_247
    );
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn raw_words() {
    let seq = &SeedSequence::from_u64(12345);
    let rows: [(&str, [u64; 5], [u64; 5]); 5] = [
        (
            "PCG64",
            raw(Pcg64::seeded(seq)),
            [
                0x3a32_b18d_b2ff_c19d,
                0x5117_1315_c9e4_c4de,
                0xcc20_2482_3444_efd9,
                0xad1f_06ae_a486_e910,
                0x641f_c168_fd0b_7b0d,
            ],
        ),
        (
            "PCG64DXSM",
            raw(Pcg64Dxsm::seeded(seq)),
            [
                0xee9c_e7d9_1fd0_146f,
                0x5666_c45f_046a_0883,
                0x378c_2161_cf28_e2bd,
                0x5a4a_f4ef_d795_681e,
                0x8cd3_b01e_f17b_1741,
            ],
        ),
        (
            "MT19937",
            raw(Mt19937::seeded(seq)),
            [
                0x60bc_0add,
                0xd7d0_d9d3,
                0x5501_6af1,
                0x62e8_30fc,
                0x9faf_620d,
            ],
        ),
        (
            "Philox",
            raw(Philox::seeded(seq)),
            [
                0x6bb6_8ec5_e088_7940,
                0xa736_3669_9d49_8901,
                0x6ee3_cefb_44bb_b152,
                0x89f6_e001_3d62_f3db,
                0xb430_96c4_6a56_b28e,
            ],
        ),
        (
            "SFC64",
            raw(Sfc64::seeded(seq)),
            [
                0x30f2_a9be_9b3b_fe42,
                0x4e61_d5c0_f7df_b297,
                0x7dc9_a4f0_ed93_a006,
                0x92cf_1cdc_e503_ddaa,
                0xf273_0a50_42a6_fa3d,
            ],
        ),
    ];
    for (name, found, expected) in rows {
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn legacy_seeding() {
    let mut mt = Mt19937::legacy_u32(12345);
    assert_eq!(
        [(); 3].map(|()| mt.next_u32()),
        [3_992_670_690, 3_823_185_381, 1_358_822_685]
    );
    let mut mt = Mt19937::legacy_words(&[1, 2, 3]);
    assert_eq!(
        [(); 3].map(|()| mt.next_u32()),
        [2_619_334_238, 1_552_691_353, 3_808_334_787]
    );
}

#[test]
fn jumps() {
    let seq = &SeedSequence::from_u64(12345);
    let mut pcg64 = Pcg64::seeded(seq);
    pcg64.next_u32();
    pcg64.next_u64();
    assert_eq!(
        pcg64.state(),
        99_666_916_104_231_560_797_932_081_394_210_062_199
    );
    let ahead = pcg64.jumped(3);
    assert_eq!(
        ahead.state(),
        290_722_773_524_329_444_482_612_242_225_087_777_520
    );
    pcg64.advance(5_u128.wrapping_neg());
    assert_eq!(
        pcg64.state(),
        46_116_809_595_801_225_493_486_403_615_929_822_924
    );
    let mut dxsm = Pcg64Dxsm::seeded(seq);
    dxsm.next_u64();
    dxsm.next_u64();
    let ahead = dxsm.jumped(3);
    assert_eq!(
        ahead.state(),
        18_018_917_511_984_246_158_989_561_886_707_879_200
    );
    let mut philox = Philox::seeded(seq);
    philox.next_u64();
    philox.advance([5, 0, 0, 0]);
    assert_eq!((philox.counter, philox.buffer_pos), ([6, 0, 0, 0], 4));
    assert_eq!(philox.jumped(1).counter, [6, 0, 1, 0]);
    let mut mt = Mt19937::seeded(seq);
    (0..700).for_each(|_| {
        mt.next_u32();
    });
    let mut ahead = mt.jumped(1);
    assert_eq!((ahead.pos, ahead.key[0]), (40, 3_105_586_257));
    assert_eq!(
        [ahead.next_u32(), ahead.next_u32()],
        [1_477_709_993, 117_121_608]
    );
}

#[test]
fn bulk_fill_is_the_stream() {
    for len in [0, 1, 31, 32, 33, 100, 1003] {
        let seq = &SeedSequence::from_u64(7);
        let (mut bulk, mut single) = (Pcg64::seeded(seq), Pcg64::seeded(seq));
        let mut out = vec![0.0; len];
        bulk.fill_double(&mut out);
        assert!(out.iter().all(|&x| x == single.next_double()), "{len}");
        assert_eq!(bulk, single);
        let (mut bulk, mut single) = (Pcg64Dxsm::seeded(seq), Pcg64Dxsm::seeded(seq));
        let mut out = vec![0; len];
        bulk.fill_u64(&mut out);
        assert!(out.iter().all(|&x| x == single.next_u64()), "{len}");
        assert_eq!(bulk, single);
    }
}

/// FNV-1a over 64-bit words, the hash of the recorded streams.
fn hash(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, word| {
        (hash ^ word).wrapping_mul(0x0100_0000_01b3)
    })
}

fn pcg64() -> Pcg64 {
    Pcg64::seeded(&SeedSequence::from_u64(9))
}

#[test]
fn distributions() {
    for line in include_str!("known_answers.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split(' ').collect();
        let bits = |field: &&str| u64::from_str_radix(field, 16).unwrap();
        let row = table::find(fields[0]).unwrap();
        let mut params = [table::Param::default(); table::MAX_PARAMS];
        for (param, field) in params.iter_mut().zip(&fields[2..fields.len() - 1]) {
            *param = table::Param(bits(field));
        }
        let gauss = &mut source::Gauss::default();
        let found = if fields[1] == "legacy" {
            let gen = &mut Mt19937::legacy_u32(9);
            hash((0..300).map(|_| (row.legacy)(gen, gauss, &params)))
        } else {
            let gen = &mut pcg64();
            hash((0..300).map(|_| (row.modern)(gen, gauss, &params)))
        };
        assert_eq!(found, bits(fields.last().unwrap()), "{line}");
    }
}

#[test]
fn ziggurats() {
    const LEN: usize = 100_000;
    let (mut double, mut single) = (vec![0.0_f64; LEN], vec![0.0_f32; LEN]);
    pcg64().fill_normal(&mut double);
    assert_eq!(
        hash(double.iter().map(|x| x.to_bits())),
        0xf386_d02b_3b6c_85bd
    );
    pcg64().fill_exponential(&mut double);
    assert_eq!(
        hash(double.iter().map(|x| x.to_bits())),
        0x2843_df7b_18e7_1414
    );
    pcg64().fill_normal_f32(&mut single);
    assert_eq!(
        hash(single.iter().map(|x| x.to_bits().into())),
        0xc8d7_6a2c_5cb1_6dd6
    );
    pcg64().fill_exponential_f32(&mut single);
    assert_eq!(
        hash(single.iter().map(|x| x.to_bits().into())),
        0xb2f5_0fcc_26f9_5b31
    );
}

#[test]
fn bounded_integers() {
    use bounded::Method::{Lemire, Masked};
    macro_rules! check {
        ($fill:ident, $type:ty, $range:expr, $modern:literal, $legacy:literal) => {
            let mut out = [0 as $type; 1000];
            pcg64().$fill(0, $range, Lemire, &mut out);
            assert_eq!(hash(out.map(|x| x as u64)), $modern);
            Mt19937::legacy_u32(9).$fill(0, $range, Masked, &mut out);
            assert_eq!(hash(out.map(|x| x as u64)), $legacy);
        };
    }
    check!(
        fill_bounded_u8,
        u8,
        100,
        0x955e_0365_93ef_61c3,
        0x3989_8936_f85d_a30a
    );
    check!(
        fill_bounded_u16,
        u16,
        300,
        0x4226_3bdd_a673_f292,
        0xb37f_f388_4c9a_ab51
    );
    check!(
        fill_bounded_u32,
        u32,
        70_000,
        0x2890_5b02_8f2f_dcd4,
        0xb0c3_5322_6878_fd81
    );
    check!(
        fill_bounded_u64,
        u64,
        1 << 40,
        0x46dc_1b14_06c0_9148,
        0x7c43_df7b_b481_e11a
    );
    check!(
        fill_bounded_u64,
        u64,
        1000,
        0x840b_6a76_8a25_74df,
        0x6eee_fd49_cfd8_0445
    );
    let mut out = [0_u8; 1000];
    pcg64().fill_bool(&mut out);
    assert_eq!(hash(out.map(u64::from)), 0xba03_2f60_a1b1_a26e);
}

#[test]
fn selections() {
    let choose = |population, size, shuffle| {
        let mut out = vec![0; size];
        shuffle::choose(&mut pcg64(), population, shuffle, &mut out);
        hash(out.iter().map(|&x| x as u64))
    };
    assert_eq!(choose(1000, 50, true), 0xd882_d6b7_5d4d_fe14);
    assert_eq!(choose(20_000, 900, true), 0x9d78_2401_65b7_c799);
    assert_eq!(choose(1000, 50, false), 0x4417_31e3_78e5_4636);
    let mut items: Vec<u64> = (0..100).collect();
    shuffle::shuffle_from(&mut pcg64(), &mut items, 1, bounded::Method::Masked);
    assert_eq!(hash(items), 0x499f_9769_d90e_8273);
    let mut items: Vec<u64> = (0..100).collect();
    shuffle::shuffle_from(
        &mut Mt19937::legacy_u32(9),
        &mut items,
        1,
        bounded::Method::Masked,
    );
    assert_eq!(hash(items), 0x9d6f_968f_df5e_fdc5);
}

#[test]
fn several_categories() {
    let (gen, mut out) = (&mut pcg64(), [0_i64; 500]);
    for row in out.chunks_exact_mut(5) {
        binomial::multinomial(gen, 50, &[0.1, 0.2, 0.0, 0.3, 0.4], row);
    }
    assert_eq!(hash(out.map(|x| x as u64)), 0xa9fc_c614_5210_9c9b);
    let mut out = [0_i64; 300];
    assert!(hypergeometric::multivariate_count(
        &mut pcg64(),
        &[10, 20, 30],
        45,
        &mut out
    ));
    assert_eq!(hash(out.map(|x| x as u64)), 0xc92c_a7c2_8bd9_9f33);
    hypergeometric::multivariate_marginals(&mut pcg64(), &[10, 20, 30], 45, &mut out);
    assert_eq!(hash(out.map(|x| x as u64)), 0x439a_95c3_245a_c1bd);
}
