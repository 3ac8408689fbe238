//! How the server spelled the names of its header lines. The HTTP/1 library reports them in lower case.

use std::sync::{Arc, Mutex, PoisonError};

use super::limits::LINE_LIMIT;

/// Collects the names in the head of a response from its bytes, in order. Clones share them.
#[derive(Clone, Default)]
pub(super) struct ReceivedNames(Arc<Mutex<Names>>);

#[derive(Default)]
struct Names {
    complete: Vec<String>,
    /// The line so far, up to its colon.
    line: Vec<u8>,
    after_colon: bool,
}

/// A longer name is reported in lower case.
const LONGEST_NAME: usize = 256;

impl ReceivedNames {
    pub(super) fn pass(&self, byte: u8) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match byte {
            b'\n' => {
                names.line.clear();
                names.after_colon = false;
            }
            _ if names.after_colon => {}
            b':' => {
                names.after_colon = true;
                if names.complete.len() < LINE_LIMIT {
                    let name = String::from_utf8_lossy(&names.line).trim_end().to_owned();
                    names.complete.push(name);
                }
            }
            _ if names.line.len() < LONGEST_NAME => names.line.push(byte),
            _ => {}
        }
    }

    /// The spellings of the lines that share this name, in order. Empty if there is only one such line, or if the HTTP library accepted another
    /// number of lines.
    pub(super) fn of_repeated(&self, name: &str, lines: usize) -> Vec<String> {
        if lines < 2 {
            return Vec::new();
        }
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |spelled: &&String| spelled.eq_ignore_ascii_case(name);
        let spelled: Vec<String> = names.complete.iter().filter(same).cloned().collect();
        if spelled.len() == lines { spelled } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_repeat_a_name_keep_their_spelling() {
        let names = ReceivedNames::default();
        let head = "HTTP/1.1 200 OK: fine\r\nX-A: x-b: 1\r\nx-a : 2\r\n X-A: folded\r\nVary: X-A\r\n\r\n";
        head.bytes().for_each(|byte| names.pass(byte));
        assert_eq!(names.of_repeated("x-a", 2), ["X-A", "x-a"]);
        assert!(names.of_repeated("x-a", 3).is_empty(), "the library saw other lines");
        assert!(names.of_repeated("vary", 1).is_empty(), "a single line needs no spelling");
    }
}
