//! A policy file: reading it, and its policies.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use corsac::server::{PathPrefix, Policy, ProblemCode};
use corsac::text::{LONGEST_MESSAGE, Printable};

use crate::draft::{self, Environment};
use crate::format::Format;
use crate::placement::{FilePlacement, Placed};
use crate::problem::{FileProblems, SpannedProblem};
use crate::read_error::{ReadError, UnknownPolicy};
use crate::source::Source;
use crate::syntax;
use crate::write::{Written, write};

/// The largest policy file that is read, in bytes: 64 MiB, which is room for more than a million origins.
pub const MOST_BYTES: usize = 64 << 20;

/// The policies of a file, checked and compiled.
///
/// ```
/// use corsac_config::{Format, PolicyFile};
///
/// let text = r#"{"policy": {"public": {"origins": ["*"]}, "app": {"origins": ["https://app.example"], "credentials": true}}}"#;
/// let file = PolicyFile::parse(text, Format::Json)?;
/// let names: Vec<&str> = file.policies().map(|policy| policy.name.as_str()).collect();
/// assert_eq!(names, ["public", "app"]); // in the order of the file
/// # Ok::<(), corsac_config::FileProblems>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyFile {
    policies: Vec<NamedPolicy>,
    passes: Vec<NamedPass>,
    lints: FileProblems,
}

/// An entry with `cors = "pass"`.
#[derive(Clone, Debug)]
struct NamedPass {
    name: String,
    at: Option<PathPrefix>,
}

/// A policy of a file.
///
/// ```
/// # use corsac_config::{Format, PolicyFile};
/// let file = PolicyFile::parse("[policy.public]\norigins = [\"*\"]\n", Format::Toml)?;
/// let policy = file.policies().next().unwrap();
/// assert!(policy.name == "public" && policy.policy.allows_any_origin());
/// # Ok::<(), corsac_config::FileProblems>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedPolicy {
    /// The name: `app` for `[policy.app]`.
    pub name: String,
    /// The policy.
    pub policy: Policy,
    /// The part of the server that the policy is for: `at` in the file.
    pub at: Option<PathPrefix>,
}

impl PolicyFile {
    /// Parses a string.
    ///
    /// ```
    /// use corsac_config::{Format, PolicyFile};
    /// let problems = PolicyFile::parse("[policy.app]\norigin = [\"https://app.example\"]\n", Format::Toml).unwrap_err();
    /// assert_eq!(problems.iter().next().unwrap().to_string(), "`origin`: a policy has no such key. Write `origins`.");
    /// ```
    ///
    /// # Errors
    ///
    /// All errors and lints of the file, if at least one of them is an error.
    pub fn parse(text: &str, format: Format) -> Result<Self, FileProblems> {
        Self::parse_named("policy file", text.to_owned(), format, &environment)
    }

    /// Parses a string, and reads the variables of `origins-from-env` from `environment` instead of the process's environment.
    ///
    /// ```
    /// use corsac_config::{Format, PolicyFile};
    ///
    /// let text = "[policy.app]\norigins-from-env = \"APP_ORIGINS\"\n";
    /// let environment = |name: &str| (name == "APP_ORIGINS").then(|| "https://a.example, https://b.example".into());
    /// let file = PolicyFile::parse_with_environment(text, Format::Toml, &environment)?;
    /// assert_eq!(file.policy("app").unwrap().config().origins, ["https://a.example", "https://b.example"]);
    /// # Ok::<(), corsac_config::FileProblems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails like [`parse`](Self::parse).
    pub fn parse_with_environment(
        text: &str,
        format: Format,
        environment: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, FileProblems> {
        Self::parse_named("policy file", text.to_owned(), format, environment)
    }

    /// Parses bytes, which have to be UTF-8.
    ///
    /// ```
    /// use corsac_config::{Format, PolicyFile};
    /// let problems = PolicyFile::parse_bytes(b"[policy.app]\norigins = [\"https://caf\xe9.example\"]\n", Format::Toml).unwrap_err();
    /// assert_eq!(problems.iter().next().map(|problem| (problem.line, problem.column)), Some((2, 24)));
    /// ```
    ///
    /// # Errors
    ///
    /// Fails like [`parse`](Self::parse), and if the bytes are not UTF-8.
    pub fn parse_bytes(bytes: &[u8], format: Format) -> Result<Self, FileProblems> {
        Self::read_bytes("policy file", bytes.to_vec(), Some(format))
    }

    /// Reads a file. Its format follows from its extension, `.toml` or `.json`. With another extension, its content decides: see
    /// [`Format::guess`].
    ///
    /// ```no_run
    /// let file = corsac_config::PolicyFile::read("corsac.toml")?;
    /// for policy in file.policies() {
    ///     println!("{}: {} lints", policy.name, policy.policy.lints().len());
    /// }
    /// # Ok::<(), corsac_config::ReadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, is longer than [`MOST_BYTES`], or has errors.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let path = path.as_ref();
        Self::read_path(path, Format::of_path(path))
    }

