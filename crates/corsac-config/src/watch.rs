//! A file that is read again when it changes.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::file::PolicyFile;
use crate::format::Format;
use crate::read_error::ReadError;

/// How often a watched file is looked at if nothing else is said.
pub const WATCH_INTERVAL: Duration = Duration::from_secs(2);

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Watches a policy file for as long as it is kept. Dropped, it stops: at once, or after the call that is under way.
///
/// See [`PolicyFile::watch`].
#[must_use = "the file is watched for as long as this is kept"]
pub struct Watch {
    /// Dropped first, which ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl PolicyFile {
    /// Reads a file now, and again whenever what it holds has changed. `changed` is given the new file, or what is wrong with it; the
    /// policies of before are then best kept in use. It is called on a thread of its own, one call after the other, and never twice for
    /// the same content.
    ///
    /// The content is compared, not the time of the change, so that replaced files, mounted ones and symbolic links count. The file is
    /// looked at every `every`, at the least 50 ms and at most an hour; [`WATCH_INTERVAL`] is a good value.
    ///
    /// ```no_run
    /// use corsac_config::{PolicyFile, WATCH_INTERVAL};
    ///
    /// let (file, watch) = PolicyFile::watch("corsac.toml", WATCH_INTERVAL, |changed| match changed {
    ///     Ok(file) => println!("{} policies", file.policies().count()),
    ///     Err(error) => eprintln!("the policies of before stay in use: {error}"),
    /// })?;
    /// # drop((file, watch));
    /// # Ok::<(), corsac_config::ReadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), for the file as it is now; and when no thread can be started.
    pub fn watch(
        path: impl AsRef<Path>,
        every: Duration,
        mut changed: impl FnMut(Result<Self, ReadError>) + Send + 'static,
    ) -> Result<(Self, Watch), ReadError> {
        let path = path.as_ref().to_owned();
        let mut seen = Seen::of(&path);
        let file = seen.read(&path)?;
        let (stop, stopped) = channel::<()>();
        let every = every.clamp(SHORTEST, LONGEST);
        let watched = path.clone();
        let run = move || {
            // Nothing is ever sent: the other end is dropped.
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let now = Seen::of(&watched);
                if now != seen {
                    changed(now.read(&watched));
                    seen = now;
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
        // A callback that drops its own guard cannot wait for itself.
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

/// What a file held when it was looked at.
#[derive(PartialEq)]
enum Seen {
    Content(Vec<u8>),
    Unreadable(std::io::ErrorKind),
}

impl Seen {
    fn of(path: &Path) -> Self {
        match PolicyFile::content(path) {
            Ok(bytes) => Self::Content(bytes),
            Err(error) => Self::Unreadable(error.kind()),
        }
    }

    fn read(&self, path: &Path) -> Result<PolicyFile, ReadError> {
        match self {
            Self::Content(bytes) => PolicyFile::of_content(path, bytes.clone(), Format::of_path(path)),
            Self::Unreadable(kind) => Err(ReadError::Io { path: path.to_owned(), error: (*kind).into() }),
        }
    }
}
