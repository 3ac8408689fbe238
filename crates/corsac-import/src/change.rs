//! Changes to the lines of a configuration.

use crate::files::At;

/// One change. The lines of all changes are those of the file before any of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The line has this text instead, without a line break at its end; more than one line if it has line breaks inside.
    Replace { at: At, text: String },
    /// After the line comes this text, a line or more.
    InsertAfter { at: At, text: String },
    /// Before the line comes this text, a line or more.
    InsertBefore { at: At, text: String },
    /// The line goes away.
    Delete { at: At },
}
