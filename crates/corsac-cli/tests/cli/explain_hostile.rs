//! `corsac explain` and `check --from` with files that are no text, never end, or never begin: a sentence says so, in time and in little memory.

use std::path::{Path, PathBuf};

use crate::command::{Run, binary, corsac, run};

/// A text has at most 16 MiB, and is kept while it is decoded. 100 MB.
const MEMORY: u64 = 100 << 10;

/// A folder of a test's own, which is removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("corsac-hostile-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs `corsac` on a file, which is an error of the arguments, and returns the message.
fn refused(name: &str, arguments: &[&str], file: &Path) -> String {
    let run = corsac(arguments.iter().map(|argument| (*argument).as_ref()).chain([file.as_os_str()]));
    is_refused(name, &run);
    run.stderr
}

fn is_refused(name: &str, run: &Run) {
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
    assert_eq!(run.stderr.lines().count(), 1, "{name}: {run:#?}");
    assert!(run.stderr.starts_with("error: "), "{name}: {run:#?}");
    assert!(run.peak.is_none_or(|peak| peak < MEMORY), "{name}: {run:#?}");
}

#[test]
fn a_file_that_is_no_text_is_named_as_what_it_is() {
    let folder = Folder::new("kinds");
    let deep = [br#"{"log": {"creator": "#.as_slice(), &b"[".repeat(300_000)].concat();
    let table: [(&str, &str, &[u8], &str); 7] = [
        ("a program", "a.bin", b"\x7fELF\x02\x01\0\0\0", "zero bytes"),
        ("half a character", "half.txt", b"Access to fetch \xe2\x82", "the byte at offset 16 is not UTF-8"),
        ("UTF-16 without a mark", "unmarked.txt", b"C\0O\0R\0S\0", "UTF-16 without a byte order mark"),
        ("UTF-16 of an odd length", "odd.txt", b"\xff\xfeC\0O", "it starts like UTF-16, and is not"),
        ("nothing", "empty.txt", b"", "the text is empty"),
        ("a cut recording", "cut.har", br#"{"log": {"entries": [{"#, "in the middle of the JSON"),
        ("a deep recording", "deep.har", &deep, "more than 512 values inside each other"),
    ];
    for (name, file, bytes, words) in table {
        let path = folder.file(file);
        std::fs::write(&path, bytes).unwrap();
        let message = refused(name, &["explain"], &path);
        assert!(message.contains(words), "{name}: {message}");
    }
}

#[test]
fn utf_16_with_a_mark_is_read() {
    let folder = Folder::new("marked");
    let path = folder.file("marked.txt");
    let line = "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 502";
    let bytes = "\u{feff}".encode_utf16().chain(line.encode_utf16()).flat_map(u16::to_le_bytes);
    std::fs::write(&path, bytes.collect::<Vec<u8>>()).unwrap();
    let run = corsac(["explain".as_ref(), "--json".as_ref(), path.as_os_str()]);
    assert_eq!(run.json()["items"][0]["code"], "allow-origin-missing", "{run:#?}");
}

#[test]
fn a_file_of_a_gigabyte_is_not_read_to_its_end() {
    let folder = Folder::new("gigabyte");
    let table = [
        ("a text", "a.txt", "", "limit for a text"),
        ("a recording", "a.har", r#"{"log": {"entries": ["#, "not JSON"),
    ];
    for (name, file, start, words) in table {
        let path = folder.file(file);
        std::fs::write(&path, start).unwrap();
        // Sparse: it takes no room on the disk.
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
        let message = refused(name, &["explain"], &path);
        assert!(message.contains(words), "{name}: {message}");
    }
}

#[test]
fn a_file_that_says_nothing_known_is_not_taken_for_a_word() {
    let folder = Folder::new("notes");
    let path = folder.file("notes.txt");
    std::fs::write(&path, "hello\n").unwrap();
    let run = corsac(["explain".as_ref(), path.as_os_str()]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stderr.contains("does not recognize this text"), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn what_never_ends_or_never_begins_is_refused() {
    let folder = Folder::new("endless");
    let pipe = folder.file("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let zero = Path::new("/dev/zero");
    let table: [(&str, &[&str], &Path, &str); 5] = [
        ("endless text", &["explain"], zero, "limit for a text"),
        ("an endless recording", &["explain", "--as", "har"], zero, "binary, not JSON"),
        ("an endless request", &["check", "--from"], zero, "too long"),
        ("a pipe without a writer", &["explain"], &pipe, "wait forever"),
        ("a pipe without a writer, as a request", &["check", "--from"], &pipe, "wait forever"),
    ];
    for (name, arguments, path, words) in table {
        let message = refused(name, arguments, path);
        assert!(message.contains(words), "{name}: {message}");
    }
}

/// As with `corsac explain <(unzip -p recording.zip)`.
#[cfg(unix)]
#[test]
fn a_recording_from_a_pipe_that_the_shell_opened_is_read_whole() {
    let body = "x".repeat(200_000);
    let recording = format!(
        r#"{{"log": {{"creator": {{"name": "Firefox"}}, "entries": [{{
            "request": {{"method": "GET", "url": "https://api.example/items", "headers": [{{"name": "Origin", "value": "https://app.example"}}]}},
            "response": {{"status": 200, "headers": [], "content": {{"text": "{body}"}}}}
        }}]}}}}"#
    );
    let folder = Folder::new("pipe");
    let copy = folder.file("copy.har");
    let table: [&[&str]; 2] = [&[], &["--redact", copy.to_str().unwrap()]];
    for more in table {
        let mut command = binary();
        // A pipe behind the standard input has the same name in every Unix.
        command.args(["explain", "/dev/stdin", "--json"]).args(more);
        let run = run(command, recording.as_bytes());
        assert_eq!(run.json()["items"][0]["code"], "allow-origin-missing", "{run:#?}");
    }
}
