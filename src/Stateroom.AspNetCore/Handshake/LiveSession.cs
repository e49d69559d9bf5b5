using ModelContextProtocol.Protocol;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>What this instance holds of a session while it serves it: what runs for it, and open streams. Exists only as long as there are any.</summary>
internal sealed class LiveSession(SessionKey key)
{
    // Most have one run at a time, and no stream.
    private IHandlerRun? _run;
    private List<IHandlerRun>? _otherRuns;
    private List<StreamListener>? _listeners;
    private int _entries;
    private bool _closed;
    private bool _ended;

    public SessionKey Key => key;

    /// <summary>Counts one more who uses this object.</summary>
    /// <returns>False if it is on its way out; a new one is needed.</returns>
    public bool TryEnter()
    {
        lock (this)
        {
            if (_closed)
            {
                return false;
            }

            _entries++;
            return true;
        }
    }

    /// <summary>Counts one less.</summary>
    /// <returns>Whether that was the last, and nothing runs.</returns>
    public bool Leave()
    {
        lock (this)
        {
            _entries--;
            return CloseIfEmpty();
        }
    }

    /// <summary>Takes in what runs from now on, for whoever has entered; it needs no entry of its own.</summary>
    public void Add(IHandlerRun run)
    {
        bool ended;
        lock (this)
        {
            if (_run is null)
            {
                _run = run;
            }
            else
            {
                (_otherRuns ??= []).Add(run);
            }

            ended = _ended;
        }

        if (ended)
        {
            run.End();
        }
    }

    /// <summary>Lets go of what ran.</summary>
    /// <returns>Whether that was the last, and nobody is left who has entered.</returns>
    public bool Remove(IHandlerRun run)
    {
        lock (this)
        {
            if (_run == run)
            {
                _run = null;
            }
            else
            {
                _otherRuns?.Remove(run);
            }

            return CloseIfEmpty();
        }
    }

    public void Add(StreamListener listener)
    {
        lock (this)
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
        lock (this)
        {
            _listeners?.Remove(listener);
        }
    }

    /// <summary>Has all readers of the general stream but one give way. MCP 2025-11-25, Transports, Multiple Connections: a message goes to one stream only.</summary>
    /// <param name="reader">Who reads it now, here or elsewhere.</param>
    public void Take(string reader)
    {
        lock (this)
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
        lock (this)
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
        lock (this)
        {
            _ended = true;
        }

        foreach (var run in Runs())
        {
            run.End();
        }

        lock (this)
        {
            foreach (var listener in _listeners ?? [])
            {
                listener.Close();
            }
        }
    }

    private bool CloseIfEmpty() => _closed = _entries == 0 && _run is null && _otherRuns is not { Count: > 0 };

    private IHandlerRun[] Runs()
    {
        lock (this)
        {
            return _run is null ? [.. _otherRuns ?? []] : [_run, .. _otherRuns ?? []];
        }
    }
}
