using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stateroom.TestProcesses.Issuers;

/// <summary>An authorization server on a free loopback port: it publishes its metadata and keys over HTTP and signs tokens with the newest key.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile SigningKey _key;

    private TokenIssuer(WebApplication app, SigningKey key)
    {
        _app = app;
        _key = key;
    }

    /// <summary>The address, which is also the name in <c>iss</c>.</summary>
    public string Address => _app.Urls.Single();

    public SigningKey Key => _key;

    /// <summary>How often its keys were asked for.</summary>
    public int KeyRequests { get; private set; }

    public static async Task<TokenIssuer> StartAsync(SigningKey? key = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TokenIssuer(app, key ?? SigningKey.NewRsa());
        app.MapGet("/.well-known/openid-configuration", () => Results.Text(
            new JsonObject { ["issuer"] = issuer.Address, ["jwks_uri"] = $"{issuer.Address}/keys" }.ToJsonString(), "application/json"));
        app.MapGet("/keys", () =>
        {
            issuer.KeyRequests++;
            return Results.Text(new JsonObject { ["keys"] = new JsonArray(issuer.Key.ToJwk()) }.ToJsonString(), "application/json");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Signs with another key from now on; the old one is published no longer.</summary>
    public void Rotate(SigningKey to) => _key = to;

    /// <summary>A token of this issuer.</summary>
    /// <param name="claims">What it says, besides <c>iss</c>; a null leaves a claim out.</param>
    /// <param name="key">The key; null for the newest.</param>
    /// <param name="header">Changes to the header.</param>
    public string Issue(JsonObject claims, SigningKey? key = null, JsonObject? header = null)
    {
        var payload = new JsonObject { ["iss"] = Address };
        Merge(payload, claims);
        var signing = key ?? _key;
        var head = new JsonObject { ["alg"] = signing.Algorithm, ["typ"] = "at+jwt", ["kid"] = signing.Id };
        Merge(head, header ?? []);
        var text = $"{Encode(head)}.{Encode(payload)}";
        return $"{text}.{((string?)head["alg"] == "none" ? "" : Base64Url.EncodeToString(signing.Sign(Encoding.ASCII.GetBytes(text))))}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (value is null)
            {
                into.Remove(name);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
