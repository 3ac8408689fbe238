//! Builds the servers from the directives.

use super::parts::{covers, handler, limited, redirect, upstream};
use super::{Branch, Covers, From, Handler, Part, Proxied, Rulebook, Site};
use crate::apache::access::Methods;
use crate::apache::expression::parse_condition;
use crate::apache::headers::HeaderRule;
use crate::apache::pattern::Pattern;
use crate::apache::tree::{Directive, Item, Section};
use crate::apache::variables::VariableRule;
use crate::apache::words::words;
use crate::files::At;
use crate::headers::is_of_cors;
use crate::note::{NoteKind, Noted};

/// The most expressions in all. Each takes memory.
const MOST_RULES: usize = 20_000;
/// The most regular expressions that are large or cannot be read. Each takes time.
const MOST_LARGE: usize = 200;

/// What is built, and what could not be understood.
#[derive(Debug, Default)]
pub(in crate::apache) struct Built {
    pub(in crate::apache) sites: Vec<Site>,
    pub(in crate::apache) notes: Vec<Noted>,
    rules: usize,
    large: usize,
}

/// A directive that Apache would refuse, with the reason.
pub(in crate::apache) struct Refused {
    pub(in crate::apache) at: At,
    pub(in crate::apache) why: String,
}

/// Builds the servers. The items of an `.htaccess` file count as those of its folder, which is the whole server.
pub(in crate::apache) fn build(items: &[Item], is_htaccess: bool) -> Result<Built, Refused> {
    let mut built = Built::default();
    let mut main = Site { base: vec![Rulebook::default()], ..Site::default() };
    if is_htaccess {
        let mut rulebook = Rulebook::default();
        built.rulebook(items, &mut rulebook, None)?;
        let at = At { file: 0, line: 1 };
        let covers = Covers::Folder(super::DOCUMENT_ROOT.to_owned());
        main.sections.push(Part { at, written: ".htaccess".to_owned(), covers, rulebook });
        built.sites.push(main);
        return Ok(built);
    }
    let mut hosts = Vec::new();
    built.site(items, &mut main, &mut hosts, None)?;
    for section in hosts {
        let mut site = Site {
            at: Some(section.at),
            port: port(&section.arguments),
            document_root: main.document_root.clone(),
            base: vec![Rulebook::default()],
            ..Site::default()
        };
        site.is_tls = site.port == Some(443);
        built.site(&section.items, &mut site, &mut Vec::new(), None)?;
        inherit(&mut site, &main);
        built.sites.push(site);
    }
    if built.sites.is_empty() {
        built.sites.push(main);
    }
    Ok(built)
}

/// What a virtual host has from the main server.
fn inherit(site: &mut Site, main: &Site) {
    fn before<T: Clone>(own: &mut Vec<T>, inherited: &[T]) {
        own.splice(0..0, inherited.iter().cloned());
    }
    before(&mut site.base, &main.base);
    before(&mut site.variables, &main.variables);
    before(&mut site.sections, &main.sections);
    site.proxied.extend(main.proxied.iter().cloned());
    site.redirects.extend(main.redirects.iter().cloned());
    site.aliases.extend(main.aliases.iter().cloned());
    site.scripts.extend(main.scripts.iter().cloned());
    site.rewrite.engine = site.rewrite.engine.or(main.rewrite.engine);
    if site.rewrite.inherits {
        site.rewrite.rules.extend(main.rewrite.rules.iter().cloned());
    }
}

fn port(addresses: &str) -> Option<u16> {
    let first = addresses.split_whitespace().next()?;
    first.rsplit_once(':')?.1.parse().ok()
}

impl Built {
    fn refuse<T>(&self, result: Result<T, String>, at: At) -> Result<T, Refused> {
        result.map_err(|why| Refused { at, why })
    }

    fn count(&mut self, at: At) -> Result<(), Refused> {
        self.rules = self.rules.saturating_add(1);
        if self.rules > MOST_RULES {
            return Err(Refused {
                at,
                why: format!("There are more than {MOST_RULES} rules with expressions."),
            });
        }
        Ok(())
    }

