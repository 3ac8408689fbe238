//! Removes secrets from a report, as [`corsac_explain::Secrets`] does.

use corsac::browser::CompletedExchange;
use corsac_explain::is_web_token;
use serde_json::Value;
use url::Url;

use super::controls::ControlResult;
use super::{Question, Report};

/// The secrets of a report.
pub(crate) struct Secrets(corsac_explain::Secrets);

impl Secrets {
    /// Collects the secrets of a question and its report. With `--show-secrets` there are none.
    pub(crate) fn of(question: &Question, report: &Report) -> Self {
        let Self(mut secrets) = Self::of_question(question);
        if question.show_secrets {
            return Self(secrets);
        }
        let fetched = report.engines.iter().flat_map(|engine| &engine.fetched.exchanges);
        fetched.for_each(|completed| secrets.add_completed(completed));
        for control in &report.controls {
            match &control.result {
                ControlResult::Sent(completed) => secrets.add_completed(completed),
                ControlResult::Skipped { exchange, .. } => secrets.add_exchange(exchange),
            }
        }
        Self(secrets)
    }

    /// Collects the secrets of a question. With `--show-secrets` there are none.
    pub(crate) fn of_question(question: &Question) -> Self {
        let mut secrets = corsac_explain::Secrets::default();
        if !question.show_secrets {
            secrets.add_headers(question.request.headers());
            question.cookies.iter().for_each(|cookie| secrets.add_cookie(cookie));
            secrets.add_url(&question.request.init().url);
        }
        Self(secrets)
    }

    /// Collects the secrets of some exchanges.
    pub(crate) fn of_exchanges<'c>(exchanges: impl Iterator<Item = &'c CompletedExchange>) -> Self {
        let mut secrets = corsac_explain::Secrets::default();
        exchanges.for_each(|completed| secrets.add_completed(completed));
        Self(secrets)
    }

    /// Also hides these values, wherever they are. One of fewer than four characters is not hidden, because it could be part of any word.
    pub(crate) fn and(mut self, values: &[String]) -> Self {
        values.iter().for_each(|value| self.0.add_value_of_any_name(value));
        self
    }

    /// Returns `true` if this header line has a secret.
    pub(crate) fn is_header_secret(name: &str, value: &str) -> bool {
        let mut secrets = corsac_explain::Secrets::default();
        secrets.add_headers(&[(name, value)].into_iter().collect());
        !secrets.is_empty() || is_web_token(value)
    }

    /// Collects the secrets of a URL.
    pub(crate) fn of_url(url: &Url) -> Self {
        let mut secrets = corsac_explain::Secrets::default();
        secrets.add_url(url);
        Self(secrets)
    }

    /// Returns the text with all secrets replaced.
    pub(crate) fn hide(&self, text: &str) -> String {
        self.0.hide(text)
    }

    /// Replaces secrets in every string of a JSON value.
    pub(crate) fn hide_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide(text),
            Value::Array(items) => match items.as_mut_slice() {
                // A header line, if the first string is the name of a header.
                [Value::String(name), Value::String(value)] => {
                    *value = self.0.hide_value(name, value);
                    *name = self.hide(name);
                }
                items => items.iter_mut().for_each(|item| self.hide_in(item)),
            },
            Value::Object(fields) => {
                // A line of the page's diagram: the name of a header, and its value.
                let name = fields.get("name").and_then(Value::as_str).map(str::to_owned);
                if let (Some(name), Some(Value::String(value))) = (name, fields.get_mut("value")) {
                    *value = self.0.hide_value(&name, value);
                }
                fields.values_mut().for_each(|field| self.hide_in(field));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_value_of_a_named_line_is_hidden_although_it_is_short() {
        let secrets = Secrets(corsac_explain::Secrets::default()).and(&["t0p-s3cret".to_owned()]);
        let mut step = json!({ "lines": [
            { "name": "X-Api-Key", "value": "k7", "text": "t0p-s3cret" },
            { "name": "Vary", "value": "Origin" },
            { "name": "Access-Control-Allow-Headers", "value": null },
        ] });
        secrets.hide_in(&mut step);
        let hidden = json!({ "lines": [
            { "name": "X-Api-Key", "value": "REDACTED", "text": "REDACTED" },
            { "name": "Vary", "value": "Origin" },
            { "name": "Access-Control-Allow-Headers", "value": null },
        ] });
        assert_eq!(step, hidden);
    }
}
