using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests.Streams;

/// <summary>A stream that its client opens again whenever it ends, as clients do: with <c>Last-Event-ID</c> in the one era, anew in the other.</summary>
internal abstract class KeptStream(Uri endpoint, string key) : IDisposable
{
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _heard = [];
    private readonly ConcurrentQueue<string> _faults = [];
    private volatile int _openings;
    private Task _running = Task.CompletedTask;

    /// <summary>What came, in order.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    /// <summary>What a client should not meet.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>How often it was opened.</summary>
    public int Openings => _openings;

    protected RawClient Client { get; } = new(endpoint, key);

    protected CancellationToken Stopping => _stopping.Token;

    /// <summary>Opens it and waits until it is open.</summary>
    public async Task StartAsync()
    {
        await PrepareAsync();
        _running = Task.Run(RunAsync);
        await Task.WhenAny(_open.Task, _running);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        Client.Dispose();
        _stopping.Dispose();
    }

    protected abstract Task PrepareAsync();

    /// <summary>Reads the stream once, to its end.</summary>
    protected abstract Task ReadAsync();

    protected void Opened()
    {
        _openings++;
        _open.TrySetResult();
    }

    protected void Hear(string message) => _heard.Enqueue(message);

    protected void Fault(string fault) => _faults.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {fault}");

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Fault($"{e.Message} {e.GetBaseException().Message}");
                return;
            }
        }
    }
}

/// <summary>The GET stream of a session of the handshake era.</summary>
internal sealed class GeneralStream(Uri endpoint, string key) : KeptStream(endpoint, key)
{
    private string? _last;

    /// <summary>The session, for calls.</summary>
    public RawClient Session => Client;

    protected override async Task PrepareAsync() => await Client.OpenAsync();

    protected override async Task ReadAsync()
    {
        using var response = await Client.SendAsync(HttpMethod.Get, body: (string?)null, _last);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Fault($"GET: {(int)response.StatusCode}");
            return;
        }

        using var reader = new SseReader(response);
        while (await reader.ReadAsync(Stopping) is { } read)
        {
            if (_last is null)
            {
                Opened();
            }

            _last = read.Id ?? _last;
            if (read.Data.Length > 0 && (string?)read.Json["params"]?["uri"] is { } uri)
            {
                Hear(uri);
            }
        }

        Opened();
    }
}

/// <summary>A stream of <c>subscriptions/listen</c>.</summary>
internal sealed class ListenStream(Uri endpoint, string key) : KeptStream(endpoint, key)
{
    protected override Task PrepareAsync() => Task.CompletedTask;

    protected override async Task ReadAsync()
    {
        using var reader = await Client.ListenAsync(new JsonObject { ["toolsListChanged"] = true });
        JsonObject? last = null;
        while (await reader.ReadAsync(Stopping) is { } read)
        {
            last = read.Json;
            switch ((string?)last["method"])
            {
                case "notifications/subscriptions/acknowledged":
                    Opened();
                    break;
                case { } method:
                    Hear(method);
                    break;
            }
        }

        // MCP 2026-07-28, Subscriptions, Graceful Closure: the server says that it ends the stream.
        if (last?["result"] is null)
        {
            Fault($"{(int)reader.Response.StatusCode}: the stream was cut after {last?.ToJsonString()}");
        }
    }
}
