//! The header lines of an answer.

use super::model::{Content, MoreHeaders, Protocol};
use super::run::{Ended, Run};
use crate::server::{Answer, Line};

/// The statuses to which `add_header` without `always` adds.
const ADDED_TO: &[u16] = &[200, 201, 204, 206, 301, 302, 303, 304, 307, 308];

impl Run<'_> {
    /// The answer, with its header lines.
    pub(super) fn answer(mut self) -> Answer {
        let ended = self.ended();
        let answered_at = match &ended {
            Ended::Behind(_) => None,
            Ended::Here { at, .. } => Some(*at),
        };
        match ended {
            Ended::Behind(content) => {
                self.status = self.kept_status().unwrap_or_else(|| self.file_status(content));
                self.lines = self.lines_of_what_is_behind(content);
            }
            Ended::Here { status, location, at, .. } => {
                self.status = status;
                let location =
                    location.map(|value| Line { name: "Location".to_owned(), value, at: Some(at) });
                self.lines.extend(location);
            }
        }
        // headers-more is a filter that runs before the one of `add_header`.
        let configuration = self.configuration;
        for more in configuration.more_headers(self.level) {
            self.set_more_headers(more);
        }
        for header in configuration.add_headers(self.level) {
            if !header.always && !ADDED_TO.contains(&self.status) {
                continue;
            }
            let value = self.value(&header.value);
            if !value.is_empty() {
                self.lines.push(Line { name: header.name.clone(), value, at: Some(header.at) });
            }
        }
        Answer { status: self.status, answered_at, lines: self.lines }
    }

    fn lines_of_what_is_behind(&self, content: Option<Content>) -> Vec<Line> {
        let hides = |name: &str| match content {
            Some(Content::Upstream(protocol)) => self.configuration.hides(self.level, protocol, name),
            // It is not known how nginx asks it, so whatever is hidden for a protocol is hidden.
            _ => {
                let protocols =
                    [Protocol::Proxy, Protocol::Fastcgi, Protocol::Uwsgi, Protocol::Scgi, Protocol::Grpc];
                protocols.into_iter().any(|protocol| self.configuration.hides(self.level, protocol, name))
            }
        };
        let headers = self.asked.behind.headers.iter();
        // Files have no headers of their own.
        let headers = headers.filter(|(name, _)| content.is_some() && !hides(name));
        headers.map(|(name, value)| Line { name: name.clone(), value: value.clone(), at: None }).collect()
    }

    fn set_more_headers(&mut self, more: &MoreHeaders) {
        if !more.statuses.is_empty() && !more.statuses.contains(&self.status) {
            return;
        }
        for header in &more.headers {
            let value = self.value(&header.value);
            let is_named = |line: &Line| match header.name.strip_suffix('*') {
                Some(start) => {
                    line.name.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
                }
                None => line.name.eq_ignore_ascii_case(&header.name),
            };
            let line = Line { name: header.name.clone(), value, at: Some(more.at) };
            let first = self.lines.iter().position(is_named);
            if more.only_if_there && first.is_none() {
                continue;
            }
            if !more.appends {
                self.lines.retain(|line| !is_named(line));
            }
            if !line.value.is_empty() {
                let index = first.filter(|_| !more.appends).unwrap_or(self.lines.len());
                self.lines.insert(index.min(self.lines.len()), line);
            }
        }
    }
}
