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
    /// Kubernetes Gateway API, as an HTTPRoute.
    GatewayApi,
    /// Istio, as a VirtualService.
    Istio,
    /// Envoy Gateway, as a SecurityPolicy and its HTTPRoute.
    EnvoyGateway,
    /// Kong Gateway, as a declarative configuration.
    Kong,
    /// Amazon S3, as the JSON that its command line takes.
    S3,
    /// Amazon CloudFront, as a response headers policy in JSON.
    Cloudfront,
    /// HTTP APIs of Amazon API Gateway, as JSON.
    ApiGateway,
    /// Function URLs of AWS Lambda, as JSON.
    LambdaUrl,
    /// Google Cloud Storage, as JSON.
    Gcs,
    /// Azure Blob Storage, as the properties of its blob service in JSON.
    AzureBlob,
    /// Amazon S3, for Terraform.
    TerraformS3,
    /// Amazon CloudFront, for Terraform.
    TerraformCloudfront,
    /// Cloudflare Workers.
    CloudflareWorker,
    /// Deno, and Supabase Edge Functions.
    Deno,
    /// Vercel functions.
    Vercel,
    /// Netlify Edge Functions.
    Netlify,
    /// lighttpd, as a script of mod_magnet.
    Lighttpd,
    /// ASP.NET Core.
    Aspnet,
    /// Rails, and other applications on Rack.
    Rails,
    /// Laravel.
    Laravel,
}

/// What kind of thing a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetKind {
    /// A server or a proxy.
    Server,
    /// A framework or a platform for functions, whose middleware is code.
    Framework,
    /// A gateway of a cluster or a service of a cloud, whose setting is a resource.
    Service,
}

impl TargetKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: &[Self] = &[Self::Server, Self::Framework, Self::Service];

    /// Returns the kind in a word: `server`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Framework => "framework",
            Self::Service => "service",
        }
    }

    /// Returns the title of a list of such targets.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Server => "Servers and proxies",
            Self::Framework => "Frameworks",
            Self::Service => "Gateways and services",
        }
    }
}

/// What is known about a target.
struct Row {
    name: &'static str,
    title: &'static str,
    file: &'static str,
    template: &'static str,
    is_run: bool,
}

macro_rules! is_run {
    (run) => {
        true
    };
    (not_run) => {
        false
    };
}

macro_rules! rows {
    ($( $target:ident $name:literal $title:literal $file:literal $template:literal $run:ident )+) => {
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
                        is_run: is_run!($run),
                    } ),+
                }
            }
        }
    };
}

