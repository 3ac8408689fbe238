// Stand-ins for the types of ASP.NET Core that the compiled file uses, a small HTTP server, and an application: Mono has none of them. Any path; its last
// segment decides, as in backend.py.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Primitives
{
    public struct StringValues
    {
        private readonly string[] values;
        public StringValues(string[] values) { this.values = values; }
        public int Count { get { return values == null ? 0 : values.Length; } }
        public string this[int index] { get { return values[index]; } }
        public string[] ToArray() { return values ?? new string[0]; }
        public static implicit operator StringValues(string value) { return new StringValues(new[] { value }); }
    }
}

namespace Microsoft.AspNetCore.Http
{
    using Microsoft.Extensions.Primitives;

    public delegate Task RequestDelegate(HttpContext context);

    public interface IHeaderDictionary
    {
        StringValues this[string name] { get; set; }
        bool Remove(string name);
    }

    public sealed class HeaderDictionary : IHeaderDictionary
    {
        public readonly Dictionary<string, StringValues> Lines = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        public StringValues this[string name]
        {
            get { StringValues found; return Lines.TryGetValue(name, out found) ? found : new StringValues(); }
            set { Lines[name] = value; }
        }
        public bool Remove(string name) { return Lines.Remove(name); }
    }

    public struct PathString
    {
        public string Value { get; }
        public PathString(string value) { Value = value; }
        public PathString Add(PathString other) { return new PathString(Value + other.Value); }
    }

    public sealed class HttpRequest
    {
        public string Method;
        public PathString PathBase;
        public PathString Path;
        public IHeaderDictionary Headers = new HeaderDictionary();
    }

    public sealed class HttpResponse
    {
        private readonly List<Func<Task>> callbacks = new List<Func<Task>>();
        public int StatusCode = 200;
        public bool HasStarted;
        public IHeaderDictionary Headers = new HeaderDictionary();
        public void OnStarting(Func<Task> callback) { callbacks.Add(callback); }
        public async Task Start()
        {
            foreach (var callback in Enumerable.Reverse(callbacks)) { await callback(); }
            HasStarted = true;
        }
    }

    public static class ResponseExtensions
    {
        public static void Clear(this HttpResponse response)
        {
            response.StatusCode = 200;
            ((HeaderDictionary)response.Headers).Lines.Clear();
        }
    }

    public sealed class HttpContext
    {
        public HttpRequest Request = new HttpRequest();
        public HttpResponse Response = new HttpResponse();
    }

    public static class HttpMethods
    {
        public static bool IsOptions(string method) { return method.Equals("OPTIONS", StringComparison.OrdinalIgnoreCase); }
    }

    public static class StatusCodes
    {
        public const int Status204NoContent = 204;
        public const int Status500InternalServerError = 500;
    }
}

namespace Microsoft.Extensions.Hosting
{
    public interface IHostEnvironment { }

    public static class HostEnvironmentEnvExtensions
    {
        public static bool IsDevelopment(this IHostEnvironment environment) { return false; }
    }
}

namespace Microsoft.Extensions.Logging
{
    public interface ILogger<T> { }

    public static class LoggerExtensions
    {
        public static void LogError<T>(this ILogger<T> logger, Exception error, string message) { Console.Error.WriteLine(message); }
    }
}

public static class Application
{
    private sealed class Environment : IHostEnvironment { }
    private sealed class Logger : ILogger<CorsPolicies> { }

    private static readonly string[,] Own =
    {
        { "Access-Control-Allow-Origin", "*" },
        { "Access-Control-Allow-Credentials", "true" },
        { "Access-Control-Allow-Methods", "GET, PUT, TRACE" },
        { "Access-Control-Allow-Headers", "x-own" },
        { "Access-Control-Max-Age", "86400" },
        { "Access-Control-Expose-Headers", "X-Own" },
        { "Timing-Allow-Origin", "*" },
        { "Cross-Origin-Resource-Policy", "cross-origin" },
    };

    private static Task Answer(HttpContext context)
    {
        var last = context.Request.Path.Value.Split('/').Last();
        var response = context.Response;
        if (last == "500") { throw new InvalidOperationException("a broken handler"); }
        if (last == "redirect")
        {
            response.StatusCode = 302;
            response.Headers["Location"] = "items";
        }
        else if (last == "401" || last == "413" || last == "502") { response.StatusCode = int.Parse(last); }
        else if (last == "own")
        {
            for (var line = 0; line < Own.GetLength(0); line++) { response.Headers[Own[line, 0]] = Own[line, 1]; }
        }
        else if (last != "items") { response.StatusCode = 404; }
        return Task.CompletedTask;
    }

    public static void Main(string[] arguments)
    {
        var middleware = new CorsPolicies(Answer, new Logger(), new Environment());
        var listener = new TcpListener(IPAddress.Loopback, int.Parse(arguments[0]));
        listener.Start();
        while (true)
        {
            var client = listener.AcceptTcpClient();
            new Thread(() => Serve(client, middleware)).Start();
        }
    }

    private static void Serve(TcpClient client, CorsPolicies middleware)
    {
        using (client)
        {
            var stream = client.GetStream();
            var head = new StringBuilder();
            while (!head.ToString().EndsWith("\r\n\r\n"))
            {
                var one = stream.ReadByte();
                if (one < 0) { return; }
                head.Append((char)one);
            }
            var lines = head.ToString().Split(new[] { "\r\n" }, StringSplitOptions.RemoveEmptyEntries);
            var words = lines[0].Split(' ');
            var context = new HttpContext();
            context.Request.Method = words[0];
            context.Request.Path = new PathString(Uri.UnescapeDataString(words[1].Split('?')[0]));
            var headers = lines.Skip(1).Select(line => line.Split(new[] { ':' }, 2)).GroupBy(line => line[0], line => line[1].Trim(), StringComparer.OrdinalIgnoreCase);
            foreach (var header in headers)
            {
                context.Request.Headers[header.Key] = new Microsoft.Extensions.Primitives.StringValues(header.ToArray());
            }
            var length = context.Request.Headers["Content-Length"];
            for (var left = length.Count == 0 ? 0 : int.Parse(length[0]); left > 0; left--) { stream.ReadByte(); }

            middleware.InvokeAsync(context).GetAwaiter().GetResult();
            context.Response.Start().GetAwaiter().GetResult();
            var response = new StringBuilder("HTTP/1.1 " + context.Response.StatusCode + " Status\r\nConnection: close\r\n");
            if (context.Response.StatusCode != 204) { response.Append("Content-Length: 0\r\n"); }
            foreach (var header in ((HeaderDictionary)context.Response.Headers).Lines)
            {
                foreach (var value in header.Value.ToArray()) { response.Append(header.Key + ": " + value + "\r\n"); }
            }
            var bytes = Encoding.ASCII.GetBytes(response + "\r\n");
            stream.Write(bytes, 0, bytes.Length);
        }
    }
}
