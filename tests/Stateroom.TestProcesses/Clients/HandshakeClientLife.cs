using System.Net;
using System.Net.Http.Headers;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Stateroom.TestProcesses.Processes;

namespace Stateroom.TestProcesses.Clients;

/// <summary>The life of a session as a client on the C# SDK leads it in the handshake era.</summary>
public abstract class HandshakeClientLife() : ClientLife(TestClient.HandshakeRevision)
{
    [Fact]
    public async Task Two_sessions_of_one_owner_stay_apart()
    {
        await using var first = await ConnectAsync();
        await using var second = await ConnectAsync();

        await first.TryCallAsync("set_preferred_units", new { units = "imperial" }, Token);
        await first.CallAsync("get_current_weather", new { city = "Pune" }, Token);
        await first.CallAsync("get_current_weather", new { city = "Oslo" }, Token);
        await second.CallAsync("get_current_weather", new { city = "Pune" }, Token);

        Assert.NotEqual(first.Mcp.SessionId, second.Mcp.SessionId);
        var info = await first.CallAsync("get_session_info", new { }, Token);
        Assert.Equal(("imperial", 2), (info.PreferredUnits(), info.ToolCallCount()));
        info = await second.CallAsync("get_session_info", new { }, Token);
        Assert.Equal(("metric", 1), (info.PreferredUnits(), info.ToolCallCount()));
    }

    [Fact]
    public async Task An_ambiguous_city_asks_the_user()
    {
        await using var client = await ConnectAsync();

        var result = await client.TryCallAsync("get_current_weather", new { city = "Springfield" }, Token);

        Assert.Contains("Springfield", ToolResults.Text(result), StringComparison.Ordinal);
        Assert.Equal(1, client.Questions);
    }

    [Fact]
    public async Task Notifications_reach_a_client_that_listens()
    {
        await using var client = await ConnectAsync(Fixture, key: null);
        await client.Listening.WaitAsync(Patience, Token);
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var updated = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = client.Mcp.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            listed.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await using var subscription = await client.Mcp.SubscribeToResourceAsync("test://watched-resource", (update, _) =>
        {
            updated.TrySetResult(update.Uri);
            return ValueTask.CompletedTask;
        }, cancellationToken: Token);

        await client.CallAsync("test_trigger_tool_change", new { }, Token);
        await client.CallAsync("test_trigger_resource_update", new { uri = "test://watched-resource" }, Token);

        await listed.Task.WaitAsync(Patience, Token);
        Assert.Equal("test://watched-resource", await updated.Task.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task A_call_survives_its_connection()
    {
        await using var proxy = new TcpProxy(Weather);
        await using var client = await ConnectAsync(proxy.Endpoint);
        client.WhileAsked = proxy.Cut;

        var result = await client.CallAsync("get_current_weather", new { city = "Springfield" }, Token).WaitAsync(Patience, Token);

        Assert.Contains("Springfield", result.ToString(), StringComparison.Ordinal);
        Assert.True(client.Resumptions > 0, "The client did not come back with Last-Event-ID.");
    }

    [Fact]
    public async Task A_client_that_finds_its_session_ended_starts_over()
    {
        await using var client = await ConnectAsync();
        await client.CallAsync("get_current_weather", new { city = "Pune" }, Token);
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(client.Mcp.SessionId!));

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.CallAsync("get_session_info", new { }, Token));

        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        var completion = await client.Mcp.Completion.WaitAsync(Patience, Token);
        Assert.Equal(HttpStatusCode.NotFound, Assert.IsType<HttpClientCompletionDetails>(completion).HttpStatusCode);
        await using var again = await ConnectAsync();
        Assert.NotEqual(client.Mcp.SessionId, again.Mcp.SessionId);
        Assert.Equal(0, (await again.CallAsync("get_session_info", new { }, Token)).ToolCallCount());
    }

    [Fact]
    public async Task A_client_that_closes_ends_its_session()
    {
        var client = await ConnectAsync();
        var session = client.Mcp.SessionId!;

        await client.DisposeAsync();

        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(session));
    }

    private async Task<HttpStatusCode> DeleteAsync(string session)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Delete, Weather)
        {
            Headers = { { "Mcp-Session-Id", session }, { "Authorization", new AuthenticationHeaderValue("Bearer", Key).ToString() } },
        };
        using var response = await http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
