using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class ToolListTests
{
    [Fact]
    public async Task Tools_that_use_a_session_show_an_optional_property_that_says_how_long_it_lives()
    {
        await using var host = await StatelessHost.StartAsync(sessions: o => o.IdleTimeout = TimeSpan.FromMinutes(90));
        var tools = await ToolsAsync(host.Client(Person.AcmeAlice));

        var session = tools["count"]["inputSchema"]!["properties"]!["session"]!;
        Assert.Equal("string", session["type"]!.GetValue<string>());
        Assert.Contains("1 hour 30 minutes", session["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(session["x-mcp-header"]);
        Assert.Null(tools["count"]["inputSchema"]!["required"]);
        Assert.Equal("Counts up.", tools["count"]["description"]!.GetValue<string>());
        Assert.NotNull(tools["marked"]["inputSchema"]!["properties"]!["session"]);
        Assert.Equal(["length"], tools["note"]["inputSchema"]!["required"]!.AsArray().Select(n => n!.GetValue<string>()));
    }

    [Fact]
    public async Task Other_tools_stay_as_written()
    {
        await using var host = await StatelessHost.StartAsync();
        var tools = await ToolsAsync(host.Client(Person.AcmeAlice));

        Assert.Equal(["text"], tools["plain"]["inputSchema"]!["properties"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public async Task A_class_whose_constructor_takes_the_state_uses_a_session()
    {
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.WithTools<InjectedTools>());
        var tools = await ToolsAsync(host.Client(Person.AcmeAlice));

        Assert.NotNull(tools["injected"]["inputSchema"]!["properties"]!["session"]);
    }

    [Fact]
    public async Task The_tool_itself_is_not_changed()
    {
        await using var host = await StatelessHost.StartAsync();
        await ToolsAsync(host.Client(Person.AcmeAlice));

        var tool = host.Services.GetServices<McpServerTool>().Single(t => t.ProtocolTool.Name == "count").ProtocolTool;
        Assert.DoesNotContain("session", tool.InputSchema.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_is_asked_of_callers_with_a_credential_only()
    {
        await using var host = await StatelessHost.StartAsync(o => o.HandleHeader = true);

        Assert.Equal("Session", (await ToolsAsync(host.Client(Person.AcmeAlice)))["count"]["inputSchema"]!["properties"]!["session"]!["x-mcp-header"]!.GetValue<string>());
        Assert.Null((await ToolsAsync(host.Client(Person.Nobody)))["count"]["inputSchema"]!["properties"]!["session"]!["x-mcp-header"]);
    }

    [Fact]
    public async Task A_property_of_that_name_keeps_the_server_from_starting()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StatelessHost.StartAsync(server: mcp => mcp.WithTools<ClashingTools>()));

        Assert.Contains("'clash'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Rename", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_of_the_name_of_a_session_tool_keeps_the_server_from_starting()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StatelessHost.StartAsync(o => o.SessionTools = true, server: mcp => mcp.WithTools<NamesakeTools>()));

        Assert.Contains("'list_sessions'", error.Message, StringComparison.Ordinal);
    }

    internal static async Task<Dictionary<string, JsonObject>> ToolsAsync(Wire client) =>
        (await client.SendAsync("tools/list")).Result["tools"]!.AsArray().ToDictionary(t => t!["name"]!.GetValue<string>(), t => t!.AsObject());

    [McpServerToolType]
    private sealed class InjectedTools(State.ISessionState<Counter> state)
    {
        [McpServerTool(Name = "injected")]
        public async Task<int> InjectedAsync(CancellationToken cancellationToken) => (await state.GetAsync(cancellationToken)).Count;
    }

    [McpServerToolType]
    private sealed class ClashingTools
    {
        [McpServerTool(Name = "clash"), UsesSession]
        public static string Clash(string session) => session;
    }

    [McpServerToolType]
    private sealed class NamesakeTools
    {
        [McpServerTool(Name = "list_sessions")]
        public static string List() => "";
    }
}
