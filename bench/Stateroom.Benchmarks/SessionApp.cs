using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore;
using Stateroom.Limits;

namespace Stateroom.Benchmarks;

/// <summary>The endpoint of both eras without a web server around it: what a request costs from its parsed headers to its written body.</summary>
internal sealed class SessionApp
{
    private readonly WebApplication _app;
    private readonly RequestDelegate _pipeline;

    public SessionApp()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<SessionEndpointOptions>(options => options.AllowAnonymous = true);
        builder.Services.Configure<LimitOptions>(limits => limits.RequestRatePerOwner = limits.RequestRatePerTenant = limits.MaxCallsPerOwner = limits.MaxCallsPerTenant = 0);
        builder.Services.AddMcpServer().WithTools<CounterTools>().WithSessions(options => options.MaxSessionsPerTenant = options.MaxSessionsPerOwner = int.MaxValue);
        _app = builder.Build();
        IApplicationBuilder pipeline = _app;
        pipeline.UseRouting();
        pipeline.UseEndpoints(endpoints => endpoints.MapMcpSessions("/mcp"));
        _pipeline = pipeline.Build();
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Opens a session of the handshake era.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> InitializeAsync(string client = "bench")
    {
        var context = await PostAsync(
            Encoding.UTF8.GetBytes(
                $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"{{{{client}}}}","version":"1"}}}"""),
            []);
        return context.Response.Headers["Mcp-Session-Id"].ToString();
    }

    /// <summary>Calls a tool in a session of the handshake era.</summary>
    public Task<HttpContext> CallAsync(string session, string tool) => PostAsync(
        Encoding.UTF8.GetBytes($$$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{"city":"Pune"}}}"""),
        [new("Mcp-Session-Id", session), new("MCP-Protocol-Version", "2025-11-25")]);

    /// <summary>Calls a tool as a client of the stateless era does.</summary>
    public Task<HttpContext> CallStatelessAsync(string tool, string? handle) => PostAsync(
        Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}},"name":"TOOL","arguments":{"city":"Pune"SESSION}}}"""
                .Replace("TOOL", tool, StringComparison.Ordinal).Replace("SESSION", handle is null ? string.Empty : $",\"session\":\"{handle}\"", StringComparison.Ordinal)),
        [new("MCP-Protocol-Version", "2026-07-28"), new("Mcp-Method", "tools/call"), new("Mcp-Name", tool)]);

    private async Task<HttpContext> PostAsync(byte[] body, KeyValuePair<string, string>[] headers)
    {
        var context = new DefaultHttpContext { RequestServices = _app.Services, ServiceScopeFactory = _app.Services.GetRequiredService<IServiceScopeFactory>() };
        context.Request.Method = "POST";
        context.Request.Path = "/mcp";
        context.Request.Protocol = "HTTP/1.1";
        context.Request.Host = new HostString("localhost");
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        context.Request.Headers.Accept = "application/json, text/event-stream";
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        context.Request.Body = new MemoryStream(body, writable: false);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream(512)));
        await _pipeline(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
        {
            throw new InvalidOperationException($"The call was answered with {context.Response.StatusCode}.");
        }

        return context;
    }

    /// <summary>The text of an answer.</summary>
    public static string BodyOf(HttpContext context)
    {
        var stream = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Stream;
        stream.Position = 0;
        return new StreamReader(stream).ReadToEnd();
    }
}
