using ModelContextProtocol.Protocol;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>What this instance holds of a session while it serves it: what runs for it, and open streams. Exists only as long as there are any.</summary>
internal sealed class LiveSession(SessionKey key)
{
    private readonly Lock _lock = new();
    private readonly List<IHandlerRun> _runs = new(capacity: 1); // Most have one at a time, and no stream.
    private List<StreamListener>? _listeners;
    private int _references;
    private bool _closed;
    private bool _ended;

    public SessionKey Key => key;

    /// <summary>Counts one more who uses this object.</summary>
    /// <returns>False if it is on its way out; a new one is needed.</returns>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _references++;
            return true;
        }
    }

    /// <summary>Counts one less.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Leave()
    {
        lock (_lock)
        {
            return _closed = --_references == 0;
        }
    }

    public void Add(IHandlerRun run)
    {
        bool ended;
        lock (_lock)
        {
            _runs.Add(run);
            ended = _ended;
        }

        if (ended)
        {
            run.End();
        }
    }

    public void Remove(IHandlerRun run)
    {
        lock (_lock)
        {
            _runs.Remove(run);
        }
    }

    public void Add(StreamListener listener)
    {
        lock (_lock)
        {
            _listeners ??= [];
            _listeners.Add(listener);
            if (_ended)
            {
                listener.Close();
            }
        }
    }

    public void Remove(StreamListener listener)
    {
        lock (_lock)
        {
            _listeners?.Remove(listener);
        }
    }

    /// <summary>Has all readers of the general stream but one give way. MCP 2025-11-25, Transports, Multiple Connections: a message goes to one stream only.</summary>
    /// <param name="reader">Who reads it now, here or elsewhere.</param>
    public void Take(string reader)
    {
        lock (_lock)
        {
            foreach (var listener in _listeners ?? [])
            {
                if (listener.Stream == StreamNames.General && listener.Reader != reader)
                {
                    listener.Close();
                }
            }
        }
    }

    /// <summary>Tells those who read a stream that there is something new in it.</summary>
    /// <param name="stream">The stream; null for all of them.</param>
    public void Nudge(string? stream)
    {
        lock (_lock)
        {
            foreach (var listener in _listeners ?? [])
            {
                if (stream is null || string.Equals(listener.Stream, stream, StringComparison.Ordinal))
                {
                    listener.Signal();
                }
            }
        }
    }

    /// <summary>Cancels the calls that a client numbered with this id. A client that gives one id to several calls at once loses them all.</summary>
    public void Cancel(RequestId id)
    {
        foreach (var exchange in Runs().OfType<Exchange>())
        {
            if (exchange.Request.Id == id)
            {
                exchange.Cancel();
            }
        }
    }

    /// <summary>Has its calls go on without their client.</summary>
    public void GiveUpQuestions()
    {
        foreach (var exchange in Runs().OfType<Exchange>())
        {
            exchange.GiveUpQuestions();
        }
    }

    /// <summary>Done when the handlers that run now have run to their end.</summary>
    public Task WhenHandledAsync() => Task.WhenAll(Runs().Select(run => run.Handled));

    /// <summary>Ends all that is going on: the session is over.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }

        foreach (var run in Runs())
        {
            run.End();
        }

        lock (_lock)
        {
            foreach (var listener in _listeners ?? [])
            {
                listener.Close();
            }
        }
    }

    private IHandlerRun[] Runs()
    {
        lock (_lock)
        {
            return [.. _runs];
        }
    }
}
