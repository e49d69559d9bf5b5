using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Diagnostics;

namespace Stateroom.AspNetCore.Draining;

/// <summary>
/// Lets an instance leave without failing a call. Kestrel by itself stops listening and closes idle connections in one breath, and a request that a
/// balancer was just sending on one of those is lost. Here the server first is not ready for a while, then refuses new connections, which a balancer may
/// safely try elsewhere, and asks those that are open to close with their next answer; only what is idle after that is closed.
/// </summary>
internal sealed class ConnectionDrain(IOptions<SessionEndpointOptions> options, TimeProvider time, ILogger<ConnectionDrain> logger) : IHostedLifecycleService
{
    private readonly Lock _lock = new();
    private readonly List<IConnectionListener> _listeners = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isClosing;
    private int _connections;

    /// <summary>Whether a connection is to be closed after its next answer.</summary>
    public bool IsClosing => _isClosing;

    public void Add(IConnectionListener listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
        }
    }

    /// <summary>Counts a connection until it is closed.</summary>
    public void Watch(ConnectionContext connection)
    {
        Interlocked.Increment(ref _connections);
        connection.ConnectionClosed.UnsafeRegister(static drain => ((ConnectionDrain)drain!).Forget(), this);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.Value.DrainDelay, time, cancellationToken);
            foreach (var listener in Listeners())
            {
                await listener.UnbindAsync(cancellationToken);
            }

            _isClosing = true;
            Check();
            Log.Draining(logger, Volatile.Read(ref _connections));
            await _empty.Task.WaitAsync(options.Value.DrainTime, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What is still open is idle, or a long call, for which the host waits.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IConnectionListener[] Listeners()
    {
        lock (_lock)
        {
            return [.. _listeners];
        }
    }

    private void Forget()
    {
        Interlocked.Decrement(ref _connections);
        Check();
    }

    private void Check()
    {
        if (_isClosing && Volatile.Read(ref _connections) == 0)
        {
            _empty.TrySetResult();
        }
    }
}
