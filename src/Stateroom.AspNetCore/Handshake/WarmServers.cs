using System.Collections.Concurrent;
using Microsoft.Extensions.ObjectPool;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Servers for clients of one kind that are up and have nothing to do.</summary>
internal sealed class WarmServers(Func<ObjectPool<RaisedServer>, RaisedServer> raise) : ObjectPool<RaisedServer>, IDisposable
{
    private const int MaxIdle = 32;

    // Whatever handlers may have left on a server object goes with it.
    private const int MaxUses = 10_000;

    private readonly ConcurrentQueue<RaisedServer> _idle = new();
    private int _count;
    private volatile bool _closed;

    public override RaisedServer Get()
    {
        while (_idle.TryDequeue(out var server))
        {
            Interlocked.Decrement(ref _count);
            if (!server.IsStopped)
            {
                return server;
            }
        }

        return raise(this);
    }

    public override void Return(RaisedServer obj)
    {
        if (_closed || obj.Uses >= MaxUses)
        {
            obj.Stop();
            return;
        }

        if (Interlocked.Increment(ref _count) > MaxIdle)
        {
            Interlocked.Decrement(ref _count);
            obj.Stop();
            return;
        }

        _idle.Enqueue(obj);
        if (_closed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryDequeue(out var server))
        {
            server.Stop();
        }
    }
}
