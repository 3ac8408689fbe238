//! The collections of strings that [`Policy::builder`](super::Policy::builder) takes.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::{array, iter, option, slice, str, vec};

/// The origins of a policy: an array, a slice, a collection or an iterator of the standard library whose items are strings
/// (`&str`, `String`, anything that is `AsRef<str>`). Collect any other iterator into a `Vec` first.
///
/// This is not `IntoIterator` so that `Policy::builder([])` compiles without a type annotation.
///
/// ```
/// use corsac::server::Policy;
///
/// assert!(Policy::builder((1..4).map(|number| format!("https://app{number}.example"))).build().is_ok());
/// assert!(Policy::builder([]).build().is_ok());
/// ```
pub trait IntoOrigins {
    /// Returns the origins in order.
    fn into_origins(self) -> Vec<String>;
}

fn strings(items: impl IntoIterator<Item: AsRef<str>>) -> Vec<String> {
    items.into_iter().map(|item| item.as_ref().to_owned()).collect()
}

impl IntoOrigins for [&str; 0] {
    fn into_origins(self) -> Vec<String> {
        Vec::new()
    }
}

macro_rules! impl_for_arrays {
    ($($length:literal)*) => {
        $(impl<T: AsRef<str>> IntoOrigins for [T; $length] {
            fn into_origins(self) -> Vec<String> {
                strings(self)
            }
        })*
    };
}

impl_for_arrays! {
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
}

macro_rules! impl_for {
    ($([$($parameter:tt)*] $type:ty;)*) => {
        $(impl<$($parameter)*> IntoOrigins for $type
        where
            $type: IntoIterator<Item: AsRef<str>>,
        {
            fn into_origins(self) -> Vec<String> {
                strings(self)
            }
        })*
    };
}

impl_for! {
    [T] Vec<T>;
    ['a, T] &'a Vec<T>;
    ['a, T] &'a [T];
    ['a, T, const N: usize] &'a [T; N];
    [T] VecDeque<T>;
    [T] BTreeSet<T>;
    ['a, T] &'a BTreeSet<T>;
    [T, S] HashSet<T, S>;
    ['a, T, S] &'a HashSet<T, S>;
    [T] Option<T>;
    [T] vec::IntoIter<T>;
    ['a, T] slice::Iter<'a, T>;
    [T, const N: usize] array::IntoIter<T, N>;
    [T] option::IntoIter<T>;
    [T] iter::Once<T>;
    [T] iter::Empty<T>;
    [I, F] iter::Map<I, F>;
    [I, F] iter::Filter<I, F>;
    [I, F] iter::FilterMap<I, F>;
    [I: Iterator<Item: IntoIterator>] iter::Flatten<I>;
    [I, U: IntoIterator, F] iter::FlatMap<I, U, F>;
    [A, B] iter::Chain<A, B>;
    [I] iter::Cloned<I>;
    [I] iter::Copied<I>;
    [I] iter::Rev<I>;
    [I] iter::Take<I>;
    [I] iter::Skip<I>;
    ['a] str::Lines<'a>;
    ['a] str::SplitWhitespace<'a>;
    ['a] str::SplitAsciiWhitespace<'a>;
    ['a] str::Split<'a, char>;
    ['a, T: AsRef<str>] Box<dyn Iterator<Item = T> + 'a>;
}
