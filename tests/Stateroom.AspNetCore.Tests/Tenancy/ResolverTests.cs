using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.AspNetCore.Tests.Authentication;
using Stateroom.AspNetCore.Tests.Authorization;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Tenancy;

public sealed class ResolverTests
{
    /// <summary>Every place where a client could name a tenant, without any that is verified.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tenant_that_the_request_names_changes_nothing(bool stateless)
    {
        await using var server = await ResourceServer.StartAsync();
        using var honest = new Talk(server, server.Token(), stateless);
        using var sessionOwner = new Talk(server, server.SharedToken("globex"), stateless);
        var expected = await honest.MessageAsync("tools/call", new() { ["name"] = "who", ["arguments"] = new JsonObject() });

        var parameters = new JsonObject
        {
            ["name"] = "who",
            ["tenant"] = "globex",
            ["arguments"] = new JsonObject { ["tenant"] = "globex", ["owner"] = "alice", ["stateroom:tenant"] = "globex" },
            ["_meta"] = new JsonObject
            {
                ["tenant"] = "globex",
                ["stateroom/tenant"] = "globex",
                ["stateroom:tenant"] = "globex",
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "globex", ["title"] = "globex", ["version"] = "1", ["tenant"] = "globex" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["experimental"] = new JsonObject { ["tenant"] = new JsonObject() } },
            },
        };
        using var response = stateless
            ? await server.StatelessAsync(server.Token(), "tools/call", parameters, Lie)
            : await HandshakeAsync(server, parameters);
        var answer = await RawClient.ReadResponseAsync(response);
        Assert.Equal(expected["result"]!["content"]!.ToJsonString(), answer["result"]!["content"]!.ToJsonString());
        Assert.StartsWith("acme/", RawClient.TextOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_example_names_callers_by_certificate()
    {
        using var authority = SelfSigned("server");
        using var acme = SelfSigned("acme");
        using var stranger = SelfSigned("stranger");
        var known = new Dictionary<string, Caller> { [acme.GetCertHashString(HashAlgorithmName.SHA256)] = new(new TenantId("acme"), "machine") };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = authority;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        builder.Services.AddSingleton<Gates>();
        builder.Services.AddMcpServer().WithTools<RoomTools>().WithSessions();
        builder.Services.AddSingleton<ITenantResolver>(new CertificateTenantResolver(known));
        await using var app = builder.Build();
        app.MapMcpSessions("/mcp");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, await InitializeAsync(app, acme));
        Assert.Equal(HttpStatusCode.Unauthorized, await InitializeAsync(app, stranger));
        Assert.Equal(HttpStatusCode.Unauthorized, await InitializeAsync(app, null));
    }

    [Theory]
    [InlineData("acme.localtest", HttpStatusCode.OK)]
    [InlineData("globex.localtest", HttpStatusCode.Unauthorized)]
    [InlineData("other.localtest", HttpStatusCode.Unauthorized)]
    public async Task The_documented_example_lets_a_host_name_refuse_and_never_name(string host, HttpStatusCode status)
    {
        await using var server = await ResourceServer.StartAsync(builder =>
        {
            var tenants = new Dictionary<string, TenantId> { ["acme.localtest"] = new("acme"), ["globex.localtest"] = new("globex") };
            builder.Services.AddSingleton<ITenantResolver>(new HostNameTenantResolver(new ClaimsTenantResolver(), tenants));
            builder.Services.Configure<SessionEndpointOptions>(options =>
            {
                options.AllowedHosts.Add("acme.localtest");
                options.AllowedHosts.Add("globex.localtest");
                options.AllowedHosts.Add("other.localtest");
            });
        });
        using var client = server.Client(server.Token());
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: request => request.Headers.Host = host);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public void The_example_of_the_documentation_is_the_one_that_is_tested()
    {
        var root = Stateroom.TestProcesses.Repository.Root;
        var code = File.ReadAllText(Path.Combine(root, "tests", "Stateroom.AspNetCore.Tests", "Tenancy", "CertificateTenantResolver.cs"))
            .Split("// <example>\n")[1].Split("// </example>")[0].Trim('\n');
        Assert.Contains($"```csharp\n{code}\n```", File.ReadAllText(Path.Combine(root, "docs", "tenants.md")), StringComparison.Ordinal);
    }

    private static void Lie(HttpRequestMessage request)
    {
        foreach (var header in (string[])["X-Tenant", "X-Tenant-Id", "Tenant", "Stateroom-Tenant", "X-Forwarded-User", "Mcp-Param-Tenant"])
        {
            request.Headers.TryAddWithoutValidation(header, "globex");
        }
    }

    private static async Task<HttpResponseMessage> HandshakeAsync(ResourceServer server, JsonObject parameters)
    {
        var client = server.Client(server.Token());
        using var opened = await client.SendAsync(
            HttpMethod.Post,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"tenant":"globex","clientInfo":{"name":"globex","version":"1","tenant":"globex"},"capabilities":{},"protocolVersion":"2025-11-25"}}""",
            configure: Lie);
        client.SessionId = opened.Headers.GetValues("Mcp-Session-Id").Single();
        parameters.Remove("_meta");
        parameters["_meta"] = new JsonObject { ["tenant"] = "globex", ["stateroom:tenant"] = "globex" };
        return await client.SendAsync(
            HttpMethod.Post, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = parameters }.ToJsonString(), configure: Lie);
    }

    private static async Task<HttpStatusCode> InitializeAsync(WebApplication app, X509Certificate2? certificate)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=server", ClientCertificates = certificate is null ? [] : [certificate] },
        };
        using var http = new HttpClient(handler);
        using var response = await http.PostAsync(
            new Uri($"{app.Urls.Single()}/mcp"), new StringContent(RawClient.Initialize(), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
