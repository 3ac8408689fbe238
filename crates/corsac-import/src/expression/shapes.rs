//! An expression as the texts that it matches, with gaps where it matches many.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// This text.
    Text(String),
    /// Any character, as an unescaped dot means it.
    Dot,
    /// Some characters, with dots among them or not.
    Some { dots: bool },
    /// Some digits.
    Digits,
    /// Labels of a host, each with its dot.
    Labels,
    /// The beginning of the text.
    Start,
}

pub(super) type Shape = Vec<Piece>;

/// The most shapes of one expression.
const MOST: usize = 400;
/// The most characters of a class that are taken one by one.
const MOST_LISTED: u32 = 8;

/// The shapes of an expression, or `None` if they are too many. The characters of small classes are taken one by one if that makes not too many.
pub(super) fn of(hir: &Hir) -> Option<Vec<Shape>> {
    of_part(hir, MOST_LISTED).or_else(|| of_part(hir, 1))
}

/// The shapes of a part. Of a class with up to `listed` characters each is taken.
fn of_part(hir: &Hir, listed: u32) -> Option<Vec<Shape>> {
    let shapes = match hir.kind() {
        HirKind::Empty => vec![Vec::new()],
        HirKind::Look(look) if matches!(look.as_char(), 'A' | '^') => vec![vec![Piece::Start]],
        HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => {
            vec![vec![Piece::Text(String::from_utf8_lossy(&literal.0).to_ascii_lowercase())]]
        }
        HirKind::Class(class) => match characters(class, listed) {
            Some(characters) => {
                characters.into_iter().map(|one| vec![Piece::Text(one.to_string())]).collect()
            }
            None => vec![vec![one_of(class)]],
        },
        HirKind::Capture(capture) => of_part(&capture.sub, listed)?,
        HirKind::Alternation(options) => {
            let mut shapes = Vec::new();
            for option in options {
                shapes.extend(of_part(option, listed)?);
                if shapes.len() > MOST {
                    return None;
                }
            }
            shapes
        }
        HirKind::Concat(parts) => {
            let mut shapes: Vec<Shape> = vec![Vec::new()];
            for part in parts {
                let next = of_part(part, listed)?;
                if shapes.len().saturating_mul(next.len()) > MOST {
                    return None;
                }
                shapes =
                    shapes.iter().flat_map(|shape| next.iter().map(|more| joined(shape, more))).collect();
            }
            shapes
        }
        HirKind::Repetition(repetition) => {
            let sub = of_part(&repetition.sub, listed)?;
            let is_optional = repetition.min == 0;
            let is_once = repetition.max == Some(1);
            let mut shapes = if is_once {
                sub
            } else if sub.iter().all(ends_with_a_dot) {
                vec![vec![Piece::Labels]]
            } else if sub.iter().all(|shape| matches!(shape.as_slice(), [Piece::Digits])) {
                vec![vec![Piece::Digits]]
            } else {
                vec![vec![Piece::Some { dots: sub.iter().flatten().any(has_dots) }]]
            };
            // `.*` before a text may stand for nothing, but nobody means that; `(x)*` and `(x)?` do.
            if is_optional
                && !matches!(shapes.as_slice(), [shape] if matches!(shape.as_slice(), [Piece::Some { .. }]))
            {
                shapes.push(Vec::new());
            }
            shapes
        }
    };
    (shapes.len() <= MOST).then_some(shapes)
}

/// The characters of a class that lists a few, such as `[12]`, in lower case and each once.
fn characters(class: &Class, most: u32) -> Option<Vec<char>> {
    let count = ranges(class).fold(0, |sum: u32, (start, end)| sum.saturating_add(end - start + 1));
    if count > most {
        return None;
    }
    let mut characters: Vec<char> = ranges(class)
        .flat_map(|(start, end)| start..=end)
        .filter_map(char::from_u32)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    characters.sort_unstable();
    characters.dedup();
    Some(characters)
}

/// What one character is, of a class that has more than a few.
fn one_of(class: &Class) -> Piece {
    let has = |character: char| ranges(class).any(|(start, end)| (start..=end).contains(&character.into()));
    let has_others = ranges(class).any(|(start, end)| start < u32::from(b'0') || end > u32::from(b'9'));
    let count = ranges(class).fold(0, |sum: u32, (start, end)| sum.saturating_add(end - start + 1));
    if !has_others {
        Piece::Digits
    } else if count > 200 && has('.') && has('a') {
        Piece::Dot
    } else {
        Piece::Some { dots: has('.') }
    }
}

/// The first and the last code point of each range.
fn ranges(class: &Class) -> impl Iterator<Item = (u32, u32)> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Bytes(class) => class.iter().map(|range| (range.start().into(), range.end().into())).collect(),
        Class::Unicode(class) => {
            class.iter().map(|range| (range.start().into(), range.end().into())).collect()
        }
    };
    ranges.into_iter()
}

fn has_dots(piece: &Piece) -> bool {
    match piece {
        Piece::Some { dots } => *dots,
        Piece::Text(text) => text.contains('.'),
        Piece::Dot | Piece::Labels => true,
        Piece::Digits | Piece::Start => false,
    }
}

#[allow(clippy::ptr_arg)] // as iterators of shapes give it
fn ends_with_a_dot(shape: &Shape) -> bool {
    matches!(shape.last(), Some(Piece::Text(text)) if text.ends_with('.')) && shape.len() > 1
}

/// One shape after the other, with texts that follow each other as one.
fn joined(one: &Shape, other: &Shape) -> Shape {
    let mut shape = one.clone();
    for piece in other {
        match (shape.last_mut(), piece) {
            (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(more),
            (_, piece) => shape.push(piece.clone()),
        }
    }
    shape
}
