using System.Collections.Concurrent;

namespace Stateroom.Redis.Scripts;

/// <summary>
/// Sends calls from one thread, once the thread pool comes to it: what calls came together until then goes to Redis in one piece. Sent each where it comes up, they would be as many
/// packets, which cost here and there more than the scripts themselves, and would wait for each other's turn at the connection.
/// </summary>
internal sealed class SendQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<ScriptCall> _calls = new();
    private int _isAwake;

    public void Add(ScriptCall call)
    {
        _calls.Enqueue(call);
        Wake();
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (_calls.TryDequeue(out var call))
        {
            call.Send();
        }

        // Whoever adds one from here on wakes it again; for one that came just before, this does.
        Interlocked.Exchange(ref _isAwake, 0);
        if (!_calls.IsEmpty)
        {
            Wake();
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            // Behind what the pool has to do already, not before it.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
