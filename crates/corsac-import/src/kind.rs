//! The kinds of configuration that can be read.

/// A kind of configuration.
///
/// ```
/// use corsac_import::Kind;
/// assert_eq!(Kind::parse("nginx"), Some(Kind::Nginx));
/// assert_eq!(Kind::Nginx.as_str(), "nginx");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// nginx: `nginx.conf`, or a file that it includes.
    Nginx,
    /// Apache httpd: `httpd.conf`, a site, or `.htaccess`.
    Apache,
    /// Caddy 2: a Caddyfile.
    Caddy,
    /// HAProxy.
    Haproxy,
    /// Envoy, in YAML or JSON.
    Envoy,
    /// Traefik's dynamic configuration in YAML, or labels.
    Traefik,
    /// The options of the package `cors` for Express, as JSON.
    Express,
    /// Spring: the properties of an application, in YAML or `.properties`.
    Spring,
    /// An `HTTPRoute` of the Gateway API.
    GatewayApi,
    /// A `VirtualService` of Istio.
    Istio,
    /// An `Ingress` with the annotations of ingress-nginx.
    IngressNginx,
    /// The CORS configuration of an Amazon S3 bucket, in JSON or XML.
    S3,
    /// A response headers policy of Amazon CloudFront, in JSON.
    Cloudfront,
}

macro_rules! rows {
    ($( $kind:ident $name:literal $title:literal )+) => {
        impl Kind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &[Self] = &[$( Self::$kind ),+];

            /// Returns the name on the command line: `nginx`.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$kind => $name ),+ }
            }

            /// Returns the name as its makers write it: `Apache httpd`.
            pub const fn title(self) -> &'static str {
                match self { $( Self::$kind => $title ),+ }
            }
        }
    };
}

rows! {
    Nginx "nginx" "nginx"
    Apache "apache" "Apache httpd"
    Caddy "caddy" "Caddy"
    Haproxy "haproxy" "HAProxy"
    Envoy "envoy" "Envoy"
    Traefik "traefik" "Traefik"
    Express "express" "Express"
    Spring "spring" "Spring"
    GatewayApi "gateway-api" "Gateway API"
    Istio "istio" "Istio"
    IngressNginx "ingress-nginx" "ingress-nginx"
    S3 "s3" "Amazon S3"
    Cloudfront "cloudfront" "Amazon CloudFront"
}

impl Kind {
    /// Returns the kind that has this name, or a usual other one: `httpd` is `apache`.
    pub fn parse(name: &str) -> Option<Self> {
        const ALIASES: &[(&str, Kind)] = &[
            ("httpd", Kind::Apache),
            ("htaccess", Kind::Apache),
            ("caddyfile", Kind::Caddy),
            ("spring-boot", Kind::Spring),
            ("httproute", Kind::GatewayApi),
            ("virtualservice", Kind::Istio),
            ("ingress", Kind::IngressNginx),
        ];
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, kind)| *kind);
        alias.or_else(|| Self::ALL.iter().copied().find(|kind| kind.as_str() == name))
    }
}

impl Kind {
    /// Returns `true` if [`mend`](crate::mend) knows changes for it.
    pub const fn has_changes(self) -> bool {
        matches!(self, Self::Nginx | Self::Apache | Self::Caddy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_leads_to_its_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(Kind::parse("httpd"), Some(Kind::Apache));
        assert_eq!(Kind::parse("iis"), None);
    }
}
