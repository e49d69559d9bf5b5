using System.Text.Json.Nodes;
using Stateroom.TestProcesses.Issuers;

namespace Stateroom.Isolation.Tests.Support;

/// <summary>The weather server with three authorization servers: two whose tokens are all of the tenant acme, and one that names the tenant in its tokens.</summary>
public sealed class TokenCluster : IAsyncDisposable
{
    public const string Resource = "https://mcp.example/mcp";

    // The server takes a token this long after the end that it states, as clocks differ.
    private static readonly TimeSpan _skew = TimeSpan.FromSeconds(30);

    private TokenCluster(Cluster cluster, TokenIssuer acme, TokenIssuer another, TokenIssuer shared)
    {
        Weather = cluster;
        Acme = acme;
        Another = another;
        Shared = shared;
    }

    public Cluster Weather { get; }

    /// <summary>All its tokens are of the tenant acme.</summary>
    public TokenIssuer Acme { get; }

    /// <summary>All its tokens are of the tenant acme, too.</summary>
    public TokenIssuer Another { get; }

    /// <summary>Names the tenant in the claim <c>org</c>.</summary>
    public TokenIssuer Shared { get; }

    public static async Task<TokenCluster> StartAsync(Servers servers)
    {
        var acme = await TokenIssuer.StartAsync();
        var another = await TokenIssuer.StartAsync(SigningKey.NewEc());
        var shared = await TokenIssuer.StartAsync(SigningKey.NewEc());
        var cluster = await servers.StartAsync(
            Cluster.Weather,
            $"--Stateroom:Jwt:Resource={Resource}",
            $"--Stateroom:Jwt:Issuers:0:Authority={acme.Address}",
            "--Stateroom:Jwt:Issuers:0:Tenant=acme",
            $"--Stateroom:Jwt:Issuers:1:Authority={another.Address}",
            "--Stateroom:Jwt:Issuers:1:Tenant=acme",
            $"--Stateroom:Jwt:Issuers:2:Authority={shared.Address}",
            "--Stateroom:Jwt:Issuers:2:TenantClaim=org");
        return new TokenCluster(cluster, acme, another, shared);
    }

    /// <summary>A token that is right in every respect but for the given changes.</summary>
    public static string Token(TokenIssuer issuer, JsonObject? changes = null, SigningKey? key = null, JsonObject? header = null)
    {
        var claims = new JsonObject { ["sub"] = "alice", ["aud"] = Resource, ["exp"] = In(TimeSpan.FromMinutes(10)) };
        foreach (var (name, value) in changes ?? [])
        {
            claims[name] = value?.DeepClone();
        }

        return issuer.Issue(claims, key, header);
    }

    /// <summary>A good token that is taken for so long and no longer.</summary>
    public static string Token(TokenIssuer issuer, TimeSpan taken) => Token(issuer, new JsonObject { ["exp"] = In(taken - _skew) });

    public static long In(TimeSpan time) => (TimeProvider.System.GetUtcNow() + time).ToUnixTimeSeconds();

    public async ValueTask DisposeAsync()
    {
        await Weather.DisposeAsync();
        await Acme.DisposeAsync();
        await Another.DisposeAsync();
        await Shared.DisposeAsync();
    }
}
