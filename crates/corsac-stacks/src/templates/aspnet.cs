{{ header }}
// Add it to the project. In Program.cs, before anything else that is used, so that preflights are answered before authentication and redirects to https:
//   var app = builder.Build();
//   app.UseMiddleware<CorsPolicies>();
// Remove `AddCors`, `UseCors`, `RequireCors` and `[EnableCors]`.

#nullable disable

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

public sealed class CorsPolicies
{
    private static readonly Policy[] Policies =
    {
{% for place in places %}
{% set policy = place.policy %}
        // Policy {{ place.name }}
        new Policy
        {
            Path = {{ ("" if place.is_root else place.path) | json }},
{% if not policy %}
            Pass = true, // the application answers preflights and sets the headers itself
{% else %}
{% if policy.any_origin %}
            AnyOrigin = true,
{% else %}
            Origins = new HashSet<string> { {%- for origin in policy.origins %} {{ origin | json }}{% if not loop.last %},{% endif %}{% endfor %} },
{% if policy.patterns %}
            Patterns = new Regex[]
            {
{% for pattern in policy.patterns %}
                new Regex({{ ("^" ~ pattern.regex[1:-1] ~ "\\z") | json }}), // {{ pattern.entry }}
{% endfor %}
            },
{% endif %}
{% endif %}
{% if policy.credentials %}
            Credentials = true,
{% endif %}
{% if policy.methods is none %}
            Methods = null, // whichever is asked for
{% else %}
            Methods = {{ policy.methods | json }},
{% endif %}
{% if policy.request_headers is none %}
            RequestHeaders = {{ policy.request_headers_named | json }},
            // Names that are allowed in addition, if they are asked for.
            IsRequestHeader = name => {% if policy.any_request_header %}{% if policy.request_headers_unless %}name != "authorization"{% else %}true{% endif %}{% else %}new[] { {%- for prefix in policy.request_header_prefixes %} {{ prefix | json }}{% if not loop.last %},{% endif %}{% endfor %} }.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal) && name != prefix){% endif %},
{% else %}
            RequestHeaders = {{ policy.request_headers | json }},
{% endif %}
{% if policy.expose_headers %}
            ExposeHeaders = {{ policy.expose_headers | json }},
{% endif %}
            MaxAge = "{{ policy.max_age }}",
{% if policy.timing %}
            Timing = true,
{% endif %}
{% if policy.resource_policy %}
            ResourcePolicy = "{{ policy.resource_policy }}",
{% endif %}
{% endif %}
        },
{% endfor %}
    };

    // What an application may have set itself. It is replaced: browsers refuse repeated headers.
    private static readonly string[] Replaced =
    {
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Max-Age",
        "Access-Control-Expose-Headers",
        "Timing-Allow-Origin",
    };
    private static readonly Regex Token = new Regex(@"^[!#$%&'*+.^_`|~0-9a-z-]+\z");

    private readonly RequestDelegate next;
    private readonly ILogger<CorsPolicies> logger;
    private readonly IHostEnvironment environment;

    public CorsPolicies(RequestDelegate next, ILogger<CorsPolicies> logger, IHostEnvironment environment)
    {
        this.next = next;
        this.logger = logger;
        this.environment = environment;
    }

    public async Task InvokeAsync(HttpContext context)
    {
        // The decoded path. ASP.NET Core ignores case in routes, so this does, too.
        var path = context.Request.PathBase.Add(context.Request.Path).Value ?? "";
        // The longest path comes first.
        var policy = Policies.FirstOrDefault(one => path.Equals(one.Path, StringComparison.OrdinalIgnoreCase)
            || path.StartsWith(one.Path + "/", StringComparison.OrdinalIgnoreCase));
        if (policy == null || policy.Pass)
        {
            await next(context);
            return;
        }
        var received = context.Request.Headers;
        // OPTIONS without these two headers is not a preflight.
        var isPreflight = HttpMethods.IsOptions(context.Request.Method) && received["Origin"].Count > 0
            && received["Access-Control-Request-Method"].Count > 0;
        // The last step before a response is sent, errors included.
        context.Response.OnStarting(() =>
        {
            SetHeaders(policy, received, context.Response.Headers, isPreflight);
            return Task.CompletedTask;
        });
        if (isPreflight)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        try
        {
            await next(context);
        }
        // In development there is a page for exceptions, which has the headers as well.
        catch (Exception error) when (!context.Response.HasStarted && !environment.IsDevelopment())
        {
            // The server would answer without the headers.
            logger.LogError(error, "The application failed.");
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static void SetHeaders(Policy policy, IHeaderDictionary received, IHeaderDictionary sent, bool isPreflight)
    {
        foreach (var name in Replaced)
        {
            sent.Remove(name);
        }
        string origin = received["Origin"].Count == 1 ? received["Origin"][0] : null;
        string allowed = null;
        if (policy.AnyOrigin)
        {
            allowed = "*";
        }
        else if (origin != null && (policy.Origins.Contains(origin) || policy.Patterns.Any(one => one.IsMatch(origin))))
        {
            allowed = origin;
        }
        if (allowed != null)
        {
            sent["Access-Control-Allow-Origin"] = allowed;
            if (policy.Credentials)
            {
                sent["Access-Control-Allow-Credentials"] = "true";
            }
            if (isPreflight)
            {
                var requested = string.Join(",", received["Access-Control-Request-Headers"].ToArray()).ToLowerInvariant().Split(',');
                var names = requested.Select(name => name.Trim()).Where(name => Token.IsMatch(name) && policy.IsRequestHeader(name));
                var all = new[] { policy.RequestHeaders }.Concat(names).Where(name => name != "").ToArray();
                sent["Access-Control-Allow-Methods"] = policy.Methods ?? received["Access-Control-Request-Method"][0];
                if (all.Length > 0)
                {
                    sent["Access-Control-Allow-Headers"] = string.Join(", ", all);
                }
                sent["Access-Control-Max-Age"] = policy.MaxAge;
            }
            else
            {
                if (policy.ExposeHeaders != null)
                {
                    sent["Access-Control-Expose-Headers"] = policy.ExposeHeaders;
                }
                if (policy.Timing)
                {
                    sent["Timing-Allow-Origin"] = allowed;
                }
            }
        }
        if (policy.ResourcePolicy != null)
        {
            // The allowed origins may read the response anyway.
            sent["Cross-Origin-Resource-Policy"] = allowed != null && !policy.AnyOrigin ? "cross-origin" : policy.ResourcePolicy;
        }
        if (!policy.AnyOrigin)
        {
            // A cache must not give one origin's response to another, so responses without any permission say so as well.
            var vary = string.Join(", ", sent["Vary"].ToArray());
            if (!vary.Split(',').Any(name => name.Trim() == "*" || name.Trim().Equals("Origin", StringComparison.OrdinalIgnoreCase)))
            {
                sent["Vary"] = vary == "" ? "Origin" : vary + ", Origin";
            }
        }
    }

    private sealed class Policy
    {
        public string Path = "";
        public bool Pass;
        public bool AnyOrigin;
        public HashSet<string> Origins = new HashSet<string>();
        public Regex[] Patterns = new Regex[0];
        public bool Credentials;
        public string Methods;
        public string RequestHeaders = "";
        public Func<string, bool> IsRequestHeader = name => false;
        public string ExposeHeaders;
        public string MaxAge = "";
        public bool Timing;
        public string ResourcePolicy;
    }
}
