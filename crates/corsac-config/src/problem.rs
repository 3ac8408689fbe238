//! What is wrong in a file, and where.

use std::fmt;
use std::ops::Range;

use corsac::server::{Problem, ProblemCode, Severity};
use corsac::text::{LONGEST_MESSAGE, Printable, QUOTED};

use crate::source::Source;

/// Something that is wrong or unwise in a policy file.
///
/// ```
/// use corsac_config::{Format, PolicyFile};
///
/// let text = "[policy.app]\norigins = [\"https://app.example/\"]\n";
/// let problems = PolicyFile::parse(text, Format::Toml).unwrap_err();
/// let problem = problems.iter().next().unwrap();
/// assert_eq!((problem.line, problem.column), (2, 12));
/// assert_eq!(&text[problem.span.clone()], "\"https://app.example/\"");
/// assert_eq!(problem.policy.as_deref(), Some("app"));
/// assert_eq!(problem.problem.suggestion.as_deref(), Some("https://app.example"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileProblem {
    /// The policy's name; `None` if the problem is not that of a single policy.
    pub policy: Option<String>,
    /// What is wrong: its code, the value, and what to write instead.
    pub problem: Problem,
    /// The position in [`FileProblems::source`], in bytes.
    pub span: Range<usize>,
    /// The line where the span begins, from 1.
    pub line: usize,
    /// The column where the span begins, from 1, in characters.
    pub column: usize,
    /// The part of the span to underline.
    pub(crate) underlined: Range<usize>,
}

impl FileProblem {
    /// Returns `true` if it is an error, `false` if it is a lint.
    pub fn is_error(&self) -> bool {
        self.problem.is_error()
    }
}

/// The message and the suggestion as sentences. Long values are shortened, and control characters are escaped.
impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = &self.problem;
        let message = Printable::new(&problem.message, LONGEST_MESSAGE);
        match (problem.value.as_str(), &problem.suggestion) {
            // There is no value to quote: the position shows what it is about.
            ("", None) => write!(f, "{message}."),
            ("", Some(suggestion)) => {
                write!(f, "{message}. Write `{}`.", Printable::new(suggestion, QUOTED))
            }
            _ => problem.fmt(f),
        }
    }
}

impl std::error::Error for FileProblem {}

/// All errors and lints of a policy file, in the order of the file.
///
/// With `miette`'s feature `fancy`, a program can print them with the lines of the file:
///
/// ```
/// use corsac_config::{Format, PolicyFile};
///
/// let problems = PolicyFile::parse("[policy.app]\norigins = [\"app.example\"]\n", Format::Toml).unwrap_err();
/// let mut page = String::new();
/// let theme = miette::GraphicalTheme::unicode_nocolor();
/// miette::GraphicalReportHandler::new_themed(theme).render_report(&mut page, &problems)?;
/// assert!(page.contains("2 │ origins = [\"app.example\"]"), "{page}");
/// assert!(page.contains("Write `https://app.example`."), "{page}");
/// # Ok::<(), std::fmt::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileProblems {
    pub(crate) source: Source,
    problems: Vec<FileProblem>,
}

/// A problem whose line has not been looked up yet.
pub(crate) struct SpannedProblem {
    pub(crate) policy: Option<String>,
    pub(crate) problem: Problem,
    pub(crate) span: Range<usize>,
}

impl SpannedProblem {
    /// Makes a problem of a file, which a `PolicyConfig` cannot have.
    pub(crate) fn new(
        code: ProblemCode,
        key: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self { policy: None, problem: Problem::of_key(code, key, message), span }
    }

    /// Returns `true` if a part of the file that could not be parsed might resolve the problem.
    pub(crate) fn may_be_resolved_elsewhere(&self) -> bool {
        let code = self.problem.code;
        code == ProblemCode::KeyMissing || code.can_be_acknowledged()
    }

    pub(crate) fn with_value(mut self, value: impl Into<String>) -> Self {
        self.problem.value = value.into();
        self
    }

    pub(crate) fn suggest(mut self, suggestion: impl Into<Option<String>>) -> Self {
        self.problem.suggestion = suggestion.into();
        self
    }

    pub(crate) fn at_index(mut self, index: Option<usize>) -> Self {
        self.problem.place.index = index;
        self
    }
}

