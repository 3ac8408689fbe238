//! `corsac policy`: the verbs that work on a policy file.

mod compile;
mod diff;
mod import;
mod infer;
mod lint;
mod schemas;
mod why;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A file with this text, until dropped.
pub(crate) struct TextFile(PathBuf);

impl TextFile {
    pub(crate) fn new(name: &str, text: impl AsRef<[u8]>) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("corsac-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let path = directory.join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TextFile {
    fn drop(&mut self) {
        if let Some(directory) = self.0.parent() {
            let _ = std::fs::remove_dir_all(directory);
        }
    }
}
