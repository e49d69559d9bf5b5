using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// The questions (elicitation, sampling, roots) that calls on this instance have put to their clients. Each server object numbers its own from 1,
/// so a question goes out under an id of ours: the instance that asked, and a part that cannot be guessed.
/// </summary>
internal sealed class Questions(ISessionBackplane backplane)
{
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);

    private sealed record Pending(SessionKey Session, Exchange Exchange, RequestId OriginalId);

    /// <summary>Notes a question.</summary>
    /// <returns>The id under which it is to go out.</returns>
    public string Ask(SessionKey session, Exchange exchange, RequestId originalId)
    {
        var id = $"{backplane.InstanceId}.{SessionId.New()}";
        _pending[id] = new Pending(session, exchange, originalId);
        return id;
    }

    /// <summary>Finds the instance that asked.</summary>
    /// <returns>Its name; null if the id is not one of ours.</returns>
    public static string? InstanceOf(RequestId id) =>
        id.Id is string text && text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? text[..dot] : null;

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

        answer.Id = pending.OriginalId;
        pending.Exchange.Deliver(answer);
        return true;
    }

    /// <summary>Forgets a question that nobody waits for any more.</summary>
    public void Withdraw(string questionId) => _pending.TryRemove(questionId, out _);
}
