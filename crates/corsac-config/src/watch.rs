//! Reading a file again when it changes.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::file::PolicyFile;
use crate::format::Format;
use crate::read_error::ReadError;

/// A good interval for [`PolicyFile::watch`]: how often the file is checked for changes.
pub const WATCH_INTERVAL: Duration = Duration::from_secs(2);

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Watches a policy file until it is dropped. Dropping it waits for a call of the callback that is running. See [`PolicyFile::watch`].
#[must_use = "the file is watched until this is dropped"]
pub struct Watch {
    /// Dropping it ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl PolicyFile {
    /// Reads a file now, and again whenever its content changes. `changed` is called with the new file, or with the error if it cannot be used;
    /// it is best to keep using the previous policies then. It is called on a separate thread, one call at a time, and once for each change.
    ///
    /// The content is compared and not the time of modification, so replaced files, mounted files and symbolic links work. `every` is the
    /// interval between checks, from 50 ms to an hour; [`WATCH_INTERVAL`] is a good value.
    ///
    /// ```no_run
    /// use corsac_config::{PolicyFile, WATCH_INTERVAL};
    ///
    /// let (file, watch) = PolicyFile::watch("corsac.toml", WATCH_INTERVAL, |changed| match changed {
    ///     Ok(file) => println!("{} policies", file.policies().count()),
    ///     Err(error) => eprintln!("the previous policies stay in use: {error}"),
    /// })?;
    /// # drop((file, watch));
    /// # Ok::<(), corsac_config::ReadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails like [`read`](Self::read) if the file cannot be used now, and if the thread cannot be started.
    pub fn watch(
        path: impl AsRef<Path>,
        every: Duration,
        mut changed: impl FnMut(Result<Self, ReadError>) + Send + 'static,
    ) -> Result<(Self, Watch), ReadError> {
        let path = path.as_ref().to_owned();
        let mut last = Content::of(&path);
        let file = last.parse(&path)?;
        let (stop, stopped) = channel::<()>();
        let every = every.clamp(SHORTEST, LONGEST);
        let watched = path.clone();
        let run = move || {
            // Nothing is ever sent. The loop ends when the other end is dropped.
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let now = Content::of(&watched);
                if now != last {
                    changed(now.parse(&watched));
                    last = now;
                }
            }
        };
        let thread = std::thread::Builder::new().name("corsac-policy-file".to_owned()).spawn(run);
        let thread = thread.map_err(|error| ReadError::Io { path, error })?;
        Ok((file, Watch { stop: Some(stop), thread: Some(thread) }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A callback that drops the `Watch` runs on this thread, and cannot wait for itself.
        if let Some(thread) =
            self.thread.take().filter(|thread| thread.thread().id() != std::thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// The content of a file at one time.
#[derive(PartialEq)]
enum Content {
    Bytes(Vec<u8>),
    Unreadable(std::io::ErrorKind),
}

impl Content {
    fn of(path: &Path) -> Self {
        match PolicyFile::content(path) {
            Ok(bytes) => Self::Bytes(bytes),
            Err(error) => Self::Unreadable(error.kind()),
        }
    }

    fn parse(&self, path: &Path) -> Result<PolicyFile, ReadError> {
        match self {
            Self::Bytes(bytes) => PolicyFile::of_content(path, bytes.clone(), Format::of_path(path)),
            Self::Unreadable(kind) => Err(ReadError::Io { path: path.to_owned(), error: (*kind).into() }),
        }
    }
}
