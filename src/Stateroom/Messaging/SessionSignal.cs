using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Something that instances tell each other. Signals hurry; they are not the truth, which is in the stores.</summary>
public abstract record SessionSignal
{
    private SessionSignal()
    {
    }

    /// <summary>A client answered a question that an instance asked.</summary>
    /// <param name="Session">The session whose client answered; checked against the session that was asked.</param>
    /// <param name="Instance">The instance that asked.</param>
    /// <param name="QuestionId">The id under which it asked.</param>
    /// <param name="Message">The JSON-RPC response, UTF-8.</param>
    public sealed record Answer(SessionKey Session, string Instance, string QuestionId, ReadOnlyMemory<byte> Message) : SessionSignal;

    /// <summary>A client withdrew a request.</summary>
    /// <param name="Session">The session whose client withdrew it.</param>
    /// <param name="RequestId">The client's own id of the request, as JSON: <c>1</c> and <c>"1"</c> differ.</param>
    public sealed record Cancel(SessionKey Session, string RequestId) : SessionSignal;

    /// <summary>A session is gone. Its calls are cancelled, its streams closed, what is cached for it dropped.</summary>
    /// <param name="Session">The session.</param>
    public sealed record Ended(SessionKey Session) : SessionSignal;

    /// <summary>A session's outbox holds something new.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Stream">The stream.</param>
    public sealed record Nudge(SessionKey Session, string Stream) : SessionSignal;

    /// <summary>A client opened a session's general stream. Whoever read it before gives way: a message goes to one stream only.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Reader">Names the new reader, so that it does not give way to itself.</param>
    public sealed record Taken(SessionKey Session, string Reader) : SessionSignal;

    /// <summary>Something that clients may listen for has changed.</summary>
    /// <param name="Tenant">Whose clients are told; null for everybody's.</param>
    /// <param name="Topic">What has changed.</param>
    public sealed record Changed(TenantId? Tenant, Topic Topic) : SessionSignal;

    /// <summary>Signals may have been lost, as after a broken connection: look again into the outbox. Concerns this instance alone.</summary>
    public sealed record Resync : SessionSignal;
}