    /// Reads a file in this format, regardless of its name.
    ///
    /// ```
    /// use corsac_config::{Format, PolicyFile, ReadError};
    /// let error = PolicyFile::read_as("no/such/file.conf", Format::Toml).unwrap_err();
    /// assert!(matches!(error, ReadError::Io { .. }));
    /// ```
    ///
    /// # Errors
    ///
    /// Fails like [`read`](Self::read).
    pub fn read_as(path: impl AsRef<Path>, format: Format) -> Result<Self, ReadError> {
        Self::read_path(path.as_ref(), Some(format))
    }

    fn read_path(path: &Path, format: Option<Format>) -> Result<Self, ReadError> {
        let bytes = Self::content(path).map_err(|error| ReadError::Io { path: path.to_owned(), error })?;
        Self::of_content(path, bytes, format)
    }

    /// Returns the bytes of a file; of a file that is too long, one byte more than allowed.
    pub(crate) fn content(path: &Path) -> std::io::Result<Vec<u8>> {
        read_bounded(std::fs::File::open(path)?)
    }

    /// Parses the content of a file.
    pub(crate) fn of_content(path: &Path, bytes: Vec<u8>, format: Option<Format>) -> Result<Self, ReadError> {
        // Bytes of the name that are not UTF-8 are escaped.
        let name = path.to_str().map_or_else(
            || Printable::new(path.as_os_str().as_encoded_bytes(), LONGEST_MESSAGE).to_string(),
            str::to_owned,
        );
        Ok(Self::read_bytes(&name, bytes, format)?)
    }

    /// Reads from a reader, such as standard input. `name` stands for the file in messages. Without a `format`, the content decides: see
    /// [`Format::guess`].
    ///
    /// ```
    /// use corsac_config::PolicyFile;
    /// let file = PolicyFile::read_from(&b"[policy.app]\norigins = [\"*\"]\n"[..], "standard input", None)?;
    /// assert_eq!(file.policies().count(), 1);
    /// # Ok::<(), corsac_config::ReadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails like [`read`](Self::read).
    pub fn read_from(from: impl Read, name: &str, format: Option<Format>) -> Result<Self, ReadError> {
        let bytes = read_bounded(from).map_err(|error| ReadError::Io { path: name.into(), error })?;
        Ok(Self::read_bytes(name, bytes, format)?)
    }

