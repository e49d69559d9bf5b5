using System.Collections.Concurrent;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Servers for clients of one kind that are up and have nothing to do.</summary>
internal sealed class WarmServers(Func<WarmServers, RaisedServer> raise) : IDisposable
{
    private const int MaxIdle = 32;

    // Whatever handlers may have left on a server object goes with it.
    private const int MaxUses = 10_000;

    private readonly ConcurrentQueue<RaisedServer> _idle = new();
    private int _count;
    private volatile bool _closed;

    /// <summary>Takes one that is up, or raises another.</summary>
    public RaisedServer Get()
    {
        while (_idle.TryDequeue(out var idle))
        {
            Interlocked.Decrement(ref _count);
            if (!idle.IsStopped)
            {
                return idle;
            }
        }

        return raise(this);
    }

    /// <summary>Takes one back whose exchange left nothing behind.</summary>
    public void Return(RaisedServer server)
    {
        if (_closed || server.Uses >= MaxUses)
        {
            server.Stop();
            return;
        }

        if (Interlocked.Increment(ref _count) > MaxIdle)
        {
            Interlocked.Decrement(ref _count);
            server.Stop();
            return;
        }

        _idle.Enqueue(server);
        if (_closed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryDequeue(out var idle))
        {
            idle.Stop();
        }
    }
}
