using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>What runs the handler of one exchange: a server of the SDK, or none until the handler needs one. It has one at a time and, once it is closed, no other.</summary>
/// <param name="exchange">The exchange.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer, whose wait handle nobody takes, holds nothing to dispose of.")]
internal sealed class HandlerHost(Exchange exchange)
{
    private TaskCompletionSource? _served;
    private RaisedServer? _server;
    private CancellationTokenSource? _cancellation;
    private bool _isClosed;

    /// <summary>The server; null if there is none.</summary>
    public RaisedServer? Server
    {
        get
        {
            lock (this)
            {
                return _server;
            }
        }
    }

    /// <summary>Has a server run the handler.</summary>
    /// <param name="server">The server, for this exchange alone until it is over.</param>
    /// <param name="message">What it is given to begin with.</param>
    /// <returns>Done when the handler has run to its end.</returns>
    public Task ServeAsync(RaisedServer server, JsonRpcRequest message)
    {
        var served = _served = new();
        server.Serve(exchange);
        if (!TryKeep(server))
        {
            server.Stop();
            return Task.CompletedTask;
        }

        server.Deliver(message);
        return served.Task;
    }

    /// <summary>Has the handler be run without a server.</summary>
    /// <returns>Cancelled when it is to stop.</returns>
    public CancellationToken ServeDirectly()
    {
        lock (this)
        {
            _cancellation = new();
            return _isClosed ? new(canceled: true) : _cancellation.Token;
        }
    }

    /// <summary>Gives a handler that runs without one the server that it cannot do without.</summary>
    /// <exception cref="InvalidOperationException">The request is over.</exception>
    public RaisedServer Raise(Func<RaisedServer> raise)
    {
        if (Server is { } there)
        {
            return there;
        }

        // Outside the lock, as code of the host's is run by it. Of two at once, one is kept.
        var raised = raise();
        raised.Serve(exchange);
        if (TryKeep(raised))
        {
            return raised;
        }

        raised.Stop();
        return Server ?? throw Exchange.IsOver();
    }

    /// <summary>Hands the server a message of the client.</summary>
    public void Deliver(JsonRpcMessage message) => Server?.Deliver(message);

    /// <summary>Takes no other server from now on. What is delivered still reaches the one that is there.</summary>
    public void Close()
    {
        lock (this)
        {
            _isClosed = true;
        }
    }

    /// <summary>Closes, and gives the server to whoever ends it.</summary>
    public RaisedServer? Take()
    {
        lock (this)
        {
            _isClosed = true;
            var server = _server;
            _server = null;
            return server;
        }
    }

    /// <summary>The handler is done, or gone with its server.</summary>
    public void OnServed() => _served?.TrySetResult();

    /// <summary>Closes, and cancels the handler once it has been given what was delivered.</summary>
    public async Task CancelAsync()
    {
        if (Take() is { } server)
        {
            await server.CancelAsync();
        }

        if (_cancellation is { } cancellation)
        {
            await cancellation.CancelAsync();
        }
    }

    private bool TryKeep(RaisedServer server)
    {
        lock (this)
        {
            if (_isClosed || (_server is not null && _server != server))
            {
                return false;
            }

            _server = server;
            return true;
        }
    }
}
