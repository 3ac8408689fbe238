//! What is wrong, or unwise, in a policy as it is written: data first, sentences second.

mod code;

use std::fmt;

use crate::origin::presentable;
use crate::text::{LONGEST_MESSAGE, Printable, QUOTED};

pub use code::{ProblemCode, UnknownProblemCode};

/// Errors refuse a policy, lints advise.
///
/// ```
/// assert_eq!(corsac::server::Severity::Error.as_str(), "error");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "a policy is used or it is not")]
pub enum Severity {
    /// The policy is not used.
    Error,
    /// The policy is used, and something in it is fragile, unsafe or superfluous.
    Lint,
}

impl Severity {
    /// `error` or `lint`.
    ///
    /// ```
    /// assert_eq!(corsac::server::Severity::Lint.as_str(), "lint");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Lint => "lint",
        }
    }
}

/// Where in a policy something stands: a key, and the position in its list.
///
/// ```
/// use corsac::server::Policy;
/// let problems = Policy::builder(["https://app.example", "https://app.example/"]).build().unwrap_err();
/// assert_eq!(problems.iter().next().unwrap().place.to_string(), "origins[1]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The key, as a policy file spells it.
    pub key: &'static str,
    /// The position in the key's list, from 0; `None` when the problem is the key's as a whole.
    pub index: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}[{index}]", self.key),
            None => f.write_str(self.key),
        }
    }
}

/// One thing that is wrong or unwise in a policy.
///
/// ```
/// use corsac::server::{Policy, PolicyConfig, ProblemCode};
///
/// let config = PolicyConfig { origins: vec!["https://app.example/".into()], ..PolicyConfig::default() };
/// let problems = Policy::new(&config).unwrap_err();
/// let problem = problems.iter().next().unwrap();
/// assert_eq!((problem.code, problem.suggestion.as_deref()), (ProblemCode::OriginPath, Some("https://app.example")));
/// assert_eq!(problem.to_string(), "`https://app.example/`: an origin has no path. Write `https://app.example`.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem.
    pub code: ProblemCode,
    /// Where.
    pub place: Place,
    /// The text that stands there.
    pub value: String,
    /// Why it cannot be, or should not: a clause or sentence without a full stop.
    pub message: String,
    /// What was probably meant, to be written in the value's place. For a text that should be several, each stands in quotes, with commas
    /// between.
    pub suggestion: Option<String>,
}

impl Problem {
    /// A problem of a key as a whole, without a value or suggestion: for those of a policy's file, which no policy in memory can have.
    ///
    /// ```
    /// use corsac::server::{Problem, ProblemCode};
    /// let problem = Problem::of_key(ProblemCode::KeyMissing, "origins", "there is no `origins`");
    /// assert_eq!((problem.place.key, problem.place.index), ("origins", None));
    /// ```
    pub fn of_key(code: ProblemCode, key: &'static str, message: impl Into<String>) -> Self {
        let place = Place { key, index: None };
        Self { code, place, value: String::new(), message: message.into(), suggestion: None }
    }

    /// Returns `true` if it refuses the policy, `false` if it only advises.
    ///
    /// ```
    /// use corsac::server::{Policy, PolicyConfig};
    /// let nobody = Policy::new(&PolicyConfig::default()).unwrap();
    /// assert!(!nobody.lints()[0].is_error());
    /// ```
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = Printable::new(&self.message, LONGEST_MESSAGE);
        if self.value.is_empty() {
            write!(f, "{}: {message}.", self.place)?;
        } else {
            write!(f, "`{}`: {message}.", presentable(&self.value))?;
        }
        if let Some(meant) = &self.suggestion {
            write!(f, " Write `{}`.", Printable::new(meant, QUOTED))?;
        }
        if self.is_error() && self.code.can_be_acknowledged() {
            write!(f, " If this risk is known and accepted, write `acknowledge = [\"{}\"]`.", self.code)?;
        }
        Ok(())
    }
}

/// Everything that is wrong in a policy, and the lints too. At least one is an error.
///
/// ```
/// use corsac::server::{Policy, PolicyConfig};
///
/// let config = PolicyConfig {
///     origins: vec!["https://App.example".into(), "app.example".into()],
///     methods: vec!["put".into()],
///     ..PolicyConfig::default()
/// };
/// assert_eq!(Policy::new(&config).unwrap_err().iter().count(), 3); // all at once
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub(super) Vec<Problem>);

impl Problems {
    /// The problems, in the order of the policy.
    ///
    /// ```
    /// # use corsac::server::{Policy, PolicyConfig};
    /// # let config = PolicyConfig { origins: vec!["app.example".into()], ..PolicyConfig::default() };
    /// let problems = Policy::new(&config).unwrap_err();
    /// assert!(problems.iter().any(|problem| problem.is_error()));
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// The problems as a list.
    ///
    /// ```
    /// # use corsac::server::{Policy, PolicyConfig};
    /// # let config = PolicyConfig { origins: vec!["app.example".into()], ..PolicyConfig::default() };
    /// assert_eq!(Policy::new(&config).unwrap_err().into_vec().len(), 1);
    /// ```
    pub fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.0.iter().filter(|problem| problem.is_error()).count();
        write!(f, "the policy has {errors} error{}", if errors == 1 { "" } else { "s" })?;
        for problem in &self.0 {
            write!(
                f,
                "\n{}: {} ({}): {problem}",
                problem.code.severity().as_str(),
                problem.place,
                problem.code
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
