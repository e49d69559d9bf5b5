using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// A server object of the SDK that is up. It serves one exchange at a time; what a handler says goes to its own request's transport and never comes through here,
/// so that nothing a handler says late can reach the next exchange.
/// </summary>
internal sealed class RaisedServer : ITransport
{
    // The reader only hands a message on; waking it up inline saves a turn of the thread pool for each request.
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateUnbounded<JsonRpcMessage>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly CancellationTokenSource _cancellation = new();
    private readonly WarmServers? _home;
    private Exchange? _exchange;
    private volatile bool _stopped;

    private RaisedServer(WarmServers? home, McpServerOptions options, ILoggerFactory loggers, IServiceProvider services)
    {
        _home = home;
        Server = McpServer.Create(this, options, loggers, services);
    }

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    /// <summary>The SDK's server object.</summary>
    public McpServer Server { get; }

    /// <summary>How many exchanges it has served.</summary>
    public int Uses { get; private set; }

    /// <summary>Whether it was told to stop.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Raises a server.</summary>
    /// <param name="options">For which client.</param>
    /// <param name="loggers">The SDK's loggers.</param>
    /// <param name="services">What handlers are given.</param>
    /// <param name="home">Where it goes back to after an exchange; null if it is to serve one only.</param>
    public static RaisedServer Raise(McpServerOptions options, ILoggerFactory loggers, IServiceProvider services, WarmServers? home)
    {
        var raised = new RaisedServer(home, options, loggers, services);

        // It outlives the request that raised it and must carry nothing of that request's context.
        ThreadPool.UnsafeQueueUserWorkItem(static raised => _ = raised.RunAsync(), raised, preferLocal: true);
        return raised;
    }

    /// <summary>Begins to serve an exchange.</summary>
    public void Serve(Exchange exchange)
    {
        Uses++;
        Volatile.Write(ref _exchange, exchange);
    }

    /// <summary>Hands over a message of the client.</summary>
    public void Deliver(JsonRpcMessage message) => _incoming.Writer.TryWrite(message);

    /// <summary>Goes back after an exchange that left nothing behind.</summary>
    public void Release()
    {
        Volatile.Write(ref _exchange, null);
        if (_home is null)
        {
            Stop();
        }
        else
        {
            _home.Return(this);
        }
    }

    /// <summary>Takes no more messages; the server is gone when its handlers have run to their end.</summary>
    public void Stop()
    {
        _stopped = true;
        _incoming.Writer.TryComplete();
    }

    /// <summary>Stops, and cancels the handlers once they have been given what was delivered.</summary>
    public async Task CancelAsync()
    {
        Stop();
        await _incoming.Reader.Completion;
        await _cancellation.CancelAsync();
    }

    /// <summary>What the server object sends of its own accord.</summary>
    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        // Replies answer what we asked it ourselves. Changed lists are told once and for all sessions by the notifier, not by each server that happens to be up.
        if (message is JsonRpcResponse or JsonRpcError)
        {
            Volatile.Read(ref _exchange)?.OnPrepared();
        }

        return message is JsonRpcRequest
            ? throw new InvalidOperationException("A client can be asked within one of its requests only. Use the server that the request gives.")
            : Task.CompletedTask;
    }

    // The token source has no timer and nobody asks for its wait handle: there is nothing to dispose of.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task RunAsync()
    {
        try
        {
            await using (Server)
            {
                await Server.RunAsync(_cancellation.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how a server ends whose exchange was cancelled.
        }
        finally
        {
            Stop();
            while (_incoming.Reader.TryRead(out _))
            {
                // What a server that ended by itself was still to be given: nobody is there to read it, and whoever cancels waits until it is read.
            }

            Interlocked.Exchange(ref _exchange, null)?.Host.OnServed();
        }
    }
}