    fn not_read(&mut self, at: At, message: String) {
        self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, message));
    }

    /// The items of a server, outside of sections for its parts.
    fn site<'i>(
        &mut self,
        items: &'i [Item],
        site: &mut Site,
        hosts: &mut Vec<&'i Section>,
        methods: Option<&Methods>,
    ) -> Result<(), Refused> {
        for item in items {
            match item {
                Item::Directive(directive) => self.server_directive(directive, site, methods)?,
                Item::Section(section) => match section.name.as_str() {
                    "virtualhost" => hosts.push(section),
                    "limit" | "limitexcept" => {
                        self.site(&section.items, site, hosts, Some(&limited(section)))?;
                    }
                    _ => match covers(section) {
                        Some(covers) => self.part(section, covers, site)?,
                        None => {
                            if let Some(base) = site.base.last_mut() {
                                self.section(section, base, methods)?;
                            }
                        }
                    },
                },
            }
        }
        Ok(())
    }

    fn part(&mut self, section: &Section, covers: Covers, site: &mut Site) -> Result<(), Refused> {
        self.count(section.at)?;
        let mut rulebook = Rulebook::default();
        self.rulebook(&section.items, &mut rulebook, None)?;
        if let Covers::Path(path) = &covers {
            for item in &section.items {
                let Item::Directive(directive) = item else { continue };
                if directive.name == "proxypass" {
                    let target = words(&directive.arguments).into_iter().next().unwrap_or_default();
                    let from = From::Prefix(path.clone());
                    site.proxied.push(Proxied { at: directive.at, from, handler: upstream(&target) });
                }
            }
        }
        let written = format!("<{} {}>", title(&section.name), section.arguments);
        self.known(&covers, section.at)?;
        site.sections.push(Part { at: section.at, written, covers, rulebook });
        Ok(())
    }

    /// Notes an expression of a section that cannot be read.
    fn known(&mut self, covers: &Covers, at: At) -> Result<(), Refused> {
        if let Covers::Folders { pattern, .. } | Covers::Paths(pattern) | Covers::File(pattern) = covers {
            self.pattern(pattern, at)?;
        }
        Ok(())
    }

    fn patterns(&mut self, patterns: Vec<&Pattern>, at: At) -> Result<(), Refused> {
        patterns.into_iter().try_for_each(|pattern| self.pattern(pattern, at))
    }

    fn pattern(&mut self, pattern: &Pattern, at: At) -> Result<(), Refused> {
        if pattern.is_large() {
            self.large = self.large.saturating_add(1);
            if self.large > MOST_LARGE {
                let why =
                    format!("More than {MOST_LARGE} regular expressions are large or cannot be read here.");
                return Err(Refused { at, why });
            }
        }
        if !pattern.is_known() {
            self.not_read(
                at,
                format!(
                    "The regular expression `{}` cannot be read here: it is too large, or has a part such as a look-ahead. It is taken to match nothing.",
                    pattern.text
                ),
            );
        }
        Ok(())
    }

    fn server_directive(
        &mut self,
        directive: &Directive,
        site: &mut Site,
        methods: Option<&Methods>,
    ) -> Result<(), Refused> {
        let (name, arguments, at) = (directive.name.as_str(), directive.arguments.as_str(), directive.at);
        match name {
            "servername" => {
                let name = words(arguments).into_iter().next().unwrap_or_default();
                let name = name.split("://").last().unwrap_or_default();
                site.names.insert(0, name.split(':').next().unwrap_or_default().to_ascii_lowercase());
            }
            "serveralias" => site.names.extend(words(arguments).iter().map(|name| name.to_ascii_lowercase())),
            "documentroot" => site.document_root = words(arguments).into_iter().next(),
            "sslengine" => site.is_tls = arguments.eq_ignore_ascii_case("on"),
            "alias" | "scriptalias" => {
                if let [from, to, ..] = words(arguments).as_slice() {
                    site.aliases.push((from.clone(), to.clone()));
                    site.scripts.extend((name == "scriptalias").then(|| from.clone()));
                }
            }
            "proxypass" | "proxypassmatch" => {
                if let [from, to, ..] = words(arguments).as_slice() {
                    self.count(at)?;
                    let from = if name == "proxypass" {
                        From::Prefix(from.clone())
                    } else {
                        From::Pattern(Pattern::new(from, false))
                    };
                    site.proxied.push(Proxied { at, from, handler: upstream(to) });
                }
            }
            "redirect" | "redirectmatch" | "redirectpermanent" | "redirecttemp" => {
                self.count(at)?;
                site.redirects.extend(redirect(directive));
            }
            _ if name.starts_with("setenvif") || name.starts_with("browsermatch") => {
                self.count(at)?;
                let rule = self.refuse(VariableRule::parse(name, arguments, at), at)?;
                self.patterns(rule.patterns(), at)?;
                site.variables.push(rule);
            }
            _ if name.starts_with("rewrite") => {
                self.rewrite(directive, &mut site.rewrite)?;
            }
            _ => {
                if let Some(base) = site.base.last_mut() {
                    self.directive(directive, base, methods)?;
                }
            }
        }
        Ok(())
    }

    fn rewrite(
        &mut self,
        directive: &Directive,
        rules: &mut crate::apache::rewrite::Rules,
    ) -> Result<(), Refused> {
        self.count(directive.at)?;
        let (tests, before) = (rules.waiting.len(), rules.rules.len());
        self.refuse(rules.add(&directive.name, &directive.arguments, directive.at), directive.at)?;
        if let Some(rule) = rules.rules.get(before) {
            self.pattern(&rule.pattern, directive.at)?;
        }
        if let Some(test) = rules.waiting.get(tests) {
            self.patterns(test.patterns(), directive.at)?;
            if test.is_about_nothing() {
                self.notes.push(
                    Noted::new(
                        NoteKind::Dead,
                        "origin-never-matches",
                        directive.at,
                        "mod_rewrite has no variable `HTTP_ORIGIN`, so this condition compares with an empty text whatever a browser sends.",
                    )
                    .instead("Write `%{HTTP:Origin}`, which is the request header `Origin`."),
                );
            }
        }
        Ok(())
    }

    /// The items of a section.
    fn rulebook(
        &mut self,
        items: &[Item],
        rulebook: &mut Rulebook,
        methods: Option<&Methods>,
    ) -> Result<(), Refused> {
        for item in items {
            match item {
                Item::Directive(directive) => self.directive(directive, rulebook, methods)?,
                Item::Section(section) => self.section(section, rulebook, methods)?,
            }
        }
        Ok(())
    }

    fn section(
        &mut self,
        section: &Section,
        rulebook: &mut Rulebook,
        methods: Option<&Methods>,
    ) -> Result<(), Refused> {
        match section.name.as_str() {
            "limit" | "limitexcept" => {
                return self.rulebook(&section.items, rulebook, Some(&limited(section)));
            }
            "if" | "elseif" | "else" => return self.branch(section, rulebook),
            "files" | "filesmatch" => {
                if let Some(covers) = covers(section) {
                    self.count(section.at)?;
                    self.known(&covers, section.at)?;
                    let written = format!("<{} {}>", title(&section.name), section.arguments);
                    let mut inner = Rulebook::default();
                    self.rulebook(&section.items, &mut inner, None)?;
                    rulebook.files.push(Part { at: section.at, written, covers, rulebook: inner });
                }
            }
            name if name.starts_with("require") => rulebook.access.add_section(section, methods),
            _ => {
                if let Some(at) = cors_inside(&section.items) {
                    self.not_read(
                        at,
                        format!(
                            "`<{}>` is a section that is not read here, so this header is missing.",
                            section.name
                        ),
                    );
                }
            }
        }
        Ok(())
    }

    fn branch(&mut self, section: &Section, rulebook: &mut Rulebook) -> Result<(), Refused> {
        self.count(section.at)?;
        let mut inner = Rulebook::default();
        self.rulebook(&section.items, &mut inner, None)?;
        let condition = if section.name == "else" {
            None
        } else {
            let expression = words(&section.arguments).into_iter().next().unwrap_or_default();
            let condition = parse_condition(&expression)
                .map_err(|why| format!("The expression of `<If>` cannot be read: {why}."));
            let condition = self.refuse(condition, section.at)?;
            let mut patterns = Vec::new();
            condition.patterns(&mut patterns);
            self.patterns(patterns, section.at)?;
            Some(condition)
        };
        rulebook.branches.push(Branch {
            at: section.at,
            condition,
            is_other: section.name != "if",
            rulebook: inner,
        });
        Ok(())
    }

    fn directive(
        &mut self,
        directive: &Directive,
        rulebook: &mut Rulebook,
        methods: Option<&Methods>,
    ) -> Result<(), Refused> {
        let (name, arguments, at) = (directive.name.as_str(), directive.arguments.as_str(), directive.at);
        match name {
            "header" | "requestheader" => {
                self.count(at)?;
                let rule = self.refuse(HeaderRule::parse(arguments, name == "requestheader", at), at)?;
                self.patterns(rule.patterns(), at)?;
                rulebook.headers.push(rule);
            }
            "setenv" => {
                let mut given = words(arguments).into_iter();
                if let Some(name) = given.next() {
                    rulebook.set.push((name, given.next().unwrap_or_default()));
                }
            }
            "errordocument" => {
                if let Some((status, document)) = arguments.split_once(char::is_whitespace)
                    && let Ok(status) = status.parse()
                {
                    rulebook.error_documents.push((status, document.trim().to_owned()));
                }
            }
            "redirect" | "redirectmatch" | "redirectpermanent" | "redirecttemp" => {
                self.count(at)?;
                rulebook.redirects.extend(redirect(directive));
            }
            "proxyerroroverride" => {
                rulebook.overrides_errors = Some(arguments.to_ascii_lowercase().starts_with("on"));
            }
            "directoryindex" => rulebook.index = words(arguments).into_iter().next(),
            "fallbackresource" if !arguments.eq_ignore_ascii_case("disabled") => {
                rulebook.handler = Some(Handler::Inside);
            }
            "sethandler" | "addhandler" | "addtype" | "wsgiscriptalias" | "passengerenabled" => {
                rulebook.handler = handler(arguments, name).or(rulebook.handler);
            }
            _ if name.starts_with("setenvif") || name.starts_with("browsermatch") => {
                self.count(at)?;
                let rule = self.refuse(VariableRule::parse(name, arguments, at), at)?;
                self.patterns(rule.patterns(), at)?;
                rulebook.variables.push(rule);
            }
            _ if name.starts_with("rewrite") => {
                let rules = rulebook.rewrite.get_or_insert_default();
                self.rewrite(directive, rules)?;
            }
            _ => {
                let is_access = rulebook.access.add(directive, methods);
                if !is_access && is_about_cors(arguments) && !name.starts_with("proxy") {
                    self.not_read(at, format!("`{}` is not read here, and it is about CORS.", title(name)));
                }
            }
        }
        Ok(())
    }
}

/// Whether the arguments of an unknown directive name a header of CORS.
fn is_about_cors(arguments: &str) -> bool {
    words(arguments).iter().any(|word| is_of_cors(word.trim_end_matches(':')))
}

fn cors_inside(items: &[Item]) -> Option<At> {
    items.iter().find_map(|item| match item {
        Item::Directive(directive) => {
            (directive.name == "header" && is_about_cors(&directive.arguments)).then_some(directive.at)
        }
        Item::Section(section) => cors_inside(&section.items),
    })
}

/// The name of a directive as it is usually written.
fn title(name: &str) -> String {
    match name {
        "directory" => "Directory".to_owned(),
        "directorymatch" => "DirectoryMatch".to_owned(),
        "location" => "Location".to_owned(),
        "locationmatch" => "LocationMatch".to_owned(),
        "files" => "Files".to_owned(),
        "filesmatch" => "FilesMatch".to_owned(),
        _ => name.to_owned(),
    }
}
