use super::*;
use crate::RawView;
use numoxide_dtype::{DType, TypeNum};

fn view<'a, T>(
    data: &'a [T],
    dtype: &'a DType,
    shape: &'a [usize],
    strides: &'a [isize],
) -> RawView<'a> {
    RawView {
        ptr: data.as_ptr().cast_mut().cast(),
        dtype,
        shape,
        strides,
    }
}

#[test]
fn advanced_indices_side_by_side_stay_in_place() {
    let (d, i) = (DType::new(TypeNum::Double), DType::new(TypeNum::Long));
    let data: Vec<f64> = (0..24).map(f64::from).collect();
    let arr = view(&data, &d, &[2, 3, 4], &[96, 32, 8]);
    let idx = [2isize, 0];
    let at = view(&idx, &i, &[2], &[8]);
    let full = Index::Slice {
        start: 0,
        stop: isize::MAX,
        step: 1,
    };
    let plan = Plan::new(&arr, &[full, Index::Array(&at)]).unwrap();
    assert_eq!(plan.result_shape().as_slice(), &[2, 2, 4]);
    assert_eq!(plan.result_axes().as_slice(), &[1, 0, 2]);
    plan.check_bounds().unwrap();
    let mut out = vec![0f64; 16];
    let to = view(&data, &d, &[2, 2, 4], &[64, 32, 8]);
    plan.gather(&RawView {
        ptr: out.as_mut_ptr().cast(),
        ..to
    })
    .unwrap();
    assert_eq!(out[..5], [8.0, 9.0, 10.0, 11.0, 20.0]);
    let bad = [3isize];
    let bad = view(&bad, &i, &[1], &[8]);
    let plan = Plan::new(&arr, &[full, Index::Array(&bad)]).unwrap();
    let text = plan.check_bounds().unwrap_err().to_string();
    assert_eq!(text, "index 3 is out of bounds for axis 1 with size 3");
}

#[test]
fn slices_clip_as_python_does() {
    assert_eq!(clip_slice(0, isize::MAX, 1, 5), (0, 5));
    assert_eq!(clip_slice(isize::MAX, isize::MIN, -1, 5), (4, 5));
    assert_eq!(clip_slice(-3, -1, 1, 5), (2, 2));
    assert_eq!(clip_slice(4, 0, -2, 5), (4, 2));
    assert_eq!(clip_slice(7, 9, 1, 5), (5, 0));
    assert_eq!(clip_slice(0, isize::MAX, isize::MAX, 5), (0, 1));
}

#[test]
fn positions_of_a_mask() {
    let b = DType::new(TypeNum::Bool);
    let mask = [0u8, 1, 0, 2, 0, 1];
    let found = nonzero(&view(&mask, &b, &[2, 3], &[3, 1])).unwrap();
    assert_eq!(found[0], [0, 1, 1]);
    assert_eq!(found[1], [1, 0, 2]);
}
