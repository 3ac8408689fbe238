//! The servers and frameworks that a policy can be compiled for.

/// A server, a proxy or a framework that a policy can be compiled for.
///
/// ```
/// use corsac_stacks::Target;
/// assert_eq!(Target::parse("nginx"), Some(Target::Nginx));
/// assert_eq!(Target::Nginx.as_str(), "nginx");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// nginx.
    Nginx,
    /// Apache httpd.
    Apache,
    /// Caddy 2.
    Caddy,
    /// HAProxy.
    Haproxy,
    /// Envoy, as YAML.
    Envoy,
    /// Traefik, as a dynamic configuration in YAML.
    Traefik,
    /// Express for Node.
    Express,
    /// Fastify for Node.
    Fastify,
    /// Hono.
    Hono,
    /// Koa for Node.
    Koa,
    /// NestJS on Express.
    Nestjs,
    /// Next.js.
    Nextjs,
    /// FastAPI and Starlette.
    Fastapi,
    /// Django.
    Django,
    /// Flask.
    Flask,
    /// Spring Boot with servlets.
    Spring,
    /// Go's `net/http` with the package rs/cors.
    GoRsCors,
    /// Go's `net/http` with the package jub0bs/cors.
    GoJub0bs,
    /// Gin for Go.
    Gin,
    /// axum, with `corsac-tower`.
    Axum,
    /// actix-web, with `corsac-actix`.
    Actix,
}

/// What is known about a target.
struct Row {
    name: &'static str,
    title: &'static str,
    file: &'static str,
    template: &'static str,
}

macro_rules! rows {
    ($( $target:ident $name:literal $title:literal $file:literal $template:literal )+) => {
        impl Target {
            /// Every target, in the order of the documentation.
            pub const ALL: &[Self] = &[$( Self::$target ),+];

            const fn row(self) -> Row {
                match self {
                    $( Self::$target => Row {
                        name: $name,
                        title: $title,
                        file: $file,
                        template: include_str!(concat!("templates/", $template)),
                    } ),+
                }
            }
        }
    };
}

rows! {
    Nginx "nginx" "nginx" "cors.conf" "nginx.conf"
    Apache "apache" "Apache httpd" "cors.conf" "apache.conf"
    Caddy "caddy" "Caddy" "Caddyfile" "Caddyfile"
    Haproxy "haproxy" "HAProxy" "haproxy.cfg" "haproxy.cfg"
    Envoy "envoy" "Envoy" "envoy.yaml" "envoy.yaml"
    Traefik "traefik" "Traefik" "cors.yaml" "traefik.yaml"
    Express "express" "Express" "cors.mjs" "express.mjs"
    Fastify "fastify" "Fastify" "cors.mjs" "fastify.mjs"
    Hono "hono" "Hono" "cors.mjs" "hono.mjs"
    Koa "koa" "Koa" "cors.mjs" "koa.mjs"
    Nestjs "nestjs" "NestJS" "cors.ts" "express.mjs"
    Nextjs "nextjs" "Next.js" "proxy.js" "nextjs.js"
    Fastapi "fastapi" "FastAPI" "cors.py" "asgi.py"
    Django "django" "Django" "cors.py" "django.py"
    Flask "flask" "Flask" "cors.py" "wsgi.py"
    Spring "spring" "Spring Boot" "CorsFilter.java" "CorsFilter.java"
    GoRsCors "go-rs-cors" "Go with rs/cors" "cors.go" "rs_cors.go"
    GoJub0bs "go-jub0bs" "Go with jub0bs/cors" "cors.go" "jub0bs_cors.go"
    Gin "gin" "Gin" "cors.go" "gin.go"
    Axum "axum" "axum" "cors.rs" "axum.rs"
    Actix "actix" "actix-web" "cors.rs" "actix.rs"
}

impl Target {
    /// Returns the target that has this name, or a usual other one: `starlette` is `fastapi`.
    pub fn parse(name: &str) -> Option<Self> {
        const ALIASES: &[(&str, Target)] = &[
            ("httpd", Target::Apache),
            ("nest", Target::Nestjs),
            ("next", Target::Nextjs),
            ("starlette", Target::Fastapi),
            ("spring-boot", Target::Spring),
            ("rs-cors", Target::GoRsCors),
            ("actix-web", Target::Actix),
        ];
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, target)| *target);
        alias.or_else(|| Self::ALL.iter().copied().find(|target| target.as_str() == name))
    }

    /// Returns the name on the command line: `nginx`.
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// Returns the name as its makers write it: `Apache httpd`.
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// Returns a name for the file that is written: `cors.conf`.
    pub const fn file(self) -> &'static str {
        self.row().file
    }

    /// Returns `true` for servers and proxies, which have a configuration, and `false` for frameworks, whose middleware is code.
    pub const fn is_server(self) -> bool {
        matches!(self, Self::Nginx | Self::Apache | Self::Caddy | Self::Haproxy | Self::Envoy | Self::Traefik)
    }

    /// Returns what begins a comment in its language: `#` or `//`.
    pub const fn comment(self) -> &'static str {
        if self.is_server() || matches!(self, Self::Fastapi | Self::Django | Self::Flask) {
            "#"
        } else {
            "//"
        }
    }

    pub(crate) const fn template(self) -> &'static str {
        self.row().template
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_there_once() {
        for (number, target) in Target::ALL.iter().enumerate() {
            assert!(
                Target::ALL[..number].iter().all(|other| other.as_str() != target.as_str()),
                "{target:?}"
            );
        }
        assert_eq!(Target::ALL.len(), 21);
    }
}
