//! Where the files of an export go. Nothing that we did not write is replaced, and nothing is removed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::Site;
use crate::terminal::printable;

/// The file that marks a directory as ours. It lists what we wrote.
const MARKER: &str = ".corsac-export";
const FIRST_LINE: &str = "Written by `corsac ui --export`, which replaces these files and no others:";

/// Writes the files into the directory: one that does not exist, that is empty, or that an earlier export was written into.
pub(super) fn write(directory: &Path, site: &Site) -> Result<(), String> {
    let ours = ours(directory)?;
    if let Some(foreign) = foreign(directory, site, &ours) {
        return Err(format!(
            "`{}` is not of an earlier export. Remove it, or choose another directory.",
            name(&foreign)
        ));
    }
    // The list comes first: if the rest cannot be written, the next export may still replace what is there.
    let all: BTreeSet<&str> =
        ours.iter().map(String::as_str).chain(site.keys().map(String::as_str)).collect();
    let lines = std::iter::once(FIRST_LINE).chain(all);
    let list: String = lines.map(|line| format!("{line}\n")).collect();
    write_file(directory, MARKER, list.as_bytes())?;
    site.iter().try_for_each(|(path, bytes)| write_file(directory, path, bytes))
}

/// Returns what earlier exports wrote into the directory. An error if it may not be used.
fn ours(directory: &Path) -> Result<BTreeSet<String>, String> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(format!("`{}` is a file. `--export` needs a directory.", name(directory)));
        }
        Err(error) => return Err(format!("cannot read `{}`: {error}", name(directory))),
    };
    match fs::read_to_string(directory.join(MARKER)) {
        Ok(list) if list.starts_with(FIRST_LINE) => Ok(list.lines().skip(1).map(str::to_owned).collect()),
        _ if entries.count() == 0 => Ok(BTreeSet::new()),
        _ => Err(format!(
            "`{}` has files that Corsac did not write. Choose an empty directory, or one that does not exist yet.",
            name(directory)
        )),
    }
}

/// Returns what stands where a file of the site would go and was not written by us: another file, or a link that leads elsewhere.
fn foreign(directory: &Path, site: &Site, ours: &BTreeSet<String>) -> Option<std::path::PathBuf> {
    site.keys().find_map(|path| {
        let mut place = directory.to_owned();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            place.push(part);
            let Ok(found) = fs::symlink_metadata(&place) else { return None };
            let is_ours =
                if parts.peek().is_some() { found.is_dir() } else { found.is_file() && ours.contains(path) };
            if !is_ours {
                return Some(place);
            }
        }
        None
    })
}

fn write_file(directory: &Path, path: &str, bytes: &[u8]) -> Result<(), String> {
    let file = directory.join(path);
    let written = match file.parent() {
        Some(parent) => fs::create_dir_all(parent),
        None => Ok(()),
    };
    let written = written.and_then(|()| fs::File::create(&file)?.write_all(bytes));
    written.map_err(|error| format!("cannot write `{}`: {error}", name(&file)))
}

fn name(path: &Path) -> String {
    printable(path.as_os_str().as_encoded_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// An empty directory, removed at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("corsac-export-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn site(text: &str) -> Site {
        let file = |path: &str| (path.to_owned(), text.as_bytes().to_vec());
        [file("index.html"), file("read/index.html")].into()
    }

    #[test]
    fn a_new_an_empty_and_an_earlier_directory_are_written_into() {
        let scratch = Scratch::new("good");
        let new = scratch.0.join("deep/new");
        for text in ["first", "second"] {
            for directory in [&scratch.0.join("empty"), &new] {
                fs::create_dir_all(directory.parent().unwrap()).unwrap();
                write(directory, &site(text)).unwrap();
                assert_eq!(fs::read_to_string(directory.join("read/index.html")).unwrap(), text);
            }
        }
    }

    #[test]
    fn files_that_others_put_beside_ours_stay() {
        let scratch = Scratch::new("beside");
        write(&scratch.0, &site("ours")).unwrap();
        fs::write(scratch.0.join("CNAME"), "docs.example").unwrap();
        write(&scratch.0, &site("again")).unwrap();
        assert_eq!(fs::read_to_string(scratch.0.join("CNAME")).unwrap(), "docs.example");
    }

    #[test]
    fn a_directory_with_foreign_files_is_refused_and_left_alone() {
        let scratch = Scratch::new("foreign");
        fs::write(scratch.0.join("index.html"), "mine").unwrap();
        let error = write(&scratch.0, &site("ours")).unwrap_err();
        assert!(error.contains("has files that Corsac did not write"), "{error}");
        assert_eq!(fs::read_to_string(scratch.0.join("index.html")).unwrap(), "mine");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1);
        let error = write(&scratch.0.join("index.html"), &site("ours")).unwrap_err();
        assert!(error.contains("is a file"), "{error}");
    }

    #[test]
    fn a_foreign_file_in_the_place_of_a_new_one_is_not_replaced() {
        let scratch = Scratch::new("place");
        write(&scratch.0, &Site::from([("index.html".to_owned(), Vec::new())])).unwrap();
        fs::create_dir(scratch.0.join("read")).unwrap();
        fs::write(scratch.0.join("read/index.html"), "mine").unwrap();
        let error = write(&scratch.0, &site("ours")).unwrap_err();
        assert!(error.contains("is not of an earlier export"), "{error}");
        assert_eq!(fs::read_to_string(scratch.0.join("read/index.html")).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let scratch = Scratch::new("link");
        let (directory, elsewhere) = (scratch.0.join("site"), scratch.0.join("elsewhere"));
        fs::create_dir(&elsewhere).unwrap();
        write(&directory, &site("ours")).unwrap();
        fs::remove_dir_all(directory.join("read")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, directory.join("read")).unwrap();
        assert!(write(&directory, &site("again")).is_err());
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    }
}
