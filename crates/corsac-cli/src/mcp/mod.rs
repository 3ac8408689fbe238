//! `corsac mcp`: a server of the [Model Context Protocol](https://modelcontextprotocol.io/), for assistants in editors.
//!
//! What a tool may do is decided by the arguments with which a person starts the server, and never by what an assistant asks for: it may have read a
//! hostile page. [`allowed`] decides which servers are asked, and [`policy_text`] which files are read. Text from servers is only in [`untrusted`].

mod allowed;
mod check;
mod explain;
mod lines;
mod policies;
mod policy_text;
mod schemas;
mod server;
mod untrusted;

use std::sync::Arc;

use corsac_fetch::ResolveOverride;
use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;
use serde_json::Value;

use crate::AS_EXPECTED;
use crate::arguments::McpArguments;
use crate::given::Given;
use allowed::Allowed;
use policy_text::Root;

/// What a person allows.
struct Limits {
    allowed: Arc<Allowed>,
    unsafe_methods: bool,
    resolve: Vec<ResolveOverride>,
    root: Root,
}

/// A tool: its name, its description, the JSON Schema of its arguments, and what it does.
struct Tool {
    name: &'static str,
    description: &'static str,
    schema: fn() -> Value,
    call: fn(&Limits, Given) -> Result<Value, String>,
}

const TOOLS: [Tool; 6] = [
    Tool {
        name: "check",
        description: "Send a request as browsers would from a page, and say whether CORS lets the page read the response, why not, and what to change. Asks only the origins that the user has allowed.",
        schema: schemas::check,
        call: check::call,
    },
    Tool {
        name: "explain",
        description: "Explain a pasted error of a browser's console, a program or a server's log; or a code that Corsac reports, a word of CORS such as `preflight`, or how a server, framework or product is configured, such as `nginx` or `ollama`.",
        schema: schemas::explain,
        call: explain::call,
    },
    Tool {
        name: "lint",
        description: "Report errors and risky settings of a CORS policy of Corsac, with lines and fixes.",
        schema: schemas::lint,
        call: policies::lint,
    },
    Tool {
        name: "why",
        description: "Say whether a CORS policy of Corsac allows a request of a page, and if not, what to write instead. Nothing is sent.",
        schema: schemas::why,
        call: policies::why,
    },
    Tool {
        name: "diff",
        description: "Compare what two CORS policies of Corsac allow, with an example request for each difference.",
        schema: schemas::diff,
        call: policies::diff,
    },
    Tool {
        name: "compile",
        description: "Write a CORS policy of Corsac as the configuration of another server, such as nginx, or as middleware of another framework.",
        schema: schemas::compile,
        call: policies::compile,
    },
];

/// Serves until the end of standard input. Returns the exit status.
pub(crate) fn run(arguments: &McpArguments) -> Result<u8, String> {
    let limits = Limits {
        allowed: Arc::new(Allowed::new(arguments.allow.clone(), arguments.allow_local_addresses)),
        unsafe_methods: arguments.allow_unsafe_methods,
        resolve: arguments.resolve.clone(),
        root: Root::new(arguments.root.as_deref())?,
    };
    let runtime = crate::runtime()?;
    let ended = runtime.block_on(async {
        match server::Server::new(limits).serve(lines::Lines::start()?).await {
            Ok(running) => running.waiting().await.map(drop).map_err(|error| error.to_string()),
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    });
    // A tool that runs into its time limit is not waited for.
    runtime.shutdown_background();
    ended.map(|()| AS_EXPECTED)
}
