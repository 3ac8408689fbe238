//! Just enough HTTP/1.1 to receive what a browser sends, byte for byte.

use std::io::{self, BufRead, Read};

/// A request as it arrived.
#[derive(Debug)]
pub struct Request {
    pub method: String,
    /// Absolute: the listener's scheme, the `Host` header, and the target.
    pub url: String,
    target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// The longest head that is read.
const HEAD_LIMIT: u64 = 1 << 20;
const BODY_LIMIT: u64 = 1 << 26;

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The response in HTTP/1.1.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} Scripted\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }
}

impl Request {
    pub fn new(
        method: String,
        origin: &str,
        target: String,
        headers: Vec<(String, Vec<u8>)>,
        body: Vec<u8>,
    ) -> Self {
        Self { method, url: format!("{origin}{target}"), target, headers, body }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        self.url.strip_suffix(&self.target).unwrap_or(&self.url)
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The value of a parameter of the query, not decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let line = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(&line.1).into_owned())
    }
}

/// The next request. `None` at the end of the connection.
pub fn read_request(reader: &mut impl BufRead, scheme: &str) -> io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.take(HEAD_LIMIT).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        // The start of a TLS session on a port without TLS.
        if lines.is_empty() && line.first() == Some(&0x16) {
            return Ok(None);
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut lines = lines.into_iter();
    let first = String::from_utf8_lossy(&lines.next().unwrap_or_default()).into_owned();
    let mut words = first.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let headers: Vec<_> = lines.filter_map(|line| header(&line)).collect();
    let mut request = Request {
        method: method.to_owned(),
        url: String::new(),
        target: target.to_owned(),
        headers,
        body: Vec::new(),
    };
    request.url = format!("{scheme}://{}{target}", request.header("host").unwrap_or_default());
    request.body = read_body(reader, &request)?;
    Ok(Some(request))
}

fn header(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (line.get(..colon)?, line.get(colon.saturating_add(1)..)?);
    Some((String::from_utf8_lossy(name).into_owned(), corsac::header::normalize(value).to_vec()))
}

fn read_body(reader: &mut impl BufRead, request: &Request) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if request.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        loop {
            let mut size = String::new();
            reader.take(64).read_line(&mut size)?;
            let size = u64::from_str_radix(size.trim(), 16).unwrap_or(0);
            reader.take(size.min(BODY_LIMIT)).read_to_end(&mut body)?;
            let mut end = String::new();
            reader.take(64).read_line(&mut end)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    let length = request.header("content-length").and_then(|value| value.parse::<u64>().ok());
    reader.take(length.unwrap_or(0).min(BODY_LIMIT)).read_to_end(&mut body)?;
    Ok(body)
}
