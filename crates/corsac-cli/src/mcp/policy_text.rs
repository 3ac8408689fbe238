//! Policies: given as text, or read from the directory that the user has allowed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use corsac_config::{FileProblems, Format, PolicyFile};

use crate::given::Given;
use crate::policy::draw_plainly;
use crate::terminal::printable;

/// The most bytes of a policy.
pub(super) const LONGEST_POLICY: usize = 1 << 20;

/// The directory whose files may be read, without symbolic links, or none.
pub(super) struct Root(Option<PathBuf>);

impl Root {
    pub(super) fn new(directory: Option<&Path>) -> Result<Self, String> {
        let resolved = directory.map(|directory| {
            let shown = || printable(directory.as_os_str().as_encoded_bytes());
            let resolved = directory
                .canonicalize()
                .map_err(|error| format!("cannot read the directory `{}` of --root: {error}", shown()))?;
            if resolved.is_dir() {
                Ok(resolved)
            } else {
                Err(format!("--root: `{}` is not a directory", shown()))
            }
        });
        Ok(Self(resolved.transpose()?))
    }

    /// Reads a file of the directory. Symbolic links are followed first, so none leads out of it.
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let Some(root) = &self.0 else {
            return Err(
                "no file is read, because `corsac mcp` was started without `--root DIR`. Give the policy as text"
                    .to_owned(),
            );
        };
        // Whether something is there is nobody's business outside of the directory.
        let refused = || {
            format!("`{}` is not a file in the directory of --root, or it cannot be read", printable(path))
        };
        let file = root.join(path).canonicalize().map_err(|_| refused())?;
        if !file.starts_with(root) || !file.is_file() {
            return Err(refused());
        }
        let mut bytes = Vec::new();
        let limit = u64::try_from(LONGEST_POLICY).unwrap_or(u64::MAX).saturating_add(1);
        let opened = File::open(file).map_err(|_| refused())?;
        opened.take(limit).read_to_end(&mut bytes).map_err(|_| refused())?;
        Ok(bytes)
    }

    /// Takes a policy: the text in the argument `text`, or the file in the argument `file`. Also returns a name for it.
    pub(super) fn policies(
        &self,
        given: &mut Given,
        text: &str,
        file: &str,
        format: Option<Format>,
    ) -> Result<(String, Result<PolicyFile, FileProblems>), String> {
        let (name, bytes, format) = match (given.text(text)?, given.text(file)?) {
            (Some(policy), None) => ("policy".to_owned(), policy.into_bytes(), format),
            (None, Some(path)) => {
                let format = format.or_else(|| Format::of_path(Path::new(&path)));
                let bytes = self.read(&path)?;
                (path, bytes, format)
            }
            (None, None) => {
                return Err(format!("give a policy: as text in `{text}`, or as a path in `{file}`"));
            }
            (Some(_), Some(_)) => return Err(format!("give `{text}` or `{file}`, and not both")),
        };
        if bytes.len() > LONGEST_POLICY {
            return Err(format!("the policy in `{}` is larger than 1 MiB", printable(&name)));
        }
        let policy = String::from_utf8(bytes)
            .map_err(|_| format!("the policy in `{}` is not UTF-8", printable(&name)))?;
        let format = format.unwrap_or_else(|| Format::guess(&policy));
        // The environment of the server is not for an assistant.
        let nothing = |_: &str| None;
        let parsed = PolicyFile::parse_with_environment(&policy, format, &nothing);
        Ok((name, parsed))
    }

    /// The same for a policy that must not have errors.
    pub(super) fn right_policies(
        &self,
        given: &mut Given,
        text: &str,
        file: &str,
        format: Option<Format>,
    ) -> Result<PolicyFile, String> {
        let (name, parsed) = self.policies(given, text, file, format)?;
        parsed.map_err(|problems| draw_plainly(&problems.named(&name)))
    }
}
