//! How each language writes a string. Values are paths, header names, origins, expressions and policy names: whatever they hold, they stay one
//! string there.

/// A filter: the string as it is written, or a sentence that says why it cannot be.
type Quote = fn(&str) -> Result<String, String>;

/// The filters by their names in templates.
pub(crate) const FILTERS: &[(&str, Quote)] = &[
    ("bare_regex", bare_regex),
    ("exact_regex", exact_regex),
    ("nginx", nginx),
    ("nginx_bare", nginx_bare),
    ("nginx_regex", nginx_regex),
    ("json", json),
    ("js_regex", js_regex),
    ("apache", apache),
    ("apache_value", apache_value),
    ("apache_rewrite", apache_rewrite),
    ("caddy", caddy),
    ("haproxy", haproxy),
    ("haproxy_value", haproxy_value),
    ("envoy_value", envoy_value),
    ("rust_raw", rust_raw),
    ("single_quoted", single_quoted),
    ("yaml", yaml),
];

/// An expression for this string, without anchors.
fn bare_regex(text: &str) -> Result<String, String> {
    Ok(crate::origin_regex::escaped(text))
}

/// An expression for exactly this string.
fn exact_regex(text: &str) -> Result<String, String> {
    Ok(format!("^{}$", crate::origin_regex::escaped(text)))
}

/// A string of nginx in which variables are expanded. A `$` cannot be escaped there: the variable `cors_dollar` stands for it.
fn nginx(text: &str) -> Result<String, String> {
    nginx_regex(&text.replace('$', "${cors_dollar}"))
}

/// What is between the quotes of such a string.
fn nginx_bare(text: &str) -> Result<String, String> {
    let quoted = nginx(text)?;
    Ok(quoted.trim_matches('"').to_owned()) // neither a method nor the name of a header has a quote
}

/// A string of nginx in which variables are not expanded.
fn nginx_regex(text: &str) -> Result<String, String> {
    // A backslash before anything but a quote, another backslash, `t`, `r` and `n` stays.
    let mut quoted = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted.push('\\'),
            '\\' if letters.peek().is_none_or(|next| matches!(next, '"' | '\'' | '\\' | 't' | 'r' | 'n')) => {
                quoted.push('\\');
            }
            _ => {}
        }
        quoted.push(letter);
    }
    quoted.push('"');
    Ok(quoted)
}

/// A string of JSON, JavaScript, Python, Go, Java, Rust, C# and YAML, and of Lua for printable ASCII.
fn json(text: &str) -> Result<String, String> {
    serde_json::to_string(text).map_err(|error| error.to_string())
}

/// A list of strings of JSON, YAML and Terraform: on one line if it is short, and otherwise a line for each, this far from the margin.
pub(crate) fn list(items: Vec<String>, margin: usize) -> Result<String, minijinja::Error> {
    let wrong = |why| minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, why);
    let items = items.into_iter().map(|item| json(&item).map_err(wrong)).collect::<Result<Vec<_>, _>>()?;
    let line = items.join(", ");
    if line.len() < 100 {
        return Ok(format!("[{line}]"));
    }
    let margin = " ".repeat(margin);
    Ok(format!("[\n{margin}  {}\n{margin}]", items.join(&format!(",\n{margin}  "))))
}

/// A regular expression of JavaScript.
fn js_regex(text: &str) -> Result<String, String> {
    Ok(format!("/{}/", text.replace("\\/", "/").replace('/', "\\/")))
}

/// A string of Apache httpd.
fn apache(text: &str) -> Result<String, String> {
    if text.contains("${") {
        return Err("Apache httpd cannot write `${`, which begins a variable there.".to_owned());
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The expression of a RewriteRule, which reads backslashes as they are. Paths have no quotes.
fn apache_rewrite(text: &str) -> Result<String, String> {
    Ok(format!("\"{text}\""))
}

/// The value of a header of Apache httpd, where `%` begins a variable.
fn apache_value(text: &str) -> Result<String, String> {
    apache(&text.replace('%', "%%"))
}

/// A string of a Caddyfile, in which `{` begins a placeholder.
fn caddy(text: &str) -> Result<String, String> {
    if text.ends_with('\\') {
        return Err("Caddy cannot write a `\\` at the end of a string.".to_owned());
    }
    Ok(format!("\"{}\"", text.replace('"', "\\\"")))
}

/// A string of HAProxy, between quotes in which nothing has a meaning.
fn haproxy(text: &str) -> Result<String, String> {
    Ok(format!("'{}'", text.replace('\'', "'\\''")))
}

/// The value of a header of HAProxy, where `%` begins a variable.
fn haproxy_value(text: &str) -> Result<String, String> {
    haproxy(&text.replace('%', "%%"))
}

/// The value of a header of Envoy, where `%` begins a variable.
fn envoy_value(text: &str) -> Result<String, String> {
    json(&text.replace('%', "%%"))
}

/// A string of YAML between quotes in which only a quote has a meaning.
fn yaml(text: &str) -> Result<String, String> {
    Ok(format!("'{}'", text.replace('\'', "''")))
}

/// A string of Ruby and PHP, between quotes in which nothing is expanded.
fn single_quoted(text: &str) -> Result<String, String> {
    Ok(format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")))
}

/// A raw string of Rust, with as many `#` as it needs.
fn rust_raw(text: &str) -> Result<String, String> {
    let longest = text.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len()).max();
    let hashes = "#".repeat(longest.map_or(1, |longest| longest + 1));
    Ok(format!("r{hashes}\"{text}\"{hashes}"))
}
