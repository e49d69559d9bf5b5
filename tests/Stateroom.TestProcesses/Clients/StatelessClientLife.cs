using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Stateroom.TestProcesses.Processes;

namespace Stateroom.TestProcesses.Clients;

/// <summary>The life of a room as a client on the C# SDK leads it in the stateless era, where a handle names the room.</summary>
public abstract class StatelessClientLife() : ClientLife(TestClient.StatelessRevision)
{
    [Fact]
    public async Task Two_rooms_of_one_client_stay_apart()
    {
        await using var client = await ConnectAsync();

        var first = ToolResults.Handle(await client.TryCallAsync("set_preferred_units", new { units = "imperial" }, Token));
        var second = ToolResults.Handle(await client.TryCallAsync("get_current_weather", new { city = "Pune" }, Token));
        await client.CallAsync("get_current_weather", new { city = "Pune", session = first }, Token);
        await client.CallAsync("get_current_weather", new { city = "Oslo", session = first }, Token);

        Assert.Null(client.Mcp.SessionId);
        Assert.NotEqual(first, second);
        var info = await client.CallAsync("get_session_info", new { session = first }, Token);
        Assert.Equal(("imperial", 2), (info.PreferredUnits(), info.ToolCallCount()));
        info = await client.CallAsync("get_session_info", new { session = second }, Token);
        Assert.Equal(("metric", 1), (info.PreferredUnits(), info.ToolCallCount()));
    }

    [Fact]
    public async Task An_ambiguous_city_asks_the_user_and_opens_one_room()
    {
        await using var client = await ConnectAsync();

        var result = await client.TryCallAsync("get_current_weather", new { city = "Springfield" }, Token);

        Assert.Contains("Springfield", ToolResults.Text(result), StringComparison.Ordinal);
        Assert.Equal(1, client.Questions);
        var info = await client.CallAsync("get_session_info", new { session = ToolResults.Handle(result) }, Token);
        Assert.Equal(1, info.ToolCallCount());
    }

    [Fact]
    public async Task Notifications_reach_a_client_that_listens()
    {
        await using var client = await ConnectAsync(Fixture, key: null);
        var acknowledged = Heard(client, NotificationMethods.SubscriptionsAcknowledgedNotification, out var first);
        var listed = Heard(client, NotificationMethods.ToolListChangedNotification, out var second);
        var updated = Heard(client, NotificationMethods.ResourceUpdatedNotification, out var third);
        await using var handlers = first;
        await using var more = second;
        await using var most = third;
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var listen = client.Mcp.SendRequestAsync<SubscriptionsListenRequestParams, JsonObject>(
            RequestMethods.SubscriptionsListen,
            new() { Notifications = new() { ToolsListChanged = true, ResourceSubscriptions = ["test://watched-resource"] } },
            cancellationToken: listening.Token).AsTask();

        await acknowledged.WaitAsync(Patience, Token);
        await client.CallAsync("test_trigger_tool_change", new { }, Token);
        await client.CallAsync("test_trigger_resource_update", new { uri = "test://watched-resource" }, Token);

        await listed.WaitAsync(Patience, Token);
        Assert.Equal("test://watched-resource", (await updated.WaitAsync(Patience, Token))!["uri"]!.GetValue<string>());
        await listening.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listen);
    }

    [Fact]
    public async Task A_room_outlives_a_lost_answer()
    {
        await using var proxy = new TcpProxy(Weather);
        await using var client = await ConnectAsync(proxy.Endpoint);
        var room = ToolResults.Handle(await client.TryCallAsync("set_preferred_units", new { units = "imperial" }, Token));

        proxy.CutNextAnswer();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.CallAsync("get_session_info", new { session = room }, Token));

        Assert.Equal("imperial", (await client.CallAsync("get_session_info", new { session = room }, Token)).PreferredUnits());
    }

    [Fact]
    public async Task A_client_that_finds_its_room_closed_starts_over()
    {
        await using var client = await ConnectAsync();
        var room = ToolResults.Handle(await client.TryCallAsync("get_current_weather", new { city = "Pune" }, Token));
        await client.TryCallAsync("close_session", new { session = room }, Token);

        var ended = await client.TryCallAsync("get_current_weather", new { city = "Pune", session = room }, Token);
        var unknown = await client.TryCallAsync("get_current_weather", new { city = "Pune", session = "never-was" }, Token);

        Assert.True(ended.IsError);
        Assert.Equal(ToolResults.Text(unknown), ToolResults.Text(ended));
        var again = ToolResults.Handle(await client.TryCallAsync("get_current_weather", new { city = "Pune" }, Token));
        Assert.NotEqual(room, again);
    }

    private static Task<JsonNode?> Heard(TestClient client, string method, out IAsyncDisposable handler)
    {
        var heard = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        handler = client.Mcp.RegisterNotificationHandler(method, (notification, _) =>
        {
            heard.TrySetResult(notification.Params);
            return ValueTask.CompletedTask;
        });
        return heard.Task;
    }
}