impl FileProblems {
    pub(crate) fn new(source: Source, mut spanned: Vec<SpannedProblem>) -> Self {
        spanned.sort_by_key(|problem| problem.span.start);
        let mut problems = Vec::with_capacity(spanned.len());
        // The problems are in order, so the characters of a line with very many of them are counted only once.
        let (mut counted_from, mut counted_to, mut column) = (0, 0, 1_usize);
        for SpannedProblem { policy, problem, span } in spanned {
            let (line, start) = source.line(span.start);
            if counted_from != start || counted_to > span.start {
                (counted_from, counted_to, column) = (start, start, 1);
            }
            let passed = source.text.get(counted_to..span.start).unwrap_or_default();
            column = column.saturating_add(passed.chars().count());
            counted_to = span.start;
            let underlined = source.underlined(&span);
            problems.push(FileProblem {
                policy,
                problem,
                span,
                line: line.saturating_add(1),
                column,
                underlined,
            });
        }
        Self { source, problems }
    }

    /// Returns the problems in the order of the file.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let text = "[policy.a]\norigin = []\n[policy.b]\norigins = [\"a.example\"]\nmethods = [\"put\"]\n";
    /// let problems = PolicyFile::parse(text, Format::Toml).unwrap_err();
    /// let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    /// assert_eq!(lines, [2, 4, 5]); // all of them, of all policies
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, FileProblem> {
        self.problems.iter()
    }

    /// Returns `true` if there are no problems.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let file = PolicyFile::parse("[policy.app]\norigins = [\"*\"]\n", Format::Toml)?;
    /// assert!(file.lints().is_empty());
    /// # Ok::<(), corsac_config::FileProblems>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns the content of the file, without a byte order mark.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let problems = PolicyFile::parse("\u{feff}{}", Format::Json).unwrap_err();
    /// assert_eq!(problems.source(), "{}");
    /// ```
    pub fn source(&self) -> &str {
        &self.source.text
    }

    /// Returns the name of the file: its path, or the name set with [`named`](Self::named).
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Sets the name of the file.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let problems = PolicyFile::parse("", Format::Toml).unwrap_err().named("corsac.toml");
    /// assert!(problems.to_string().starts_with("corsac.toml has 1 error:\nline 1, column 1: error (key-missing): "));
    /// ```
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.source.name);
        self
    }

    /// Returns the number of errors and the number of lints.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let text = "[policy.app]\norigins = [\"http://a.example\", \"b.example\"]\n";
    /// assert_eq!(PolicyFile::parse(text, Format::Toml).unwrap_err().count(), (1, 1));
    /// ```
    pub fn count(&self) -> (usize, usize) {
        let errors = self.problems.iter().filter(|problem| problem.is_error()).count();
        (errors, self.problems.len().saturating_sub(errors))
    }

    /// Returns the name of the file and how many problems it has.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let text = "[policy.app]\norigins = [\"http://a.example\", \"b.example\"]\n";
    /// let problems = PolicyFile::parse(text, Format::Toml).unwrap_err().named("corsac.toml");
    /// assert_eq!(problems.summary(), "corsac.toml has 1 error and 1 lint:");
    /// ```
    pub fn summary(&self) -> String {
        let counted = |count: usize, severity: Severity| {
            let ending = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {}{ending}", severity.as_str()))
        };
        let (errors, lints) = self.count();
        let counts = [counted(errors, Severity::Error), counted(lints, Severity::Lint)];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        let name = self.source.printable_name();
        match counts.is_empty() {
            true => format!("{name} has no problems"),
            false => format!("{name} has {}:", counts.join(" and ")),
        }
    }

    /// Returns a line for each problem, in the format of compilers, for programs that do not print them with `miette`.
    ///
    /// ```
    /// # use corsac_config::{Format, PolicyFile};
    /// let problems = PolicyFile::parse("[policy.app]\norigins = []\ntimings = true\n", Format::Toml).unwrap_err().named("corsac.toml");
    /// let lines = problems.lines();
    /// assert!(lines.contains("corsac.toml:3:1: error (key-unknown): `timings`: "), "{lines}");
    /// ```
    pub fn lines(&self) -> String {
        let line = |problem: &FileProblem| {
            let FileProblem { line, column, .. } = problem;
            let code = problem.problem.code;
            format!(
                "{}:{line}:{column}: {} ({code}): {problem}\n",
                self.source.printable_name(),
                code.severity().as_str()
            )
        };
        self.problems.iter().map(line).collect()
    }
}

/// The number of problems, and a line for each of the first three. If there are errors, only these.
impl fmt::Display for FileProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 3;
        f.write_str(&self.summary())?;
        if self.is_empty() {
            return Ok(());
        }
        let (errors, _) = self.count();
        let mut listed = self.iter().filter(|problem| errors == 0 || problem.is_error());
        for problem in listed.by_ref().take(MOST) {
            let (FileProblem { line, column, .. }, code) = (problem, problem.problem.code);
            write!(f, "\nline {line}, column {column}: {} ({code}): {problem}", code.severity().as_str())?;
        }
        match listed.count() {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for FileProblems {}
