using System.Collections.Concurrent;
using System.Diagnostics;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// The questions (elicitation, sampling, roots) that calls on this instance have put to their clients. Each server object numbers its own from 1,
/// so a question goes out under an id of ours: the instance that asked, and a part that cannot be guessed.
/// </summary>
internal sealed class Questions
{
    private readonly ISessionBackplane _backplane;
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);

    public Questions(ISessionBackplane backplane, ServerMetrics metrics)
    {
        _backplane = backplane;
        metrics.Meter.CreateObservableGauge(
            StateroomAspNetCoreTelemetry.QuestionsOpen, () => _pending.Count, "{question}", "Questions to clients that are not answered yet.");
    }

    private sealed record Pending(SessionKey Session, Exchange Exchange, RequestId OriginalId, Activity? Span);

    /// <summary>Notes a question.</summary>
    /// <returns>The question as it is to go out.</returns>
    public JsonRpcRequest Ask(SessionKey session, Exchange exchange, JsonRpcRequest question)
    {
        var id = $"{_backplane.InstanceId}.{SessionId.New()}";
        _pending[id] = new Pending(session, exchange, question.Id, QuestionSpan.Start(question, session));
        return new JsonRpcRequest { Id = new RequestId(id), Method = question.Method, Params = question.Params };
    }

    /// <summary>Finds the instance that asked.</summary>
    /// <returns>Its name; null if the id is not one of ours.</returns>
    public static string? InstanceOf(RequestId id) =>
        id.Id is string text && text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? text[..dot] : null;

    /// <summary>Whether a call of a session waits for the answer to a question. Asked before an answer is read, which may be large and made up.</summary>
    public bool IsOpen(SessionKey session, string questionId) => _pending.TryGetValue(questionId, out var pending) && pending.Session == session;

    /// <summary>Gives a client's answer to the call that waits for it.</summary>
    /// <param name="session">The session that the answer came from. An answer to another session's question changes nothing.</param>
    /// <param name="questionId">The id under which the question went out.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>Whether a call waited for it.</returns>
    public bool TryAnswer(SessionKey session, string questionId, JsonRpcMessageWithId answer)
    {
        if (!_pending.TryGetValue(questionId, out var pending) || pending.Session != session || !_pending.TryRemove(new KeyValuePair<string, Pending>(questionId, pending)))
        {
            return false;
        }

        QuestionSpan.End(pending.Span, answer);
        answer.Id = pending.OriginalId;
        pending.Exchange.Host.Deliver(answer);
        return true;
    }

    /// <summary>Forgets a question that nobody waits for any more.</summary>
    public void Withdraw(string questionId)
    {
        if (_pending.TryRemove(questionId, out var pending))
        {
            QuestionSpan.End(pending.Span, answer: null);
        }
    }
}
