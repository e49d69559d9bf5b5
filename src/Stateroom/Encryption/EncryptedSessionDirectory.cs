using Stateroom.Administration;
using Stateroom.Sessions;

namespace Stateroom.Encryption;

/// <summary>Shows administration what clients said of themselves where the store holds it encrypted. What cannot be read is left out: the session is there all the same.</summary>
internal sealed class EncryptedSessionDirectory(ISessionDirectory inner, ContentProtector protector) : ISessionDirectory
{
    public ValueTask<TenantPage> ListTenantsAsync(TenantRooms? after, int limit, CancellationToken cancellationToken) => inner.ListTenantsAsync(after, limit, cancellationToken);

    public ValueTask<SessionCount> CountSessionsAsync(TenantRooms tenant, CancellationToken cancellationToken) => inner.CountSessionsAsync(tenant, cancellationToken);

    public async ValueTask<SessionPage> ListSessionsAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        var page = await inner.ListSessionsAsync(query, cancellationToken);
        return page with { Sessions = [.. page.Sessions.Select(Open)] };
    }

    private SessionSummary Open(SessionSummary session)
    {
        try
        {
            return session with { Client = protector.Open(session.Client, Place.Client(session.Caller, session.Key.Id), tell: false) ?? ReadOnlyMemory<byte>.Empty };
        }
        catch (SessionStoreUnavailableException)
        {
            return session with { Client = ReadOnlyMemory<byte>.Empty };
        }
    }
}
