//! The addresses of the demo's servers.

/// The origins of the demo. The API has an address and the page a name, so that they are not only two origins but also two sites.
#[derive(Clone)]
pub(crate) struct Addresses {
    /// The origin of the API.
    pub(crate) api: String,
    /// The origin of the same API with a policy.
    pub(crate) fixed: String,
    /// The origin of the second API.
    pub(crate) files: String,
    /// The origin of the page.
    pub(crate) page: String,
    /// The origin of the page if it is opened by its address.
    pub(super) page_by_address: String,
    /// An origin where nothing listens.
    pub(crate) stopped: String,
}

impl Addresses {
    /// Returns `text` with its placeholders, such as `{page}`, replaced.
    pub(crate) fn fill(&self, text: &str) -> String {
        let addresses = [
            ("{api}", &self.api),
            ("{files}", &self.files),
            ("{page}", &self.page),
            ("{page-by-address}", &self.page_by_address),
            ("{stopped}", &self.stopped),
        ];
        addresses.iter().fold(text.to_owned(), |text, (name, place)| text.replace(name, place))
    }
}
