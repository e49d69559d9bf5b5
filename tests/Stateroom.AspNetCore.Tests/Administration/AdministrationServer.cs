using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Administration;

/// <summary>A real server on a free loopback port with keys for MCP and for administration, which keeps what it logs.</summary>
internal sealed class AdministrationServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private AdministrationServer(WebApplication app, Uri address, AuditLines log)
    {
        _app = app;
        Log = log;
        _http = new HttpClient { BaseAddress = address };
    }

    public AuditLines Log { get; }

    public Uri Url => _http.BaseAddress!;

    public IServiceProvider Services => _app.Services;

    public Gates Gates => Services.GetRequiredService<Gates>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="configure">Adds services.</param>
    /// <param name="authorize">Whether the host itself requires an authenticated user for administration.</param>
    /// <param name="frontDoor">Whether the host guards all its paths.</param>
    public static async Task<AdministrationServer> StartAsync(Action<IServiceCollection>? configure = null, bool authorize = true, bool frontDoor = false)
    {
        var log = new AuditLines();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<Gates>();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(AspNetCore.Authentication.ApiKeyDefaults.AuthenticationScheme).AddApiKeys(options =>
        {
            options.AllowPlainKeys = true;
            options.Keys.Add(new() { Key = "alice", Tenant = "acme", Owner = "alice" });
            options.Keys.Add(new() { Key = "bob", Tenant = "acme", Owner = "bob" });
            options.Keys.Add(new() { Key = "odd", Tenant = "a/b%2F ü~", Owner = "o&o" });
            options.Keys.Add(new() { Key = "admin", Tenant = "operations", Owner = "admin", Scopes = [StateroomScopes.Admin] });
            options.Keys.Add(new() { Key = "scoped", Tenant = "acme", Owner = "scoped", Scopes = ["stateroom:administrator", "admin"] });
        });
        builder.Services.AddMcpServer().WithTools<RoomTools>().WithSessions();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        if (frontDoor)
        {
            app.UseSessionFrontDoor();
        }

        app.UseAuthentication();
        app.UseAuthorization();
        app.MapMcpSessions("/mcp");
        var administration = app.MapSessionAdministration();
        if (authorize)
        {
            administration.RequireAuthorization();
        }

        await app.StartAsync(Cancellation);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new AdministrationServer(app, new Uri(address), log);
    }

    public RawClient Client(string key = "alice") => new(new Uri(_http.BaseAddress!, "/mcp"), key);

    public async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> SendAsync(
        HttpMethod method, string path, string? key = "admin", Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(method, $"/admin/{path}");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        configure?.Invoke(request);
        var response = await _http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), response);
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        var (status, body, response) = await SendAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, body);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return JsonNode.Parse(body)!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        Gates.OpenAll();
        _http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Keeps what is logged, each line after its category and level.</summary>
    internal sealed class AuditLines : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> All => _lines;

        public IEnumerable<string> Audit => _lines.Where(line => line.StartsWith("Stateroom.Audit ", StringComparison.Ordinal));

        /// <summary>Waits for a line: it is written when the answer is out already.</summary>
        public async Task HasAsync(params string[] parts)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (!Audit.Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal))))
            {
                if (limit.IsCancellationRequested)
                {
                    Assert.Fail($"No '{string.Join("' with '", parts)}' in:\n{string.Join('\n', Audit)}");
                }

                await Task.Yield();
            }
        }

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(AuditLines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines._lines.Enqueue($"{category} {eventId.Id} {logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}
