using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.TestProcesses.Issuers;

namespace Stateroom.AspNetCore.Tests.Authentication;

/// <summary>A server that takes the tokens of two issuers and some API keys. Its clock stands still until it is moved.</summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    public const string Resource = "https://mcp.example/mcp";

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private ResourceServer(WebApplication app, TokenIssuer acme, TokenIssuer shared)
    {
        _app = app;
        Acme = acme;
        Shared = shared;
        Url = new Uri($"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/mcp");
    }

    public Uri Url { get; }

    /// <summary>All its tokens are of the tenant acme.</summary>
    public TokenIssuer Acme { get; }

    /// <summary>Names the tenant in the claim <c>org</c>, the owner in <c>uid</c> and scopes in <c>scp</c>.</summary>
    public TokenIssuer Shared { get; }

    public Gates Gates => _app.Services.GetRequiredService<Gates>();

    public FakeTimeProvider Time => _app.Services.GetRequiredService<FakeTimeProvider>();

    public IServiceProvider Services => _app.Services;

    public static async Task<ResourceServer> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<IMcpServerBuilder>? mcp = null, Action<ApiKeyOptions>? keys = null, SigningKey? key = null)
    {
        var acme = await TokenIssuer.StartAsync(key);
        var shared = await TokenIssuer.StartAsync(SigningKey.NewEc());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<Gates>();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(StateroomAuthenticationDefaults.AuthenticationScheme)
            .AddApiKeys(options =>
            {
                options.AllowPlainKeys = true;
                options.Keys.Add(new() { Key = "acme-key", Tenant = "acme", Owner = "alice" });
                keys?.Invoke(options);
            })
            .AddJwtIssuers(options =>
            {
                options.Resource = Resource;
                options.Issuers.Add(new() { Authority = acme.Address, Tenant = "acme" });
                options.Issuers.Add(new() { Authority = shared.Address, TenantClaim = "org", OwnerClaim = "uid", ScopeClaim = "scp", MayGrantAdmin = true });
            });
        var server = builder.Services.AddMcpServer().WithTools<RoomTools>().WithResources<RoomResources>();
        mcp?.Invoke(server);
        server.WithSessions();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapMcpSessions("/mcp").RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ResourceServer(app, acme, shared);
    }

    /// <summary>A token of acme's issuer that is right in every respect but for the given changes.</summary>
    public string Token(string subject = "alice", JsonObject? changes = null, SigningKey? key = null, JsonObject? header = null)
    {
        var claims = new JsonObject { ["sub"] = subject, ["aud"] = Resource, ["exp"] = In(TimeSpan.FromMinutes(5)), ["iat"] = In(TimeSpan.Zero) };
        foreach (var (name, value) in changes ?? [])
        {
            claims[name] = value?.DeepClone();
        }

        return Acme.Issue(claims, key, header);
    }

    /// <summary>A token of the issuer that speaks for several tenants.</summary>
    public string SharedToken(string tenant, string subject = "alice", JsonObject? changes = null)
    {
        var claims = new JsonObject { ["org"] = tenant, ["uid"] = subject, ["sub"] = "another name", ["aud"] = Resource, ["exp"] = In(TimeSpan.FromMinutes(5)) };
        foreach (var (name, value) in changes ?? [])
        {
            claims[name] = value?.DeepClone();
        }

        return Shared.Issue(claims);
    }

    public long In(TimeSpan time) => (Time.GetUtcNow() + time).ToUnixTimeSeconds();

    public RawClient Client(string token) => new(Url, token);

    /// <summary>Posts <c>initialize</c>, or any other body, as a handshake-era client does at first.</summary>
    public async Task<HttpResponseMessage> PostAsync(string? authorization, string? body = null, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url + query))
        {
            Content = new StringContent(body ?? RawClient.Initialize(), Encoding.UTF8, "application/json"),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request of the stateless era.</summary>
    public async Task<HttpResponseMessage> StatelessAsync(string? token, string method, JsonObject parameters, Action<HttpRequestMessage>? configure = null)
    {
        parameters["_meta"] ??= new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if ((parameters["name"] ?? parameters["uri"])?.GetValue<string>() is { } name)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        configure?.Invoke(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public static string? ChallengeOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var challenge) ? challenge.ToString() : null;

    public async ValueTask DisposeAsync()
    {
        Gates.OpenAll();
        _http.Dispose();
        await _app.DisposeAsync();
        await Acme.DisposeAsync();
        await Shared.DisposeAsync();
    }
}
