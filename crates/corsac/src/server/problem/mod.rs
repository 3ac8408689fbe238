//! What is wrong or unwise in a policy, as data and as a sentence.

mod code;

use std::fmt;

use crate::origin::presentable;
use crate::text::{LONGEST_MESSAGE, Printable, QUOTED};

pub use code::{ProblemCode, UnknownProblemCode};

/// Whether a problem refuses a policy.
///
/// ```
/// assert_eq!(corsac::server::Severity::Error.as_str(), "error");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "a policy is either used or refused")]
pub enum Severity {
    /// The policy is refused.
    Error,
    /// The policy is accepted, but something in it is fragile, unsafe or unnecessary.
    Lint,
}

impl Severity {
    /// Returns `error` or `lint`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Lint => "lint",
        }
    }
}

/// A place in a policy: a key, and the position in its list.
///
/// ```
/// use corsac::server::Policy;
/// let problems = Policy::builder(["https://app.example", "https://app.example/"]).build().unwrap_err();
/// assert_eq!(problems.iter().next().unwrap().place.to_string(), "origins[1]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The key as it is spelled in a policy file.
    pub key: &'static str,
    /// The position in the key's list, from 0; `None` for the key as a whole.
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

/// Something that is wrong or unwise in a policy.
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
    /// The kind of problem.
    pub code: ProblemCode,
    /// Where it is.
    pub place: Place,
    /// The value at that place; empty if there is none to quote.
    pub value: String,
    /// Why the value is wrong or unwise: a clause or sentence without a full stop.
    pub message: String,
    /// What to write instead of the value. If it should be several strings, they are quoted and separated by commas.
    pub suggestion: Option<String>,
}

impl Problem {
    /// Makes a problem of a key as a whole, without a value or suggestion. It is for problems of policy files, which a [`PolicyConfig`] cannot
    /// have.
    ///
    /// [`PolicyConfig`]: super::PolicyConfig
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

    /// Returns `true` if it is an error, `false` if it is a lint.
    ///
    /// ```
    /// use corsac::server::{Policy, PolicyConfig};
    /// let empty = Policy::new(&PolicyConfig::default()).unwrap();
    /// assert!(!empty.lints()[0].is_error());
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
        if let Some(suggestion) = &self.suggestion {
            write!(f, " Write `{}`.", Printable::new(suggestion, QUOTED))?;
        }
        if self.is_error() && self.code.can_be_acknowledged() {
            write!(f, " If you know and accept this risk, write `acknowledge = [\"{}\"]`.", self.code)?;
        }
        Ok(())
    }
}

/// All errors and lints of a policy that is refused. At least one of them is an error.
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
    /// Returns the problems in the order of the policy.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Returns the problems in the order of the policy.
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
