//! What a user of the crate does.

use numoxide::prelude::*;

#[test]
fn operators_broadcast() {
    let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let row = array![10.0, 20.0, 30.0];
    assert_eq!(
        (&a + &row).to_vec::<f64>().unwrap(),
        [11.0, 22.0, 33.0, 14.0, 25.0, 36.0]
    );
    assert_eq!((2.0 * &a).sum().unwrap().item::<f64>().unwrap(), 42.0);
    let whole = array![1, 2, 3];
    assert_eq!((&whole + 0.5).dtype().num, TypeNum::Double);
}

#[test]
fn shapes_that_do_not_fit_are_errors() {
    let a = array![1.0, 2.0, 3.0];
    let b = array![1.0, 2.0];
    let error = a.ufunc("add", &[&b]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operands could not be broadcast together with shapes (3,) (2,) "
    );
    assert!(a.reshape(&[2, 2]).is_err());
}

#[test]
fn slices_share_memory_until_written() {
    let a = Array::arange(10).unwrap();
    let mut even = a.slice(&[Slice::from(..).step(2)]).unwrap();
    assert_eq!(even.to_vec::<i64>().unwrap(), [0, 2, 4, 6, 8]);
    even.assign(&Array::scalar(7i64).unwrap()).unwrap();
    assert_eq!(a.to_vec::<i64>().unwrap(), (0..10).collect::<Vec<i64>>());
    let back = a.slice(&[Slice::from(..).step(-3)]).unwrap();
    assert_eq!(back.to_vec::<i64>().unwrap(), [9, 6, 3, 0]);
    assert!(a.slice(&s![10]).is_err());
}

#[test]
fn reductions_and_products() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(a.sum_axis(0).unwrap().to_vec::<i64>().unwrap(), [4, 6]);
    assert_eq!(a.max().unwrap().item::<i64>().unwrap(), 4);
    assert_eq!(a.mean().unwrap().item::<f64>().unwrap(), 2.5);
    assert_eq!(
        a.matmul(&a.t()).unwrap().to_vec::<i64>().unwrap(),
        [5, 11, 11, 25]
    );
}

#[test]
fn typed_arrays_check_their_dtype() {
    let typed: ArrayD<f64> = array![1.0, 2.0].try_into().unwrap();
    assert_eq!(typed.items().unwrap(), [1.0, 2.0]);
    assert!(ArrayD::<i32>::try_from(array![1.0]).is_err());
}
