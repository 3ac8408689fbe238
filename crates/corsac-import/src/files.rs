//! The files of a configuration, and where something stands in them. Reading from a disk is the caller's.

use crate::error::ImportError;

/// The most bytes of all files together.
pub const MOST_BYTES: usize = 4 << 20;
/// The most files, included ones among them.
const MOST_FILES: usize = 200;
/// The most levels of includes.
const MOST_LEVELS: usize = 20;

/// A file of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "plain data")]
pub struct Source {
    /// Its name, as people should read it in a note.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Where something stands: a file of [`Files`], and a line in it that counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) file: usize,
    pub(crate) line: usize,
}

/// Gives the files that a pattern names, as the configuration writes it: `conf.d/*.conf`. A pattern with a wildcard may name none.
pub type Include<'i> = dyn FnMut(&str) -> Result<Vec<Source>, String> + 'i;

/// The file that is read, and those that it includes.
pub(crate) struct Files<'i> {
    files: Vec<Source>,
    /// The file that included each, for the chain.
    included_by: Vec<Option<usize>>,
    include: &'i mut Include<'i>,
    bytes: usize,
}

impl<'i> Files<'i> {
    /// The first file is number 0.
    ///
    /// # Errors
    ///
    /// Fails if the file is too large.
    pub(crate) fn new(main: Source, include: &'i mut Include<'i>) -> Result<Self, ImportError> {
        let mut files = Self { files: Vec::new(), included_by: Vec::new(), include, bytes: 0 };
        files.add(main, None, At { file: 0, line: 1 })?;
        Ok(files)
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    /// The name of a file.
    pub(crate) fn name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.name)
    }

    /// The number of the first file with the name of this one: a file can be included several times.
    pub(crate) fn first_of_its_name(&self, file: usize) -> usize {
        self.files.iter().position(|other| other.name == self.name(file)).unwrap_or(file)
    }

    /// All of them.
    pub(crate) fn into_sources(self) -> Vec<Source> {
        self.files
    }

    /// The numbers of the files that a pattern names, which an `include` at this place asks for.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be read, includes itself, or is one too many.
    pub(crate) fn include(&mut self, pattern: &str, at: At) -> Result<Vec<usize>, ImportError> {
        self.include_or_reason(pattern, at)?.map_err(|why| ImportError::new(self.name(at.file), at.line, why))
    }

    /// As [`Files::include`], for a configuration that can be read without the file: why it is not there is an answer, too.
    ///
    /// # Errors
    ///
    /// Fails if a file includes itself or is one too many.
    pub(crate) fn include_or_reason(
        &mut self,
        pattern: &str,
        at: At,
    ) -> Result<Result<Vec<usize>, String>, ImportError> {
        let sources = match (self.include)(pattern) {
            Ok(sources) => sources,
            Err(why) => return Ok(Err(why)),
        };
        sources
            .into_iter()
            .map(|source| self.add(source, Some(at.file), at))
            .collect::<Result<_, _>>()
            .map(Ok)
    }

    fn add(&mut self, source: Source, included_by: Option<usize>, at: At) -> Result<usize, ImportError> {
        let name = self.name(at.file).to_owned();
        let refused = |why: String| Err(ImportError::new(&name, at.line, why));
        let (mut above, mut levels) = (included_by, 0_usize);
        while let Some(file) = above {
            if self.name(file) == source.name {
                return refused(format!("`{}` includes itself.", source.name));
            }
            levels = levels.saturating_add(1);
            above = self.included_by.get(file).copied().flatten();
        }
        if levels > MOST_LEVELS {
            return refused(format!("Files include each other over more than {MOST_LEVELS} levels."));
        }
        if self.files.len() >= MOST_FILES {
            return refused(format!("The configuration has more than {MOST_FILES} files."));
        }
        self.bytes = self.bytes.saturating_add(source.text.len());
        if self.bytes > MOST_BYTES {
            return refused(format!("The configuration is larger than {} MiB.", MOST_BYTES >> 20));
        }
        self.files.push(source);
        self.included_by.push(included_by);
        Ok(self.files.len().saturating_sub(1))
    }
}

/// Includes nothing: every pattern is an error that names it.
pub fn no_includes(pattern: &str) -> Result<Vec<Source>, String> {
    Err(format!("`{pattern}` is not there to be included."))
}
