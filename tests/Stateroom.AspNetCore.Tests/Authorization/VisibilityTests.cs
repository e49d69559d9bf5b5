using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tests.Authentication;

namespace Stateroom.AspNetCore.Tests.Authorization;

public sealed class VisibilityTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_hidden_stands_in_no_list_and_the_list_is_for_its_caller_alone(bool stateless)
    {
        await using var server = await StartAsync<NoSecrets>();
        using var bob = new Talk(server, server.Token("bob"), stateless);
        using var keeper = new Talk(server, "keeper-key", stateless);
        (string Method, string List, string Name)[] lists =
        [
            ("tools/list", "tools", "name"), ("prompts/list", "prompts", "name"), ("resources/list", "resources", "uri"), ("resources/templates/list", "resourceTemplates", "uriTemplate"),
        ];
        foreach (var (method, list, name) in lists)
        {
            var seen = await bob.NamesAsync(method, list, name);
            var all = await keeper.NamesAsync(method, list, name);
            Assert.NotEmpty(seen);
            Assert.Contains(all, n => n.Contains("secret", StringComparison.Ordinal));
            Assert.Equal(all.Where(n => !n.Contains("secret", StringComparison.Ordinal) && n != "hidden_tool"), seen);
            if (stateless)
            {
                Assert.Equal("private", (string?)(await bob.MessageAsync(method))["result"]!["cacheScope"]);
            }
        }
    }

    public static TheoryData<string, string, string, bool> HiddenThings()
    {
        (string Method, string Parameters, string Name)[] things =
        [
            ("tools/call", """{"name":"NAME","arguments":{}}""", "secret_tool"),
            ("tools/call", """{"name":"NAME","arguments":{"needed":"x"}}""", "secret_tool"),
            ("tools/call", """{"name":"NAME","arguments":{"session":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}""", "secret_tool"),
            ("tools/call", """{"name":"NAME","arguments":{},"requestState":"forged","inputResponses":{}}""", "secret_tool"),
            ("tools/call", """{"NAME":"x","name":"NAME","arguments":{}}""", "hidden_tool"),
            ("tools/call", """{"name":"NAME","arguments":{}}""", "secret_by_handler"),
            ("prompts/get", """{"name":"NAME","arguments":{"letter":"gamma"}}""", "secret_prompt"),
            ("resources/read", """{"uri":"NAME"}""", "secret://thing"),
            ("resources/read", """{"uri":"NAME"}""", "secret://many/one"),
            ("resources/read", """{"uri":"NAME"}""", "handler://secret"),
            ("completion/complete", """{"ref":{"type":"ref/prompt","name":"NAME"},"argument":{"name":"letter","value":""}}""", "secret_prompt"),
            ("completion/complete", """{"ref":{"type":"ref/resource","uri":"NAME"},"argument":{"name":"which","value":""}}""", "secret://many/{which}"),
            ("resources/subscribe", """{"uri":"NAME"}""", "secret://thing"),
        ];
        var data = new TheoryData<string, string, string, bool>();
        foreach (var (method, parameters, name) in things)
        {
            data.Add(method, parameters, name, false);
            if (method != "resources/subscribe")
            {
                data.Add(method, parameters, name, true);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(HiddenThings))]
    public async Task What_is_hidden_is_answered_byte_for_byte_like_what_never_existed(string method, string parameters, string name, bool stateless)
    {
        await using var server = await StartAsync<NoSecrets>();
        using var bob = new Talk(server, server.Token("bob"), stateless);
        var never = new string('z', name.Length);

        var hidden = await bob.AskAsync(method, Parameters(name));
        var unknown = await bob.AskAsync(method, Parameters(never));

        Assert.Equal(unknown with { Body = unknown.Body.Replace(never, name, StringComparison.Ordinal) }, hidden);
        Assert.DoesNotContain("gamma", hidden.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("one", hidden.Body.Replace(name, "", StringComparison.Ordinal), StringComparison.Ordinal);

        JsonObject Parameters(string named) => JsonNode.Parse(parameters.Replace("\"NAME\":", "\"other\":", StringComparison.Ordinal).Replace("NAME", named, StringComparison.Ordinal))!.AsObject();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_sees_it_may_use_it(bool stateless)
    {
        await using var server = await StartAsync<NoSecrets>();
        using var keeper = new Talk(server, "keeper-key", stateless);
        Assert.Contains("worked", (await keeper.CallAsync("secret_tool", new() { ["needed"] = "worked" })).Body, StringComparison.Ordinal);
        Assert.Contains("worked", (await keeper.CallAsync("hidden_tool", new() { ["needed"] = "worked" })).Body, StringComparison.Ordinal);
        Assert.Contains("secret_by_handler", (await keeper.CallAsync("secret_by_handler")).Body, StringComparison.Ordinal);
        var completion = await keeper.MessageAsync("completion/complete", JsonNode.Parse("""{"ref":{"type":"ref/prompt","name":"secret_prompt"},"argument":{"name":"letter","value":"g"}}""")!.AsObject());
        Assert.Equal("gamma", (string?)completion["result"]!["completion"]!["values"]![0]);
    }

    [Fact]
    public async Task What_cannot_be_decided_is_hidden()
    {
        await using var server = await StartAsync<BrokenVisibility>();
        using var keeper = new Talk(server, "keeper-key", stateless: true);
        Assert.DoesNotContain("secret_tool", await keeper.NamesAsync("tools/list", "tools", "name"));
        Assert.Contains("Unknown tool", (await keeper.CallAsync("secret_tool", new() { ["needed"] = "x" })).Body, StringComparison.Ordinal);
        Assert.Contains("open_tool", (await keeper.CallAsync("open_tool")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_with_a_list_of_tools_has_no_others(bool stateless)
    {
        await using var server = await StartAsync<NoSecrets>(session: true);
        using var narrow = new Talk(server, "narrow-key", stateless);
        Assert.Equal(["open_tool"], await narrow.NamesAsync("tools/list", "tools", "name"));
        Assert.Contains("open_tool", (await narrow.CallAsync("open_tool")).Body, StringComparison.Ordinal);
        foreach (var name in (string[])["write_tool", "list_sessions", "by_handler"])
        {
            Assert.Contains($"Unknown tool: '{name}'", Plain((await narrow.CallAsync(name)).Body), StringComparison.Ordinal);
        }

        using var none = new Talk(server, "no-tools-key", stateless);
        Assert.Empty(await none.NamesAsync("tools/list", "tools", "name"));
        Assert.Contains("Unknown tool", (await none.CallAsync("open_tool")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_told_of_a_hidden_resource_to_who_follows_it()
    {
        await using var server = await StartAsync<NoSecrets>();
        using var response = await server.StatelessAsync(server.Token("bob"), "subscriptions/listen", new()
        {
            ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray("secret://thing", "open://thing") },
        });
        using var stream = new SseReader(response);
        await stream.ReadMessageAsync(TestContext.Current.CancellationToken);

        var notifier = server.Services.GetRequiredService<Messaging.ISessionNotifier>();
        await notifier.ResourceUpdatedAsync("secret://thing", null, TestContext.Current.CancellationToken);
        await notifier.ResourceUpdatedAsync("open://thing", null, TestContext.Current.CancellationToken);

        var told = await stream.ReadMessageAsync(TestContext.Current.CancellationToken);
        Assert.Equal("open://thing", (string?)told.Json["params"]!["uri"]);
    }

    private static string Plain(string body) => body.Replace("\\u0027", "'", StringComparison.Ordinal);

    private static Task<ResourceServer> StartAsync<T>(bool session = false)
        where T : class, IFeatureVisibility => ResourceServer.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IFeatureVisibility, T>();
                builder.Services.Configure<SessionEndpointOptions>(options => options.SessionTools = session);
            },
            mcp => mcp.WithOfferings().WithHandlers(),
            options =>
            {
                options.Keys.Add(new() { Key = "keeper-key", Tenant = "acme", Owner = "keeper" });
                options.Keys.Add(new() { Key = "narrow-key", Tenant = "acme", Owner = "narrow", Tools = ["open_tool"] });
                options.Keys.Add(new() { Key = "no-tools-key", Tenant = "acme", Owner = "none", Tools = [] });
            });
}