rows! {
    Nginx "nginx" "nginx" "cors.conf" "nginx.conf" run
    Apache "apache" "Apache httpd" "cors.conf" "apache.conf" run
    Caddy "caddy" "Caddy" "Caddyfile" "Caddyfile" run
    Haproxy "haproxy" "HAProxy" "haproxy.cfg" "haproxy.cfg" run
    Envoy "envoy" "Envoy" "envoy.yaml" "envoy.yaml" run
    Traefik "traefik" "Traefik" "cors.yaml" "traefik.yaml" run
    Express "express" "Express" "cors.mjs" "express.mjs" run
    Fastify "fastify" "Fastify" "cors.mjs" "fastify.mjs" run
    Hono "hono" "Hono" "cors.mjs" "hono.mjs" run
    Koa "koa" "Koa" "cors.mjs" "koa.mjs" run
    Nestjs "nestjs" "NestJS" "cors.ts" "express.mjs" run
    Nextjs "nextjs" "Next.js" "proxy.js" "nextjs.js" run
    Fastapi "fastapi" "FastAPI" "cors.py" "asgi.py" run
    Django "django" "Django" "cors.py" "django.py" run
    Flask "flask" "Flask" "cors.py" "wsgi.py" run
    Spring "spring" "Spring Boot" "CorsFilter.java" "CorsFilter.java" run
    GoRsCors "go-rs-cors" "Go with rs/cors" "cors.go" "rs_cors.go" run
    GoJub0bs "go-jub0bs" "Go with jub0bs/cors" "cors.go" "jub0bs_cors.go" run
    Gin "gin" "Gin" "cors.go" "gin.go" run
    Axum "axum" "axum" "cors.rs" "axum.rs" run
    Actix "actix" "actix-web" "cors.rs" "actix.rs" run
    GatewayApi "gateway-api" "Gateway API" "httproute.yaml" "gateway_api.yaml" run
    Istio "istio" "Istio" "virtualservice.yaml" "istio.yaml" run
    EnvoyGateway "envoy-gateway" "Envoy Gateway" "securitypolicy.yaml" "envoy_gateway.yaml" run
    Kong "kong" "Kong Gateway" "kong.yaml" "kong.yaml" not_run
    S3 "s3" "Amazon S3" "cors.json" "s3.json" not_run
    Cloudfront "cloudfront" "Amazon CloudFront" "response-headers-policy.json" "cloudfront.json" not_run
    ApiGateway "api-gateway" "Amazon API Gateway (HTTP APIs)" "cors.json" "aws_cors.json" not_run
    LambdaUrl "lambda-url" "AWS Lambda function URLs" "cors.json" "aws_cors.json" not_run
    Gcs "gcs" "Google Cloud Storage" "cors.json" "gcs.json" not_run
    AzureBlob "azure-blob" "Azure Blob Storage" "cors.json" "azure_blob.json" not_run
    TerraformS3 "terraform-s3" "Amazon S3 with Terraform" "cors.tf" "s3.tf" not_run
    TerraformCloudfront "terraform-cloudfront" "Amazon CloudFront with Terraform" "cors.tf" "cloudfront.tf" not_run
    CloudflareWorker "cloudflare-worker" "Cloudflare Workers" "cors.mjs" "cloudflare_worker.mjs" run
    Deno "deno" "Deno and Supabase Edge Functions" "cors.mjs" "deno.mjs" run
    Vercel "vercel" "Vercel functions" "cors.mjs" "vercel.mjs" run
    Netlify "netlify" "Netlify Edge Functions" "cors.js" "netlify.mjs" run
    Lighttpd "lighttpd" "lighttpd" "cors.lua" "lighttpd.lua" run
    Aspnet "aspnet" "ASP.NET Core" "CorsPolicies.cs" "aspnet.cs" not_run
    Rails "rails" "Rails" "cors.rb" "rack.rb" run
    Laravel "laravel" "Laravel" "Cors.php" "laravel.php" run
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
            ("gatewayapi", Target::GatewayApi),
            ("httproute", Target::GatewayApi),
            ("virtualservice", Target::Istio),
            ("securitypolicy", Target::EnvoyGateway),
            ("aws-s3", Target::S3),
            ("amazon-s3", Target::S3),
            ("http-api", Target::ApiGateway),
            ("aws-api-gateway", Target::ApiGateway),
            ("lambda", Target::LambdaUrl),
            ("lambda-function-url", Target::LambdaUrl),
            ("google-cloud-storage", Target::Gcs),
            ("azure-blob-storage", Target::AzureBlob),
            ("azure-storage", Target::AzureBlob),
            ("aws_s3_bucket_cors_configuration", Target::TerraformS3),
            ("aws_cloudfront_response_headers_policy", Target::TerraformCloudfront),
            ("cloudflare", Target::CloudflareWorker),
            ("cloudflare-workers", Target::CloudflareWorker),
            ("supabase", Target::Deno),
            ("asp.net", Target::Aspnet),
            ("aspnetcore", Target::Aspnet),
            ("aspnet-core", Target::Aspnet),
            ("rack", Target::Rails),
            ("ruby-on-rails", Target::Rails),
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

    /// Returns what kind of thing it is.
    pub const fn kind(self) -> TargetKind {
        match self {
            Self::Nginx
            | Self::Apache
            | Self::Caddy
            | Self::Haproxy
            | Self::Envoy
            | Self::Traefik
            | Self::Lighttpd => TargetKind::Server,
            Self::GatewayApi
            | Self::Istio
            | Self::EnvoyGateway
            | Self::Kong
            | Self::S3
            | Self::Cloudfront
            | Self::ApiGateway
            | Self::LambdaUrl
            | Self::Gcs
            | Self::AzureBlob
            | Self::TerraformS3
            | Self::TerraformCloudfront => TargetKind::Service,
            _ => TargetKind::Framework,
        }
    }

    /// Returns `true` for servers and proxies.
    pub const fn is_server(self) -> bool {
        matches!(self.kind(), TargetKind::Server)
    }

    /// Returns `true` if a whole file can be written, with which the server starts and forwards requests. lighttpd takes a script beside its configuration.
    pub const fn has_whole_file(self) -> bool {
        self.is_server() && !matches!(self, Self::Lighttpd)
    }

    /// Returns `true` if `scripts/stacks` runs what is written. `false` if it cannot be run without an account or is nowhere to be had.
    ///
    /// ```
    /// use corsac_stacks::Target;
    /// assert!(Target::Nginx.is_run() && !Target::S3.is_run());
    /// ```
    pub const fn is_run(self) -> bool {
        self.row().is_run
    }

    /// Returns what begins a comment in its language: `#`, `//` or `--`; nothing for JSON, which has no comments.
    pub const fn comment(self) -> &'static str {
        match self {
            Self::Lighttpd => "--",
            Self::S3
            | Self::Cloudfront
            | Self::ApiGateway
            | Self::LambdaUrl
            | Self::Gcs
            | Self::AzureBlob => "",
            Self::Fastapi | Self::Django | Self::Flask | Self::Rails => "#",
            _ => match self.kind() {
                TargetKind::Framework => "//",
                _ => "#",
            },
        }
    }

    /// Returns the sentence that says what was checked of a target that is not run.
    pub(crate) fn not_run(self) -> Option<String> {
        let schema = match self {
            Self::S3 => "PutBucketCors of Amazon S3 (2006-03-01)",
            Self::Cloudfront => "ResponseHeadersPolicyConfig of Amazon CloudFront (2020-05-31)",
            Self::Kong => "Kong's plugin `cors` (3.x)",
            Self::ApiGateway => "the Cors type of Amazon API Gateway (2018-11-29)",
            Self::LambdaUrl => "the Cors type of AWS Lambda (2015-03-31)",
            Self::Gcs => "buckets of Cloud Storage (JSON API v1)",
            Self::AzureBlob => "`blobServices` of Microsoft.Storage (2023-05-01)",
            Self::TerraformS3 => "`aws_s3_bucket_cors_configuration` of the AWS provider 5",
            Self::TerraformCloudfront => "`aws_cloudfront_response_headers_policy` of the AWS provider 5",
            Self::Aspnet => {
                let checked = "compiled by Mono, and verified with stand-ins for the types of ASP.NET Core 8";
                return Some(format!("Not run: {checked} only."));
            }
            _ => return None,
        };
        Some(format!("Not run: held against the published schema of {schema} only."))
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
    }
}
