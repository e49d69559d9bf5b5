using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Draining;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Handshake;

/// <summary>The host's own handlers of notifications run after the HTTP request is answered, and are held to what holds for calls.</summary>
public sealed class NotificationTests : IDisposable
{
    private const string Wait = """{"jsonrpc":"2.0","method":"notifications/wait"}""";
    private const string Cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""";

    private readonly Gates _gates = new();
    private readonly SemaphoreSlim _reached = new(0);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cancellations;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _reached.Dispose();

    [Fact]
    public async Task Notifications_that_are_handled_are_calls_and_a_cancellation_takes_effect_without_a_place()
    {
        await using var server = await StartAsync(limits => limits.MaxCallsPerOwner = 2);
        using var client = await server.Client().OpenAsync();
        await NothingRunsAsync(server);
        await NotifyAsync(client, Wait);
        await NotifyAsync(client, Wait);
        await _reached.WaitAsync(Cancellation);
        await _reached.WaitAsync(Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, Wait))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("get")))).Status);
        await NotifyAsync(client, Cancel);
        _gates.Open("g");
        await NothingRunsAsync(server);
        Assert.Equal("0", await client.CallTextAsync("get"));
        Assert.Equal(0, _cancellations);
        await NotifyAsync(client, Cancel);
        await NothingRunsAsync(server);
        Assert.Equal(1, _cancellations);
    }

    [Fact]
    public async Task Each_notification_of_a_batch_that_is_handled_has_a_place()
    {
        await using var server = await StartAsync(limits => limits.MaxCallsPerOwner = 3);
        using var client = await new RawClient(server.Url, "acme/alice") { Version = "2025-03-26" }.OpenAsync();
        await NothingRunsAsync(server);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, $"[{Wait},{Wait},{Wait},{Wait}]"))).Status);
        await NotifyAsync(client, $"[{Wait},{Wait}]");
        await _reached.WaitAsync(Cancellation);
        await _reached.WaitAsync(Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, $"[{Wait},{Wait}]"))).Status);
        _gates.Open("g");
        await NothingRunsAsync(server);
    }

    [Fact]
    public async Task A_server_that_stops_waits_for_them()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        await NotifyAsync(client, Wait);
        await _reached.WaitAsync(Cancellation);

        var draining = server.Services.GetServices<IHostedService>().OfType<CallDrain>().Single().StopAsync(Cancellation);
        Assert.False(draining.IsCompleted);
        _gates.Open("g");
        await draining;
    }

    [Fact]
    public async Task They_are_cancelled_when_their_session_ends()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        await NotifyAsync(client, Wait);
        await _reached.WaitAsync(Cancellation);

        using var ended = await client.SendAsync(HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await _cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private Task<SessionServer> StartAsync(Action<LimitOptions>? limits = null) => SessionServer.StartAsync(services =>
    {
        services.AddSingleton(_gates);
        services.Configure(limits ?? (static limits => limits.MaxCallsPerOwner = 100));
        services.Configure<McpServerOptions>(options => options.Handlers.NotificationHandlers =
        [
            new("notifications/wait", WaitAsync),
            new(NotificationMethods.CancelledNotification, CountAsync),
        ]);
    });

    private async ValueTask WaitAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        _reached.Release();
        try
        {
            await _gates.WaitAsync("g", cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }
    }

    private ValueTask CountAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _cancellations);
        return ValueTask.CompletedTask;
    }

    private static async Task NotifyAsync(RawClient client, string body) =>
        Assert.Equal(HttpStatusCode.Accepted, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, body))).Status);

    private static async Task NothingRunsAsync(SessionServer server)
    {
        while ((await server.Services.GetRequiredService<IAdmission>().ReadUseAsync(new Caller(new("acme"), "alice"), Cancellation)).Calls > 0)
        {
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }
    }
}