    fn read_bytes(name: &str, bytes: Vec<u8>, format: Option<Format>) -> Result<Self, FileProblems> {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let format = format.unwrap_or_else(|| Format::guess(&text));
                Self::parse_named(name, text, format, &environment)
            }
            Err(error) => Err(not_utf_8(name, error.as_bytes(), error.utf8_error().valid_up_to())),
        }
    }

    fn parse_named(
        name: &str,
        mut text: String,
        format: Format,
        environment: Environment<'_>,
    ) -> Result<Self, FileProblems> {
        if text.len() > MOST_BYTES {
            let why = format!(
                "the file is larger than {} MiB. For that many origins, use a lookup: see `Policy::decide_with`",
                MOST_BYTES >> 20
            );
            let problem = SpannedProblem::new(ProblemCode::FileSyntax, "policy", 0..0, why);
            return Err(FileProblems::new(Source::new(name, String::new()), vec![problem]));
        }
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let (entries, errors) = syntax::parse(&text, format);
        let is_whole = errors.is_empty();
        let errors = errors.into_iter().map(|error| {
            SpannedProblem::new(ProblemCode::FileSyntax, "policy", error.span, error.message)
                .suggest(error.suggestion)
        });
        let errors: Vec<SpannedProblem> = errors.collect();
        let (drafts, mut problems) = draft::read(entries, environment);
        let (mut policies, mut passes) = (Vec::with_capacity(drafts.len()), Vec::new());
        let sharing = drafts.iter().filter(|draft| draft.inherits("acknowledge")).count();
        let mut of_policies = Vec::new();
        for draft in drafts {
            let at = draft.at().cloned();
            if draft.passes() {
                passes.push(NamedPass { name: draft.name, at });
                continue;
            }
            let (policy, of_policy) = draft.compile();
            of_policies.extend(of_policy);
            policies.extend(policy.map(|policy| NamedPolicy { name: draft.name, policy, at }));
        }
        problems.extend(without_repeats(of_policies, sharing));
        // A missing key or acknowledgement may be in the part of the file that could not be parsed.
        problems.retain(|problem| is_whole || !problem.may_be_resolved_elsewhere());
        problems.extend(errors);
        let problems = FileProblems::new(Source::new(name, text), problems);
        if problems.iter().any(|problem| problem.is_error()) {
            return Err(problems);
        }
        Ok(Self { policies, passes, lints: problems })
    }

    /// Returns which policy decides about which path, by `at`.
    pub fn placement(&self) -> FilePlacement {
        let policies = self.policies.iter().map(|named| {
            let placed = Placed::Policy { name: named.name.clone(), policy: named.policy.clone() };
            (named.at.clone(), placed)
        });
        let passes =
            self.passes.iter().map(|pass| (pass.at.clone(), Placed::Pass { name: pass.name.clone() }));
        FilePlacement::new(policies.chain(passes))
    }

    /// Returns the policies in the order of the file, without entries that have `cors = "pass"`.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let file = PolicyFile::parse("policy.b.origins = []\npolicy.a.origins = []\n", Format::Toml)?;
    /// assert_eq!(file.policies().map(|policy| policy.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    /// # Ok::<(), corsac_config::FileProblems>(())
    /// ```
    pub fn policies(&self) -> std::slice::Iter<'_, NamedPolicy> {
        self.policies.iter()
    }

    /// Returns the policy of this name.
    ///
    /// ```no_run
    /// let policy = corsac_config::PolicyFile::read("corsac.toml")?.policy("app")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no policy of this name. The error lists the names of the file's policies.
    pub fn policy(&self, name: &str) -> Result<Policy, UnknownPolicy> {
        let policy = self.policies.iter().find(|policy| policy.name == name);
        policy.map(|policy| policy.policy.clone()).ok_or_else(|| UnknownPolicy {
            name: name.to_owned(),
            policies: self.policies.iter().map(|policy| policy.name.clone()).collect(),
        })
    }

    /// Returns what is fragile, unsafe or unnecessary in the policies and not acknowledged.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let file = PolicyFile::parse("[policy.app]\norigins = [\"*\"]\nmax-age = \"1d\"\n", Format::Toml)?;
    /// let lint = file.lints().iter().next().unwrap();
    /// assert_eq!((lint.problem.code.as_str(), lint.line), ("max-age-over-cap", 3));
    /// # Ok::<(), corsac_config::FileProblems>(())
    /// ```
    pub fn lints(&self) -> &FileProblems {
        &self.lints
    }

    /// Returns the policies as a TOML file, without the comments of the original.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let file = PolicyFile::parse(r#"{"policy": {"app": {"origins": ["*"], "max-age": 60}}}"#, Format::Json)?;
    /// assert_eq!(file.to_toml(), "[policy.app]\norigins = [\"*\"]\nmax-age = \"1m\"\n");
    /// # Ok::<(), corsac_config::FileProblems>(())
    /// ```
    pub fn to_toml(&self) -> String {
        let policies = self
            .policies
            .iter()
            .map(|named| (named.name.as_str(), Written::policy(named.at.as_ref(), named.policy.config())));
        let passes = self.passes.iter().map(|pass| (pass.name.as_str(), Written::pass(pass.at.as_ref())));
        write(policies.chain(passes))
    }
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Keeps each problem of the file's defaults once, although every policy that inherits them has it. An acknowledgement in the defaults is
/// unused only if none of the `sharing` policies uses it.
fn without_repeats(problems: Vec<SpannedProblem>, sharing: usize) -> Vec<SpannedProblem> {
    let key = |spanned: &SpannedProblem| {
        (spanned.problem.code, spanned.span.clone(), spanned.problem.message.clone())
    };
    let mut counts: HashMap<(ProblemCode, Range<usize>, String), usize> = HashMap::new();
    for shared in problems.iter().filter(|spanned| spanned.policy.is_none()) {
        *counts.entry(key(shared)).or_default() += 1;
    }
    let mut is_kept = |spanned: &SpannedProblem| {
        let applies = |count| spanned.problem.code != ProblemCode::AcknowledgeUnused || count == sharing;
        spanned.policy.is_some() || counts.remove(&key(spanned)).is_some_and(applies)
    };
    problems.into_iter().filter(|spanned| is_kept(spanned)).collect()
}

/// Returns all bytes, or one more than a policy file may have.
fn read_bounded(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take((MOST_BYTES as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the error for bytes that are not UTF-8, at the first invalid one.
fn not_utf_8(name: &str, bytes: &[u8], valid: usize) -> FileProblems {
    let why = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file is in UTF-16: save it as UTF-8",
        _ => "this byte is not UTF-8: save the file as UTF-8",
    };
    let text = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default()).into_owned();
    let problem = SpannedProblem::new(ProblemCode::FileSyntax, "policy", text.len()..text.len(), why);
    FileProblems::new(Source::new(name, text), vec![problem])
}
