using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The sessions that this instance is serving at the moment, and how signals from anywhere reach them.</summary>
internal sealed class LiveSessions : IDisposable
{
    private readonly ConcurrentDictionary<SessionKey, LiveSession> _sessions = new();
    private readonly Questions _questions;
    private readonly IDisposable _subscription;

    public LiveSessions(ISessionBackplane backplane, Questions questions)
    {
        _questions = questions;
        _subscription = backplane.Subscribe(OnSignal);
    }

    /// <summary>Begins to serve a session. To be called before the session is looked up, so that an ending that comes meanwhile is not missed.</summary>
    public LiveSession Enter(SessionKey key)
    {
        while (true)
        {
            var session = _sessions.GetOrAdd(key, static key => new LiveSession(key));
            if (session.TryEnter())
            {
                return session;
            }

            Forget(session);
        }
    }

    /// <summary>Lets go of what ran for a session.</summary>
    public void Remove(LiveSession session, IHandlerRun run)
    {
        if (session.Remove(run))
        {
            Forget(session);
        }
    }

    public void Leave(LiveSession session)
    {
        if (session.Leave())
        {
            Forget(session);
        }
    }

    /// <summary>What is being served right now.</summary>
    public IReadOnlyCollection<LiveSession> Snapshot() => [.. _sessions.Values];

    public void Dispose() => _subscription.Dispose();

    private void Forget(LiveSession session) => _sessions.TryRemove(new KeyValuePair<SessionKey, LiveSession>(session.Key, session));

    private ValueTask OnSignal(SessionSignal signal, CancellationToken cancellationToken)
    {
        switch (signal)
        {
            case SessionSignal.Answer answer when _questions.IsOpen(answer.Session, answer.QuestionId):
                _questions.TryAnswer(answer.Session, answer.QuestionId, (JsonRpcMessageWithId)JsonRpc.Parse(answer.Message.Span));
                break;
            case SessionSignal.Cancel cancel when _sessions.TryGetValue(cancel.Session, out var session):
                session.Cancel(RequestIdText.Parse(cancel.RequestId));
                break;
            case SessionSignal.Ended ended when _sessions.TryGetValue(ended.Session, out var session):
                session.End();
                break;
            case SessionSignal.Nudge nudge when _sessions.TryGetValue(nudge.Session, out var session):
                session.Nudge(nudge.Stream);
                break;
            case SessionSignal.Taken taken when _sessions.TryGetValue(taken.Session, out var session):
                session.Take(taken.Reader);
                break;
            case SessionSignal.Resync:
                foreach (var session in _sessions.Values)
                {
                    session.Nudge(stream: null);
                }

                break;
        }

        return ValueTask.CompletedTask;
    }
}
