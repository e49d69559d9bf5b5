using System.Collections.Immutable;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Encryption;

/// <summary>Encrypts what a store holds of sessions. A session of which something cannot be read is not found, as one that has ended: its client starts anew.</summary>
internal sealed class EncryptedSessionStore(ISessionStore inner, ContentProtector protector) : ISessionStore
{
    /// <summary>The store that holds what is encrypted here.</summary>
    public ISessionStore Inner => inner;

    public async ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var creation = await inner.CreateAsync(
            session with
            {
                Client = protector.Seal(session.Client, Place.Client(session.Caller, session.Id)),
                State = [.. session.State.Select(s => KeyValuePair.Create(s.Key, protector.Seal(s.Value, Place.State(session.Caller, session.Id, s.Key))))],
            },
            cancellationToken);
        return creation.Session is { } created ? creation with { Session = Open(created, session.Caller) } : creation;
    }

    public async ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken) =>
        await inner.TouchAsync(claim, cancellationToken) is { } session ? Open(session, claim.Caller) : null;

    public async ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken)
    {
        var place = Place.State(claim.Caller, claim.Id, write.Name);
        var stored = write.Data is { } data ? write with { Data = protector.Seal(data, place) } : write;
        var result = await inner.WriteStateAsync(claim, stored, cancellationToken);
        if (result.Entry is not { Exists: true } entry || protector.IsPlain(entry.Data))
        {
            return result;
        }

        // Of a conflict the entry is somebody else's; it counts as an ended session like any other that cannot be read.
        return protector.Open(entry.Data, place) is { } opened ? result with { Entry = entry with { Data = opened } } : new(StateWriteStatus.NotFound);
    }

    public ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken) => inner.EndAsync(claim, cancellationToken);

    public async ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var sessions = await inner.ListAsync(caller, era, cancellationToken);
        return [.. sessions.Select(session => Open(session, caller)).OfType<SessionRecord>()];
    }

    private SessionRecord? Open(SessionRecord session, Caller caller)
    {
        if (IsPlain(session))
        {
            return session;
        }

        if (protector.Open(session.Client, Place.Client(caller, session.Key.Id)) is not { } client)
        {
            return null;
        }

        var state = ImmutableArray.CreateBuilder<StateEntry>(session.State.Length);
        foreach (var entry in session.State)
        {
            if (protector.Open(entry.Data, Place.State(caller, session.Key.Id, entry.Name)) is not { } data)
            {
                return null;
            }

            state.Add(entry with { Data = data });
        }

        return session with { Client = client, State = state.MoveToImmutable() };
    }

    private bool IsPlain(SessionRecord session)
    {
        foreach (var entry in session.State)
        {
            if (!protector.IsPlain(entry.Data))
            {
                return false;
            }
        }

        return protector.IsPlain(session.Client);
    }
}
