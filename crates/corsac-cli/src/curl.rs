//! A request as a command line for curl, whose values are quoted for a shell.

use url::Url;

/// The words of the command so far.
pub(crate) struct Curl(Vec<String>);

impl Curl {
    /// Starts a command with this method. It prints the head of the response.
    pub(crate) fn new(method: &str) -> Self {
        // -g: curl must not expand brackets and braces in the URL.
        let mut words = vec!["curl".to_owned(), "-i".to_owned(), "-g".to_owned()];
        match method {
            "GET" => {}
            "HEAD" => words.push("-I".to_owned()),
            method => words.extend(["-X".to_owned(), quoted(method)]),
        }
        Self(words)
    }

    /// Adds words that need no quotes.
    pub(crate) fn option(&mut self, words: &[&str]) {
        self.0.extend(words.iter().map(|word| (*word).to_owned()));
    }

    /// Adds a header line, which has to be printable.
    pub(crate) fn header(&mut self, line: &str) {
        // curl removes a header that has nothing after its colon.
        let line = line.strip_suffix(": ").map_or_else(|| line.to_owned(), |name| format!("{name};"));
        self.0.extend(["-H".to_owned(), quoted(&line)]);
    }

    /// Ends the command with its URL, which has to be printable.
    pub(crate) fn url(mut self, url: &str) -> String {
        self.0.push(quoted(url));
        self.0.join(" ")
    }
}

/// Returns the URL at which a request for `url` arrives if only the connection goes to `server`.
pub(crate) fn at_server(server: &Url, url: &Url) -> Url {
    let mut at = server.clone();
    at.set_path(url.path());
    at.set_query(url.query());
    at
}

/// Quotes one word of a shell's command line.
fn quoted(text: &str) -> String {
    // Only NUL cannot be quoted, and nothing printable contains it.
    shlex::try_quote(text).map(Into::into).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_one_word_of_the_shell() {
        let mut curl = Curl::new("PU'T");
        curl.header("X-A: it's $HOME");
        curl.header("X-Empty: ");
        curl.option(&["--http1.1"]);
        let line = curl.url("http://[::1]/a b?{c}");
        let words = [
            "curl",
            "-i",
            "-g",
            "-X",
            "PU'T",
            "-H",
            "X-A: it's $HOME",
            "-H",
            "X-Empty;",
            "--http1.1",
            "http://[::1]/a b?{c}",
        ];
        assert_eq!(shlex::split(&line).unwrap(), words);
    }
}
