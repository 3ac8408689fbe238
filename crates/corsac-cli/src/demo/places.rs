//! Where the demonstration's servers are.

/// Where everything is. The API is at an address and the page at a name, so that they are two sites as well as two origins.
#[derive(Clone)]
pub(crate) struct Places {
    /// The origin of the API.
    pub(crate) api: String,
    /// The origin of the same API behind a policy.
    pub(crate) fixed: String,
    /// The origin of the second API.
    pub(crate) files: String,
    /// The origin of the page.
    pub(crate) page: String,
    /// The origin of the page, had it been opened by its address.
    pub(super) page_by_address: String,
    /// An origin where nothing listens.
    pub(crate) stopped: String,
}

impl Places {
    /// `text` with its placeholders filled, such as `{page}`.
    pub(crate) fn fill(&self, text: &str) -> String {
        let places = [
            ("{api}", &self.api),
            ("{files}", &self.files),
            ("{page}", &self.page),
            ("{page-by-address}", &self.page_by_address),
            ("{stopped}", &self.stopped),
        ];
        places.iter().fold(text.to_owned(), |text, (name, place)| text.replace(name, place))
    }
}
